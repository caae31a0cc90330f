// A whole world in one process for tests: the sandbox, billing and a virtual clock, wired to each other by functions
// instead of sockets. One seed, one run: the same calls give the same bytes.
//
//   const testbed = await createTestbed({ seed: 7 });
//   await testbed.billing.orders.create({ id: "order_1", currency: "eur", lines });
//   await testbed.advance("31 days");
import "#kit/options/node_version.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type Stripe from "stripe";
import { type TestPorts, testPorts, testStart } from "#kit/create_ports.ts";
import { givenOptions } from "#kit/options/options.ts";
import { openSql } from "#kit/sql/open.ts";
import { apiVersion, type Billing, createBilling } from "../billing/index.ts";
import { createSandbox } from "../sandbox/index.ts";
import { official } from "./clients.ts";
import { driven, untilSettled } from "./driven.ts";
import { dumpTables } from "./dump.ts";
import { durationMs } from "./duration.ts";
import { type Calls, createCalls } from "./faults.ts";
import {
  billingSettings,
  ensureLife,
  type Life,
  type LivesOptions,
  mortalLife,
  openTwin,
  publishableKey,
  receive,
  secretKey,
} from "./lives.ts";
import { billingUrl, createNetwork, type Network, sandboxUrl } from "./network.ts";
import { check } from "./options.ts";
import type { Testbed, TestbedOptions } from "./testbed.ts";
import { webhookRequest } from "./webhook.ts";

export type { Duration } from "./duration.ts";
export type { FaultKind } from "./faults.ts";
export { billingSettings, publishableKey, secretKey } from "./lives.ts";
export { billingUrl, type Crossing, sandboxUrl } from "./network.ts";
export type { Testbed, TestbedOptions } from "./testbed.ts";
export type { WebhookOptions } from "./webhook.ts";

/**
 * Both halves in one process, on one virtual clock that only a test moves. Throws Problem "invalid_option" for what is
 * not an option, or not of its kind.
 * @example
 * const testbed = await createTestbed({ seed: 7 });
 * const lines = [{ description: "Lamp", quantity: 1, unitAmount: 4900 }];
 * await testbed.billing.orders.create({ id: "order_1", currency: "eur", lines });
 * await testbed.billing.orders.checkout("order_1", { returnUrl: "https://shop.example/thanks" });
 * await testbed.pay("order_1", "pm_card_visa");
 * const order = await testbed.billing.orders.settled("order_1");
 * await testbed.close();
 * order.status // "paid"
 */
export async function createTestbed(given: TestbedOptions): Promise<Testbed> {
  check.testbed(given);
  const options = givenOptions(given);
  const { seed, settlement = "test" } = options;
  const folder = options.database ? undefined : mkdtempSync(path.join(tmpdir(), "bursar-testbed-"));
  const database = options.database ?? `sqlite:${path.join(folder as string, "billing.db")}`;
  const log: string[] = [];
  const lives: Life[] = [];

  const network = createNetwork(
    {
      [sandboxUrl]: { name: "stripe", receive: (request) => sandbox.fetch(request) },
      [billingUrl]: { name: "billing", receive: (request) => receive(lives.at(-1), request) },
    },
    (crossing) => options.watch?.({ ...crossing, at: world.clock.now() }),
  );
  const world = testPorts({
    seed,
    start: options.start ?? testStart,
    fetch: network.as("stripe"),
    write: (line) => log.push(line),
  });
  const sandbox = createSandbox({ ...world, baseUrl: sandboxUrl, settlement });
  sandbox.start();
  const stripe = official(secretKey, world, network.as("shop"));
  const endpoint = await stripe.webhookEndpoints.create({
    url: `${billingUrl}/webhooks/stripe`,
    enabled_events: ["*"],
    api_version: apiVersion,
  });
  const calls = createCalls(network.as("billing"), world.clock);
  const booting: LivesOptions = {
    ...options,
    world,
    settings: { ...billingSettings(database, endpoint.secret as string), ...options.billing },
    fetch: calls.fetch,
  };
  await ensureLife(lives, booting);
  return testbedOf({ world, sandbox, network, calls, stripe, lives, log, folder, booting });
}

interface Parts extends Pick<Testbed, "sandbox" | "stripe" | "log"> {
  readonly world: TestPorts;
  readonly network: Network;
  readonly calls: Calls;
  readonly lives: Life[];
  readonly booting: LivesOptions;
  /** Ours to remove. */
  readonly folder: string | undefined;
}

function testbedOf(parts: Parts): Testbed {
  const { world, sandbox, network, calls, stripe, lives, log, folder, booting } = parts;
  const { settings } = booting;
  const twins: Billing[] = [];
  const restart = () => ensureLife(lives, booting);
  const settle = <T>(work: Promise<T>) => untilSettled(world.clock, Promise.resolve(work));
  const current = (): Life => lives.at(-1) as Life;
  const alive = async () => {
    await restart();
    return { billing: current().billing as Billing, death: current().death };
  };
  const billing = driven({ clock: world.clock, alive });
  const browser = official(publishableKey, world, network.as("browser"));
  return {
    ports: world,
    clock: world.clock,
    sandbox,
    stripe,
    browser,
    billing,
    ...wires(network, calls),
    log,
    settle,
    get points() {
      return current().points;
    },
    get incarnation() {
      return lives.length;
    },
    async pay(orderId, card) {
      check.text("card", card);
      const { clientSecret } = await billing.orders.checkout(orderId); // Moves the clock by itself while it waits.
      return settle(confirmPayment(browser, clientSecret, card));
    },
    async deliver(event, given = {}) {
      check.webhook(event, given);
      const secret = given.secret ?? (settings.stripe.webhookSecrets[0] as string); // createBilling wants one.
      const request = webhookRequest(event, { ...given, now: world.clock.now(), secret });
      return (await settle(receive(current(), request))).status;
    },
    async twin() {
      const twin = await settle(openTwin(booting));
      twins.push(twin);
      return twin;
    },
    life: (killAt) => mortalLife(booting, killAt),
    async mortalTwin(killAt) {
      const life = mortalLife(booting, killAt);
      return { life, billing: await settle(createBilling(settings, life.ports)) };
    },
    async advance(duration) {
      await restart();
      await world.clock.advance(durationMs(duration));
      await restart();
    },
    kill: () => current().kill(),
    restart,
    dump: () => dumpDatabase(settings.database, world),
    async close() {
      for (const twin of twins) await settle(twin.close());
      const life = current();
      if (life.billing && !life.isDead()) await settle(life.billing.close());
      await settle(sandbox.close());
      for (const each of lives) each.release();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The network as a test asks for it and breaks it. */
function wires(network: Network, calls: Calls): Pick<Testbed, "fetchAs" | "plug" | "requests" | "fail" | "mend"> {
  return {
    fetchAs(sender) {
      check.text("sender", sender);
      return network.as(sender);
    },
    plug(sender, isOpen) {
      check.text("sender", sender);
      check.flag("isOpen", isOpen);
      network.plug(sender, isOpen);
    },
    requests: calls.requests,
    fail(request, kind, times) {
      check.fault(request, kind, times);
      calls.fail(request, kind, times);
    },
    mend: calls.mend,
  };
}

/** What a browser does with a test card. */
function confirmPayment(browser: Stripe, clientSecret: string, card: string): Promise<Stripe.PaymentIntent> {
  const [id] = clientSecret.split("_secret_");
  const params = { client_secret: clientSecret, payment_method: card, return_url: `${billingUrl}/back` };
  return browser.paymentIntents.confirm(id as string, params);
}

async function dumpDatabase(url: string, { clock, random, log, unitMaxMs }: TestPorts): Promise<string> {
  const reader = await openSql<unknown>({ url, clock, random: random("dump"), log, unitMaxMs });
  try {
    return await dumpTables(reader);
  } finally {
    await reader.close();
  }
}
