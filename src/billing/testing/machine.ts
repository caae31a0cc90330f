// Another process on a world's database, on a machine of its own: its clock is wrong, or it sleeps.
import type { Clock } from "#kit/clock.ts";
import { createIds } from "#kit/ids.ts";
import { problem } from "#kit/problems.ts";
import { seededRandom } from "#kit/random.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { cutConnections } from "#kit/sql/postgres/testing.ts";
import type { EngineName } from "#kit/sql/testing.ts";
import { type Billing, type BillingOptions, createBilling } from "../index.ts";
import { optionsFor, type World } from "./index.ts";

export interface Machine {
  readonly billing: Billing;
  /** The machine sleeps: time passes meanwhile, and its monotonic clock knows nothing of it. */
  sleep(ms: number): Promise<void>;
  /** Stripe's clock is set forward, as that of a sandbox can be: no clock of the machine knows of it. */
  stripeJumps(ms: number): Promise<void>;
  close(): Promise<void>;
}

interface MachineOptions {
  readonly url: string;
  /** How far its wall clock is ahead of Stripe's. */
  readonly aheadMs?: number;
  readonly options?: Partial<BillingOptions>;
  /** Of several in one test each has its own: they draw other ids. */
  readonly seed?: number;
}

/** It runs no workers until it is started. */
export async function startMachine(
  world: World,
  { url, aheadMs = 0, options, seed = 1 }: MachineOptions,
): Promise<Machine> {
  const { ports } = world.life();
  const random = (stream: string) => seededRandom(seed, `machine ${stream}`);
  let sleptMs = 0;
  let jumpedMs = 0;
  const clock: Clock = {
    ...ports.clock,
    now: () => ports.clock.now() + aheadMs - jumpedMs,
    monotonicMs: () => ports.clock.monotonicMs() - sleptMs - jumpedMs,
  };
  const billing = await world.run(
    createBilling({ ...optionsFor(url), ...options }, { ...ports, clock, random, ids: createIds(random("ids")) }),
  );
  return {
    billing,
    async sleep(ms) {
      sleptMs += ms;
      await world.advance(ms);
    },
    async stripeJumps(ms) {
      jumpedMs += ms;
      await world.advance(ms);
    },
    close: () => world.run(billing.close()),
  };
}

/** What is heard of a database that refuses: PostgreSQL loses its connections, SQLite is always busy. */
export const isAway = { code: /^(sql_busy|database_unreachable)$/ };

/** A database that refuses the units that a test names: whatever is in `refused`. */
export function createRefusing({ engine, url }: { engine: EngineName; url: string }) {
  const refused = new Set<string>();
  const faults: Faults = async ({ point, label }) => {
    if (point !== "statement" || !refused.has(label)) return;
    if (engine === "sqlite") throw problem("sql_busy", "Somebody else is writing");
    await cutConnections(url);
  };
  return { refused, faults };
}
