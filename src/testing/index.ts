// A whole world in one process for tests: the sandbox, billing and a virtual clock, wired to each other by functions
// instead of sockets. One seed, one run: the same calls give the same bytes.
//
//   const testbed = await createTestbed({ seed: 7 });
//   await testbed.billing.orders.create({ id: "order_1", currency: "eur", lines });
//   await testbed.advance("31 days");
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type Stripe from "stripe";
import type { VirtualClock } from "#kit/clock.ts";
import { type TestPorts, testPorts, testStart } from "#kit/create_ports.ts";
import type { Fetch } from "#kit/ports.ts";
import { openSql } from "#kit/sql/open.ts";
import type { Billing } from "../billing/index.ts";
import { createSandbox, type Sandbox, type Settlement } from "../sandbox/index.ts";
import { official } from "./clients.ts";
import { driven, untilSettled } from "./driven.ts";
import { dumpTables } from "./dump.ts";
import { type Duration, durationMs } from "./duration.ts";
import { ensureLife, type Life, publishableKey, receive, secretKey } from "./lives.ts";
import { billingUrl, type Crossing, createNetwork, type Network, sandboxUrl } from "./network.ts";

export type { Duration } from "./duration.ts";
export { billingUrl, type Crossing, sandboxUrl } from "./network.ts";

export interface TestbedOptions {
  readonly seed: number;
  /** `sqlite:PATH` or `postgres://…`. Default: a SQLite file of its own, removed by close(). */
  readonly database?: string;
  /** The first instant. Default: 2026-11-02T09:00:00Z. */
  readonly start?: number;
  /** How long banks take: `"test"` (the default) as in Stripe's test mode, `"real"` as in life. */
  readonly settlement?: Settlement;
  /** Registers the host's handlers. Called for every incarnation of billing, before it starts. */
  readonly handlers?: (billing: Billing) => void;
  /** Sees every request between shop, browser, billing and Stripe, with its answer. */
  readonly watch?: (crossing: Crossing) => void;
  /**
   * Kills the first incarnation at its nth await, or at its first of that name; see `points`. It is started again at
   * the next call or advance.
   */
  readonly killAt?: number | string;
}

export interface Testbed {
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  /** Billing. A call that has to wait moves the clock; one that dies with its process is repeated on the next. */
  readonly billing: Billing;
  /** The official SDK with the secret key, as the shop's or an operator's program has it. */
  readonly stripe: Stripe;
  /** The official SDK with the publishable key: what a browser may do. */
  readonly browser: Stripe;
  /** The network as the sender of that name sees it. */
  fetchAs(sender: string): Fetch;
  /** Cuts a sender ("stripe", "billing", "browser", "shop") off, or lets it back on. */
  plug(sender: string, isOpen: boolean): void;
  /** Every log line so far, of billing and of the sandbox. */
  readonly log: readonly string[];
  /** The awaits of the current incarnation so far. */
  readonly points: readonly string[];
  readonly incarnation: number;
  /** Lets time pass; what is due in it happens at its instant. Costs what is due, not how long it is. */
  advance(duration: Duration): Promise<void>;
  /** SIGKILL. */
  kill(): void;
  /** Starts billing again when it is dead. */
  restart(): Promise<void>;
  /** All rows of billing's tables, one line each, in a stable order. */
  dump(): Promise<string>;
  close(): Promise<void>;
}

export async function createTestbed(options: TestbedOptions): Promise<Testbed> {
  const { seed } = options;
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
  const { settlement = "test" } = options;
  const sandbox = createSandbox({ ...world, baseUrl: sandboxUrl, settlement });
  sandbox.start();
  const stripe = official(secretKey, world, network.as("shop"));
  const endpoint = await stripe.webhookEndpoints.create({
    url: `${billingUrl}/webhooks/stripe`,
    enabled_events: ["*"],
  });
  const restart = () =>
    ensureLife(lives, {
      world,
      seed,
      database,
      fetch: network.as("billing"),
      webhookSecret: endpoint.secret as string,
      handlers: options.handlers,
      killAt: options.killAt,
    });
  await restart();
  return testbedOf({ world, sandbox, network, stripe, lives, log, database, folder, restart });
}

interface Parts extends Pick<Testbed, "sandbox" | "stripe" | "log" | "restart"> {
  readonly world: TestPorts;
  readonly network: Network;
  readonly lives: readonly Life[];
  readonly database: string;
  /** Ours to remove. */
  readonly folder: string | undefined;
}

function testbedOf({ world, sandbox, network, stripe, lives, log, database, folder, restart }: Parts): Testbed {
  return {
    clock: world.clock,
    sandbox,
    stripe,
    browser: official(publishableKey, world, network.as("browser")),
    billing: driven({
      clock: world.clock,
      alive: async () => {
        await restart();
        const life = lives.at(-1) as Life;
        return { billing: life.billing as Billing, death: life.death };
      },
    }),
    fetchAs: network.as,
    plug: network.plug,
    log,
    get points() {
      return (lives.at(-1) as Life).points;
    },
    get incarnation() {
      return lives.length;
    },
    async advance(duration) {
      await restart();
      await world.clock.advance(durationMs(duration));
      await restart();
    },
    kill: () => lives.at(-1)?.kill(),
    restart,
    async dump() {
      const reader = await openSql<unknown>({
        url: database,
        clock: world.clock,
        random: world.random("dump"),
        log: world.log,
      });
      try {
        return await dumpTables(reader);
      } finally {
        await reader.close();
      }
    },
    async close() {
      const life = lives.at(-1);
      if (life?.billing && !life.isDead()) await untilSettled(world.clock, life.billing.close());
      await untilSettled(world.clock, sandbox.close());
      for (const each of lives) each.release();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}
