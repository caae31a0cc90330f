// Keeps our own request rate below Stripe's limits. Replicas share it through one row per limit: each request takes the
// next ticket of the row, in the order of the database, and goes in its ticket's turn. A turn is a second of whoever
// waited for it by its own monotonic clock; no wall clock is asked, because those of two machines never agree (decision
// 31). A third is kept for customers' commands; looks yield. https://docs.stripe.com/rate-limits
import assert from "node:assert/strict";
import { type Clock, secondMs } from "#kit/clock.ts";
import { execute } from "#kit/sql/statement.ts";
import { leftMs } from "#kit/waiting/deadline.ts";
import type { BillingSql, BillingTx } from "../store/tables.ts";

export type Priority = "command" | "look";

/** Requests a second of the whole account. */
export const accountPerSecond = { live: 100, test: 25 } as const;
/** Of those what looks may have: what they may not use is left for commands. */
export function looksPerSecond(mode: "live" | "test"): number {
  return Math.floor((accountPerSecond[mode] * 2) / 3);
}
/** Requests a second to one endpoint. */
const endpointPerSecond = 25;
/** Tickets fetched from the row at a time: few enough that an idle replica wastes none, enough to spare writes. */
const leaseTickets = 5;
/** Whoever waits holds a lane, whose lease is longer than this. */
const waitMaxMs = 5 * secondMs;

export interface Governor {
  /** True when the request may leave; false when it was kept back for as long as anybody may be kept. */
  take(priority: Priority, endpoint: string): Promise<boolean>;
}

interface Limit {
  readonly name: string;
  readonly perSecond: number;
}

/** What this process knows of a limit. */
interface Seen {
  /** The number of the row's turn, and since when we know it to be this one, by our monotonic clock. */
  readonly turn: number;
  readonly sinceMs: number;
  /** Tickets of this turn that are ours. */
  tickets: number;
}

interface Governing {
  readonly sql: BillingSql;
  readonly clock: Clock;
  readonly seen: Map<string, Seen>;
}

export function createGovernor(input: { sql: BillingSql; clock: Clock; mode: "live" | "test" }): Governor {
  const governing: Governing = { sql: input.sql, clock: input.clock, seen: new Map() };
  return {
    async take(priority, endpoint) {
      const account = accountPerSecond[input.mode];
      const limits: Limit[] = [{ name: "account", perSecond: account }];
      if (priority === "look") limits.unshift({ name: "looks", perSecond: looksPerSecond(input.mode) });
      if (input.mode === "live") limits.push({ name: `endpoint ${endpoint}`, perSecond: endpointPerSecond });
      const untilMs = input.clock.monotonicMs() + Math.min(waitMaxMs, leftMs(input.clock));
      for (const limit of limits) if (!(await takeOne(governing, limit, untilMs))) return false;
      return true;
    },
  };
}

async function takeOne(governing: Governing, limit: Limit, untilMs: number): Promise<boolean> {
  const { clock, seen } = governing;
  for (;;) {
    const mine = seen.get(limit.name);
    if (mine && mine.tickets > 0 && clock.monotonicMs() - mine.sinceMs < secondMs) {
      mine.tickets--;
      return true;
    }
    const { seconds, granted } = await visit(governing, limit, { isForTicket: true });
    if (seconds === 0) return true;
    if (clock.monotonicMs() + seconds * secondMs > untilMs) return false;
    await clock.sleep(seconds * secondMs);
    // Who waited knows that turns have passed: it may be the only one, in a process that ends with its request.
    await visit(governing, limit, { isForTicket: false });
    if (granted > 0) return true;
  }
}

/** Takes a ticket for this request, and more for the next ones where there are some. */
async function visit(
  { sql, clock, seen }: Governing,
  limit: Limit,
  { isForTicket }: { isForTicket: boolean },
): Promise<Drawn> {
  const before = seen.get(limit.name);
  const now = clock.monotonicMs();
  const passed = before ? Math.floor((now - before.sinceMs) / secondMs) : 0;
  const known = before && { turn: before.turn, passed };
  const drawn = await sql.write("governor.lease", (tx) => draw(tx, limit, { known, isForTicket }));
  const isSame = before !== undefined && drawn.turn === before.turn + passed;
  const latest = seen.get(limit.name);
  const spare = drawn.seconds === 0 ? Math.max(0, drawn.granted - 1) : 0;
  if (latest?.turn === drawn.turn) latest.tickets += spare;
  else if (latest === undefined || latest.turn < drawn.turn) {
    const sinceMs = isSame ? before.sinceMs + passed * secondMs : now;
    seen.set(limit.name, { turn: drawn.turn, sinceMs, tickets: spare });
  }
  return drawn;
}

interface Drawn {
  readonly turn: number;
  readonly granted: number;
  /** Until the turn of the tickets; without one, until it is worth asking again. */
  readonly seconds: number;
}

async function draw(
  tx: BillingTx,
  { name, perSecond }: Limit,
  { known, isForTicket }: { known: { turn: number; passed: number } | undefined; isForTicket: boolean },
): Promise<Drawn> {
  const { rows } = await execute(tx, locking, { name });
  const [row] = rows;
  assert(row, `the limit ${name} has its row`);
  // Whoever counted the turns first has counted them.
  const passed = known?.turn === row.second ? known.passed : 0;
  const turn = row.second + passed;
  const used = Math.max(0, row.used - passed * perSecond);
  const seconds = Math.floor(used / perSecond);
  // The row never promises more than anybody waits for.
  const isTooFar = seconds * secondMs >= waitMaxMs;
  const free = seconds > 0 ? 1 : Math.min(leaseTickets, perSecond - used);
  const granted = isForTicket && !isTooFar ? free : 0;
  await execute(tx, drawing, { name, second: turn, used: used + granted });
  return { turn, granted, seconds: isTooFar ? 1 : seconds };
}

/** The first statement on the row is a write, so that replicas queue up on it. */
function locking(tx: BillingTx, { name }: { name: string }) {
  return tx
    .insertInto("limits")
    .values({ name, second: 0, used: 0 })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ used: eb.ref("limits.used") })))
    .returning(["second", "used"]);
}

function drawing(tx: BillingTx, { name, second, used }: { name: string; second: number; used: number }) {
  return tx.updateTable("limits").set({ second, used }).where("name", "=", name);
}
