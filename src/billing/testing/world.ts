// A sandbox and a billing in one process, on a virtual clock, with a network between them that breaks on demand. For
// tests of billing itself; users of the package have src/testing.
import { createHmac } from "node:crypto";
import Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { type TestPorts, testPorts } from "#kit/create_ports.ts";
import { createIds } from "#kit/ids.ts";
import type { Fetch } from "#kit/ports.ts";
import { seededRandom } from "#kit/random.ts";
import { createSandbox, type Sandbox } from "../../sandbox/index.ts";
import { untilSettled } from "../../testing/driven.ts";
import { createIncarnation, type Incarnation } from "../../testing/incarnation.ts";
import { type Billing, type BillingOptions, createBilling, type Fact, factTypes } from "../index.ts";
import { facts as factTable } from "../resources/index.ts";

export const stripeUrl = "http://127.0.0.1:12111";
export const billingUrl = "http://127.0.0.1:12222";
export const webhookSecret = "whsec_of_the_test_world";
export const secretKey = "sk_test_world";

/** lost: it never arrives. unheard: it is executed, and the answer is lost. A number: answered so, not executed. */
export type FaultKind = "lost" | "unheard" | "replayed_500" | number;

interface Fault {
  readonly request: string;
  readonly kind: FaultKind;
  left: number;
}

export interface World {
  readonly ports: TestPorts;
  readonly sandbox: Sandbox;
  readonly billing: Billing;
  /** The official SDK with the secret key: a human in the Dashboard. */
  readonly stripe: Stripe;
  readonly facts: Fact[];
  readonly log: string[];
  /** Requests of billing to Stripe so far: "POST /v1/refunds". */
  readonly requests: string[];
  /** Breaks the next `times` requests that begin so. */
  fail(request: string, kind: FaultKind, times?: number): void;
  /** The network is whole again. */
  mend(): void;
  /** Webhooks are dropped while this is false. */
  setWebhooks(areOn: boolean): void;
  /** Awaits something of billing's, moving the clock while it waits. */
  run<T>(work: Promise<T>): Promise<T>;
  advance(ms: number): Promise<void>;
  /** The payer's browser: confirms the order's PaymentIntent with a test card. */
  pay(orderId: string, card: string): Promise<Stripe.PaymentIntent>;
  /** A signed webhook, as Stripe or somebody else would send it. */
  deliver(event: unknown, options?: { secret?: string; ageMs?: number; header?: string }): Promise<number>;
  /** Another process on the same database: its own connections and its own chance, no workers. */
  twin(): Promise<Billing>;
  /** The ports of another process, which can be killed; `killAt` as in src/testing/incarnation.ts. */
  life(killAt?: number): Incarnation;
  /** Another process in a life that can be killed. */
  mortalTwin(killAt?: number): Promise<{ billing: Billing; life: Incarnation }>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly url: string;
  readonly seed?: number;
  readonly handlers?: (billing: Billing) => void;
  readonly options?: Partial<BillingOptions>;
  readonly isStarted?: boolean;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const network: Network = { faults: [], requests: [], areWebhooksOn: true };
  const log: string[] = [];
  const ports = testPorts({ seed: options.seed ?? 1, fetch: refuse, write: (line) => log.push(line) });
  const sandbox = createSandbox({
    ...ports,
    baseUrl: stripeUrl,
    webhookEndpoints: [{ key: secretKey, url: `${billingUrl}/webhooks/stripe`, secret: webhookSecret }],
    fetch: async (input, init) => {
      if (!network.areWebhooksOn) return new Response("", { status: 500 });
      return billing.fetch(new Request(input, init));
    },
  });
  sandbox.start();
  const run = <T>(work: Promise<T>) => untilSettled(ports.clock, work);
  const fetch = brokenFetch(network, sandbox);
  const billing = await run(createBilling({ ...optionsFor(options.url), ...options.options }, { ...ports, fetch }));
  const facts: Fact[] = [];
  const twins: Billing[] = [];
  for (const type of factTypes) {
    billing.on(type, (fact) => void facts.push(asDeclared(fact as Fact)), { id: `recorder:${type}` });
  }
  options.handlers?.(billing);
  if (options.isStarted !== false) await run(billing.start());
  const stripe = official(secretKey, (input, init) => sandbox.fetch(new Request(input, init)));
  const browser = official("pk_test_world", (input, init) => sandbox.fetch(new Request(input, init)));
  const world: World = {
    ports,
    sandbox,
    billing,
    stripe,
    facts,
    log,
    requests: network.requests,
    fail: (request, kind, times = 1) => void network.faults.push({ request, kind, left: times }),
    mend: () => {
      network.faults.length = 0;
    },
    setWebhooks: (areOn) => {
      network.areWebhooksOn = areOn;
    },
    run,
    advance: (ms) => ports.clock.advance(ms),
    async pay(orderId, card) {
      const { clientSecret } = await run(billing.orders.checkout(orderId));
      const [id] = clientSecret.split("_secret_");
      const params = { client_secret: clientSecret, payment_method: card, return_url: `${billingUrl}/back` };
      const paid = await run(browser.paymentIntents.confirm(id as string, params));
      return paid;
    },
    deliver: (event, delivery = {}) => deliver(world, event, delivery),
    ...twinsOf({ options, ports, fetch, run, twins }),
    async close() {
      for (const twin of twins) await run(twin.close());
      await run(billing.close());
      await run(sandbox.close());
    },
  };
  return world;
}

function twinsOf(input: {
  options: WorldOptions;
  ports: TestPorts;
  fetch: Fetch;
  run: World["run"];
  twins: Billing[];
}): Pick<World, "twin" | "life" | "mortalTwin"> {
  const { options, ports, fetch, run, twins } = input;
  const seed = options.seed ?? 1;
  const all = { ...optionsFor(options.url), ...options.options };
  const life = (killAt?: number) =>
    createIncarnation({ world: ports, seed, number: 2, fetch, ...(killAt && { killAt }) });
  return {
    life,
    async twin() {
      const random = (stream: string) => seededRandom(seed, `twin ${stream}`);
      const own = { ...ports, fetch, random, ids: createIds(random("ids")) };
      const twin = await run(createBilling(all, own));
      twins.push(twin);
      return twin;
    },
    async mortalTwin(killAt) {
      const mortal = life(killAt);
      return { life: mortal, billing: await run(createBilling(all, mortal.ports)) };
    },
  };
}

/** What createBilling needs, for a database. */
export function optionsFor(url: string): BillingOptions {
  return {
    stripe: { secretKey, publishableKey: "pk_test_world", webhookSecrets: [webhookSecret], apiBase: stripeUrl },
    database: url,
    publicUrl: billingUrl,
  };
}

/** An order of 25 €, created. */
export async function createOrder(
  world: World,
  id: string,
  more: Partial<Parameters<Billing["orders"]["create"]>[0]> = {},
) {
  const lines = [{ description: "Tea", quantity: 2, unitAmount: 1250 }];
  return world.run(world.billing.orders.create({ id, currency: "eur", lines, ...more }));
}

interface Network {
  readonly faults: Fault[];
  readonly requests: string[];
  areWebhooksOn: boolean;
}

/** What is told is what its table says, to the letter: nothing is missing, nothing beside it. */
function asDeclared(fact: Fact): Fact {
  factTable[fact.type].data.parse(fact.data);
  return fact;
}

function refuse(): Promise<Response> {
  return Promise.reject(new TypeError("fetch failed", { cause: new Error("This world has no other network") }));
}

function brokenFetch(network: Network, sandbox: Sandbox): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const line = `${request.method} ${new URL(request.url).pathname}`;
    network.requests.push(line);
    const fault = network.faults.find((one) => one.left > 0 && line.startsWith(one.request));
    if (!fault) return sandbox.fetch(request);
    fault.left--;
    if (fault.kind === "lost") throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
    if (typeof fault.kind === "number") return failure(fault.kind);
    await sandbox.fetch(request);
    if (fault.kind === "unheard") throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
    return failure(500, { "idempotent-replayed": "true" });
  };
}

function failure(status: number, headers: Record<string, string> = {}): Response {
  const error = { type: status === 402 ? "card_error" : "api_error", message: `A fault of ${status}` };
  return new Response(JSON.stringify({ error }), { status, headers });
}

async function deliver(
  world: World,
  event: unknown,
  delivery: { secret?: string; ageMs?: number; header?: string },
): Promise<number> {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const timestamp = Math.floor((world.ports.clock.now() - (delivery.ageMs ?? 0)) / secondMs);
  const secret = delivery.secret ?? webhookSecret;
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  const headers = { "stripe-signature": delivery.header ?? `t=${timestamp},v1=${signature}` };
  const request = new Request(`${billingUrl}/webhooks/stripe`, { method: "POST", body, headers });
  return (await world.run(world.billing.fetch(request))).status;
}

function official(key: string, fetch: Fetch): Stripe {
  return new Stripe(key, {
    host: "127.0.0.1",
    port: 12111,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(fetch),
  });
}
