// createSandbox() is the only door of the sandbox: a local Stripe as a fetch handler, on TCP, and on a unix socket.
import type { Instant } from "#kit/clock.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { createIds } from "#kit/ids.ts";
import { silentLog } from "#kit/log.ts";
import type { Fetch, Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { seededRandom } from "#kit/random.ts";
import { createDelivery, type DeliveryOptions, retryPausesMs } from "./delivery/delivery.ts";
import { retryRoute } from "./delivery/retry.ts";
import { createStripeCli } from "./delivery/stripecli/index.ts";
import { type Attempt, createAttempts } from "./kernel/keep/attempts.ts";
import { createHistory, type History } from "./kernel/keep/history.ts";
import { openJournal } from "./kernel/keep/journal.ts";
import { applyBatches, type Kept, parseSnapshot, writeSnapshot } from "./kernel/keep/snapshot.ts";
import { accountOfKey, createAccounts, revokeKey } from "./kernel/state/accounts.ts";
import type { Noun, StripeObject } from "./kernel/state/noun.ts";
import type { Resource } from "./kernel/state/resource.ts";
import { find } from "./kernel/state/store.ts";
import { collectionOf, commit, schedule, tickUnit, type Unit } from "./kernel/state/unit.ts";
import type { Jobs, Reaction, SandboxLine, World } from "./kernel/state/world.ts";
import { createAgenda } from "./kernel/time/agenda.ts";
import { movableClock } from "./kernel/time/movable_clock.ts";
import { createPending, type PendingRecord } from "./kernel/time/pending.ts";
import type { Settlement } from "./kernel/time/settlement.table.ts";
import { assertVersion } from "./kernel/versions/families.ts";
import { createCore } from "./kernel/wire/core.ts";
import { createFaults, type FaultRule, type Faults } from "./kernel/wire/faults.ts";
import { fetchAnswer, type HttpOptions, type Listening, listenOnSocket, listenOnTcp } from "./kernel/wire/http.ts";
import { createPages } from "./kernel/wire/pages.ts";
import { createRouter } from "./kernel/wire/router.ts";
import { plantSeed, type Seed } from "./kernel/wire/seed.ts";
import { pageRoutes } from "./pages/index.ts";
import { insideRoutes } from "./pages/inside/index.ts";
import { countDelivered, recordEvents } from "./resources/events/index.ts";
import { resources } from "./resources/index.ts";
import { machines } from "./resources/machines.ts";
import { searchRoutes } from "./resources/search.ts";
import {
  createEndpoint,
  endpointsFor,
  rollSecret,
  rollTimeMaxMs,
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpoints,
} from "./resources/webhook_endpoints/index.ts";

export type { Attempt } from "./kernel/keep/attempts.ts";
export type { SandboxLine } from "./kernel/state/world.ts";
export type { Settlement } from "./kernel/time/settlement.table.ts";
export type { Fault, FaultRule, Faults } from "./kernel/wire/faults.ts";
export type { PageRequest, PageRoute } from "./kernel/wire/pages.ts";
export type { Seed } from "./kernel/wire/seed.ts";

export interface EndpointOption {
  /** The secret key whose account it belongs to. */
  readonly key: string;
  readonly url: string;
  /** `whsec_…`, known beforehand, so that nobody has to read it out of an answer. */
  readonly secret: string;
  readonly enabled_events?: readonly string[];
  readonly api_version?: string;
}

type SandboxPorts = Pick<Ports, "clock" | "random" | "ids" | "fetch" | "log" | "run">;

/** Ports that are not given are the machine's own. */
export interface SandboxOptions extends Partial<SandboxPorts> {
  /** Where browsers reach it; `listen` sets it when it is not given. */
  readonly baseUrl?: string;
  readonly webhookEndpoints?: readonly EndpointOption[];
  /** `{ pk_test_a: "sk_test_b" }` for keys whose suffixes differ. */
  readonly keyPairs?: Readonly<Record<string, string>>;
  /** Only these secret keys are accounts. */
  readonly keys?: readonly string[];
  /** The API version of calls and endpoints that name none; the newest when it is not given. */
  readonly defaultVersion?: string;
  /** Versions that Stripe never gave out are read by their date instead of being refused. */
  readonly tolerateUnknownVersions?: boolean;
  readonly allowHosts?: readonly string[];
  /** Hosts beside loopback that deliveries may go to. */
  readonly deliverTo?: readonly string[];
  /**
   * Pauses before the second, third … try of a delivery: a list, or `"live"` (the default: three days, as what is
   * tested here is to run in live mode) or `"test"` (three more tries over a few hours).
   */
  readonly retryPausesMs?: readonly number[] | "live" | "test";
  /**
   * How long banks take: `"test"` (the default) as in Stripe's test mode, where a debit is paid after two seconds;
   * `"real"` as in life, where it is `processing` for six banking days. https://docs.stripe.com/payments/sepa-debit
   */
  readonly settlement?: Settlement;
  /** What goes wrong from the start: `[{ kind: "delivery_dropped", type: "charge.*", chance: 0.1 }]`. */
  readonly faults?: readonly FaultRule[];
  /** Faults of chance happen alike in every run with the same number; without it they come from the ports' chance. */
  readonly faultSeed?: number;
  /** A folder in which everything outlives the process, a kill included. */
  readonly dataFolder?: string | undefined;
  /** Told of every move, event and delivery. */
  readonly onLine?: (line: SandboxLine) => void;
}

export interface Sandbox {
  /** The whole sandbox in this process: `fetch(new Request("http://sandbox/v1/customers", …))`. */
  fetch: Fetch;
  /** `socketPath` is a unix socket to listen on as well, for the official CLI: `STRIPE_CLI_UNIX_SOCKET`. */
  listen(where: { port: number; host?: string; socketPath?: string }): Promise<Listening>;
  listenOnSocket(path: string): Promise<Listening>;
  /** Begins to deliver and to let time do its work. `listen` does it too. */
  start(): void;
  /** Every try of every delivery, oldest first. */
  attempts(): readonly Attempt[];
  /** What goes wrong on purpose: `sandbox.faults.add({ kind: "server_error", path: "/v1/refunds" })`. */
  readonly faults: Faults;
  /** Puts an object down under an id of your choice: `seed({ key, path: "/v1/customers", id: "cus_ada" })`. */
  seed(seed: Seed): StripeObject;
  /**
   * All accounts, objects, kept answers, tries of deliveries, faults that were added, revoked keys, and what is still
   * to be done, as text for `restore`.
   */
  snapshot(): string;
  /** Back to what a snapshot says. Throws a RangeError, and changes nothing, when the text is no whole snapshot. */
  restore(snapshot: string): void;
  /** From now on the key answers 401. */
  revoke(key: string): void;
  /**
   * Gives a webhook endpoint (`we_…`) a new signing secret and answers it. The old one signs beside it for
   * `oldEndsInMs` more: none when absent, a day at most. Throws a RangeError.
   * https://docs.stripe.com/webhooks#roll-endpoint-secrets
   */
  rollSecret(endpoint: string, options?: { readonly oldEndsInMs?: number }): string;
  close(): Promise<void>;
}

/**
 * A local Stripe. It answers at once; `start` (or `listen`) lets deliveries and time begin.
 * @example
 * const sandbox = createSandbox();
 * const httpClient = Stripe.createFetchHttpClient(sandbox.fetch);
 * const stripe = new Stripe("sk_test_x", { httpClient, telemetry: false });
 */
export function createSandbox(given: SandboxOptions = {}): Sandbox {
  const options: SandboxOptions & SandboxPorts = { ...systemPorts({ log: silentLog() }), ...given };
  const { run } = options;
  let baseUrl = options.baseUrl ?? "http://127.0.0.1";
  const { world, delivery, stripeCli, router, http, take, faults } = createParts(options, () => baseUrl);
  if (options.dataFolder !== undefined) {
    const { journal, kept } = openJournal(world, options.dataFolder);
    take(kept);
    world.journal = journal;
    journal.rewrite();
  }
  for (const endpoint of options.webhookEndpoints ?? []) register(world, endpoint);

  const loops: { stop(): void; stopped: Promise<void> }[] = [];
  const listening: Listening[] = [];
  const start = (): void => {
    if (loops.length === 0) loops.push(run("sandbox.agenda", world.agenda.loop));
  };
  return {
    fetch: (input, init) => fetchAnswer(http, new Request(input, init)),
    async listen({ port, host = "127.0.0.1", socketPath }) {
      const opened = await listenOnTcp(http, { port, host });
      listening.push(opened);
      if (!options.baseUrl) baseUrl = opened.url;
      if (socketPath) listening.push(await listenOnSocket(http, socketPath));
      start();
      return opened;
    },
    async listenOnSocket(path) {
      const opened = await listenOnSocket(http, path);
      listening.push(opened);
      start();
      return opened;
    },
    start,
    attempts: world.attempts.all,
    faults,
    seed: (seed) => plantSeed(world, router, seed),
    snapshot: () => writeSnapshot(world),
    restore(snapshot) {
      const batches = parseSnapshot(snapshot);
      forgetAll(world);
      delivery.forget();
      take(applyBatches(world, batches));
      world.journal?.rewrite();
    },
    revoke: (key) => revokeNow(world, key),
    rollSecret: (endpoint, { oldEndsInMs = 0 } = {}) => rollAnywhere(world, endpoint, oldEndsInMs),
    async close() {
      stripeCli.close();
      for (const opened of listening.splice(0)) await opened.close();
      delivery.close();
      for (const loop of loops.splice(0)) {
        loop.stop();
        await loop.stopped;
      }
      world.journal?.close();
    },
  };
}

function createParts(options: SandboxOptions & SandboxPorts, baseUrl: () => string) {
  const clock = movableClock(options.clock);
  const history = createHistory();
  const edges = { baseUrl, publish: (unit: Unit) => publish(unit) };
  const world = createWorld({ ...options, clock, onLine: watched(history, options.onLine) }, edges);
  const { retryPausesMs: pauses = "live" } = options;
  const deliveryOptions: DeliveryOptions = {
    fetch: options.fetch,
    run: options.run,
    deliverTo: options.deliverTo ?? [],
    pausesMs: typeof pauses === "string" ? retryPausesMs[pauses] : pauses,
    delivered: countDelivered,
  };
  const delivery = createDelivery(world, deliveryOptions);
  const stripeCli = createStripeCli(world);
  const publish = (unit: Unit): void => {
    const recorded = recordEvents(unit, (type) => endpointsFor(unit, type).length);
    for (const event of recorded) {
      delivery.offer(unit, event, endpointsFor(unit, event.type));
      stripeCli.offer(unit, event);
    }
  };
  const ofResources = world.resources.flatMap((resource) => resource.routes);
  const routes = [...ofResources, ...searchRoutes, ...stripeCli.routes, retryRoute(delivery, stripeCli)];
  const router = createRouter(routes);
  const core = createCore(world, router, stripeCli.served);
  const faults = keptAtOnce(world);
  const inside = insideRoutes({
    world,
    history,
    faults,
    machines,
    operations: routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`),
    attempts: world.attempts.all,
    rollSecret: (endpoint, oldEndsInMs) => rollAnywhere(world, endpoint, oldEndsInMs),
    secretsOf: (endpoint) => signingSecrets(endpoint as WebhookEndpoint), // Given endpoints only.
    revoke: (key) => revokeNow(world, key),
    token: createIds(options.random("sandbox.inside")).text(32),
    advance: async (ms) => {
      await clock.advance(ms, world.agenda.nextAt);
      world.journal?.noteTime();
    },
  });
  const http: HttpOptions = {
    core,
    pages: createPages([...pageRoutes, ...inside], core),
    allowHosts: options.allowHosts ?? [],
    upgrade: stripeCli.upgrade,
  };
  /** What a snapshot says is still to be done goes back on the agenda; its time does not run backwards. */
  const take = ({ pending, lastAt }: Kept): void => {
    clock.notBefore?.(lastAt);
    for (const { at, record } of pending) {
      if (record.kind === "delivery") delivery.resume(at, record);
      else resumeJob(world, at, record);
    }
  };
  return { world, delivery, stripeCli, router, http, take, faults };
}

function revokeNow(world: World, key: string): void {
  revokeKey(world.accounts, key);
  world.journal?.flush();
}

/** Outside of any call, so nobody else would write down what was changed. */
function keptAtOnce(world: World): Faults {
  const thenKept =
    <G extends readonly unknown[], A>(work: (...given: G) => A) =>
    (...given: G): A => {
      const answer = work(...given);
      world.journal?.flush();
      return answer;
    };
  const { add, remove, clear, list } = world.faults;
  return { add: thenKept(add), remove: thenKept(remove), clear: thenKept(clear), list };
}

function rollAnywhere(world: World, id: string, oldEndsInMs: number): string {
  if (!(oldEndsInMs >= 0 && oldEndsInMs <= rollTimeMaxMs)) {
    throw new RangeError(`An old secret signs for 0 to ${rollTimeMaxMs} ms more (a day), not for ${oldEndsInMs}.`);
  }
  const owner = [...world.accounts.byId.values()].find(({ collections }) => {
    const endpoints = collections.get(webhookEndpoints.object);
    return endpoints && find(endpoints, id);
  });
  if (!owner) throw new RangeError(`There is no webhook endpoint ${id}.`);
  const unit = tickUnit(world, owner);
  const secret = rollSecret(unit, id, oldEndsInMs);
  commit(unit);
  world.journal?.flush();
  return secret;
}

function resumeJob(world: World, at: Instant, record: PendingRecord & { readonly kind: "job" }): void {
  const account = world.accounts.byId.get(record.account);
  const work = world.jobs.byName.get(record.name);
  if (account && work) schedule(world, account, at, work, record.values as never[]); // As it was written down.
}

/** Accounts stay, since connections hold them; all that is in them goes. */
function forgetAll(world: World): void {
  world.agenda.clear();
  world.pending.clear();
  world.faults.forgetKept();
  world.attempts.clear();
  world.accounts.byClientSecret.clear();
  world.accounts.learnt.clear();
  world.accounts.revoked.clear();
  for (const account of world.accounts.byId.values()) {
    account.collections.clear();
    account.idempotency.clear();
  }
}

function createWorld(options: SandboxOptions & SandboxPorts, edges: Pick<World, "baseUrl" | "publish">): World {
  const { clock, ids, log, keys, keyPairs, defaultVersion, tolerateUnknownVersions = false } = options;
  assertOptions(options);
  const { faultSeed } = options;
  const chance = "sandbox.faults";
  const random = faultSeed === undefined ? options.random(chance) : seededRandom(faultSeed, chance);
  return {
    clock,
    ids,
    log,
    agenda: createAgenda(clock),
    accounts: createAccounts({ keys, pairs: keyPairs, defaultVersion }),
    attempts: createAttempts(),
    faults: asked(() => createFaults(random, ids, options.faults), "--fault names them."),
    jobs: jobsOf(resources),
    pending: createPending(),
    journal: undefined,
    resources,
    nounByPrefix: nounsByPrefix(resources),
    resourceByObject: new Map(resources.map((resource) => [resource.noun.object, resource])),
    includes: new Map(resources.flatMap((resource) => Object.entries(resource.includes ?? {}))),
    reactions: reactionsOf(resources),
    settlement: options.settlement ?? "test",
    toleratesUnknownVersions: tolerateUnknownVersions,
    ...edges,
    tell: options.onLine,
  };
}

/** Refuses what nobody could use, before anything is opened. */
function assertOptions(options: SandboxOptions): void {
  const { defaultVersion, webhookEndpoints = [], tolerateUnknownVersions: tolerated = false } = options;
  const versions = [defaultVersion, ...webhookEndpoints.map(({ api_version }) => api_version)];
  const hint = "Name one as Stripe gave it out, or let it be read by its date: tolerateUnknownVersions.";
  for (const version of versions) {
    if (version !== undefined) asked(() => assertVersion(version, { tolerated }), hint);
  }
}

/** An option's refusal, in the words of whoever looked at it. */
function asked<T>(look: () => T, hint: string): T {
  try {
    return look();
  } catch (cause) {
    throw problem("invalid_config", cause instanceof Error ? cause.message : String(cause), { hint, cause });
  }
}

/** Every line is remembered, and told to whoever asked. */
function watched(history: History, onLine: SandboxOptions["onLine"]): (line: SandboxLine) => void {
  return (line) => {
    history.add(line);
    onLine?.(line);
  };
}

function register(world: World, endpoint: EndpointOption): void {
  const { key, secret, url, enabled_events = ["*"], api_version } = endpoint;
  const hint = `It is about the webhook endpoint ${url} of the options.`;
  const unit = tickUnit(
    world,
    asked(() => accountOfKey(world.accounts, key), hint),
  );
  const kept = collectionOf(unit.account, webhookEndpoints).items as (WebhookEndpoint | undefined)[]; // Of that noun.
  const isKnown = (one: WebhookEndpoint) => signingSecrets(one).some(({ text }) => text === secret);
  if (kept.some((one) => one?.url === url && isKnown(one))) return; // The folder has it already.
  const params = { url, enabled_events: [...enabled_events], api_version };
  asked(() => createEndpoint(unit, params, secret), hint);
  commit(unit);
}

function jobsOf(resources: readonly Resource[]): Jobs {
  const all = resources.flatMap(({ noun, jobs = {} }) =>
    Object.entries(jobs).map(([name, job]) => [`${noun.object}.${name}`, job] as const),
  );
  return { byName: new Map(all), nameOf: new Map(all.map(([name, job]) => [job, name] as const)) };
}

function nounsByPrefix(resources: readonly Resource[]): Map<string, Noun> {
  return new Map(resources.flatMap(({ noun }) => noun.prefixes.map((prefix) => [prefix, noun] as const)));
}

function reactionsOf(resources: readonly Resource[]): Map<string, Reaction[]> {
  const reactions = new Map<string, Reaction[]>();
  for (const resource of resources) {
    for (const [action, reaction] of Object.entries(resource.reactions ?? {})) {
      reactions.set(action, [...(reactions.get(action) ?? []), reaction]);
    }
  }
  return reactions;
}
