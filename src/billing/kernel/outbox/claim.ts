// Taking deliveries under a lease. An attempt is counted when it begins, so a handler that kills its process is out of
// the way after its attempts, and what was taken beside it has lost none.
import { hourMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import type { Fact, FactType } from "../../api/index.ts";
import type { BillingSql, BillingTx } from "../store/tables.ts";

/** With the backoff below, about three days: a long weekend of a broken handler loses nothing. */
export const deliveryAttemptsMax = 30;
const deliveryBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** What a crash costs: the next worker takes over this much later. A living one prolongs while it works. */
export const deliveryLeaseMs = 9 * secondMs;
/** Taken at a time for one handler; small, because they are worked one after the other. */
const claimMax = 20;
/** Handlers worked side by side in this process: a slow URL holds up nobody but itself. */
export const handlersAtOnceMax = 8;

export interface Handler {
  /** Stable over restarts: attempts and results are remembered under it. */
  readonly id: string;
  readonly types: readonly FactType[] | "*";
  handle(fact: Fact): Promise<void> | void;
}

export interface Box {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly handlers: Map<string, Handler>;
  readonly unregistered: Set<string>;
  /** By handler: what is under way in this process. */
  readonly busy: Map<string, Lane>;
  /** Of lanes: the next work() throws them, so that the worker says so and waits a little. */
  readonly failures: unknown[];
}

/** The deliveries of one handler that were taken together. */
export interface Lane {
  readonly ended: Promise<void>;
  isStopping: boolean;
}

export interface Claimed {
  readonly fact: string;
  readonly handler: string;
  /** Begun before this one. */
  readonly attempts: number;
  /** Of the first that was taken for a handler, which is begun with the taking. */
  readonly begun?: Begun;
  readonly type: string;
  readonly subject: string;
  readonly data: string;
  readonly occurred_at: number;
}

/** Takes what is due for idle handlers under a lease, before any of it is worked. */
export async function claim({ sql, ports, handlers, busy }: Box): Promise<Claimed[]> {
  const now = ports.clock.now();
  const idle = [...handlers.keys()].filter((id) => !busy.has(id));
  const free = handlersAtOnceMax - busy.size;
  if (idle.length === 0 || free <= 0) return [];
  const due = await sql.read("outbox.due", (reader) =>
    reader
      .selectFrom("deliveries")
      .select((eb) => ["handler", eb.fn.min("next_at").as("next_at")])
      .where("state", "=", "open")
      .where("next_at", "<=", now)
      .where("until", "<=", now)
      .where("handler", "in", idle)
      .groupBy("handler")
      .orderBy("next_at")
      .orderBy("handler")
      .limit(free)
      .execute(),
  );
  // Two callers may have read at once: what has become busy meanwhile is not taken a second time.
  const wanted = due.map(({ handler }) => handler).filter((handler) => !busy.has(handler));
  if (wanted.length === 0) return [];
  return sql.write("outbox.claim", async (tx) => {
    const claimed: Claimed[] = [];
    for (const handler of wanted) {
      const taken = await claimOf(tx, handler, now);
      const [first, ...rest] = taken;
      if (first) claimed.push({ ...first, begun: await begin(ports, tx, first) }, ...rest);
    }
    return claimed;
  });
}

async function claimOf(tx: BillingTx, handler: string, now: number): Promise<Claimed[]> {
  const due = await tx
    .selectFrom("deliveries")
    .innerJoin("facts", "facts.id", "deliveries.fact")
    .select(["fact", "handler", "attempts", "type", "subject", "data", "occurred_at"])
    .where("deliveries.state", "=", "open")
    .where("next_at", "<=", now)
    .where("until", "<=", now)
    .where("handler", "=", handler)
    .orderBy("next_at")
    .orderBy("occurred_at")
    .orderBy("fact")
    .limit(claimMax)
    .execute();
  if (due.length === 0) return [];
  const taken = await tx
    .updateTable("deliveries")
    .set({ until: now + deliveryLeaseMs })
    .where(
      "fact",
      "in",
      due.map(({ fact }) => fact),
    )
    .where("handler", "=", handler)
    .where("state", "=", "open")
    .where("next_at", "<=", now)
    .where("until", "<=", now)
    .returning(["fact", "attempts"])
    .execute();
  const attempts = new Map(taken.map((delivery) => [delivery.fact, delivery.attempts]));
  return due.flatMap((delivery) => {
    const begun = attempts.get(delivery.fact);
    return begun === undefined ? [] : [{ ...delivery, attempts: begun }];
  });
}

/** lost: another worker has begun it since. dead: it ended the process during each of its attempts. */
export type Begun = { readonly kind: "attempt"; readonly attempt: number } | { readonly kind: "lost" | "dead" };

/** Counts the attempt and puts the next one off, before the handler can end the process. */
export async function begin(ports: Ports, tx: BillingTx, delivery: Claimed): Promise<Begun> {
  const { fact, handler, attempts } = delivery;
  const now = ports.clock.now();
  const isDead = attempts >= deliveryAttemptsMax;
  const attempt = attempts + 1;
  const changes = isDead
    ? ({ state: "dead", error: killedEachTime, until: 0, ended_at: now } as const)
    : { attempts: attempt, until: now + deliveryLeaseMs, next_at: now + waitMs(ports, delivery, attempt) };
  const begun = await tx
    .updateTable("deliveries")
    .set(changes)
    .where("fact", "=", fact)
    .where("handler", "=", handler)
    .where("state", "=", "open")
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  if (begun.numUpdatedRows !== 1n) return { kind: "lost" };
  return isDead ? { kind: "dead" } : { kind: "attempt", attempt };
}

export const killedEachTime = "Its process ended during each of its attempts";

/** A stream per attempt: handlers end in any order, and each waits as long as it would have alone. */
export function waitMs(ports: Ports, { fact, handler }: Claimed, attempt: number): number {
  const random = ports.random(`outbox ${fact} ${handler} ${attempt}`);
  return secondMs + backoffMs({ attempt, ...deliveryBackoff, random });
}

/** What is not done yet, with its attempts so far. */
export type Open = ReadonlyMap<Claimed, number>;

/** Moves the end of the leases that are still ours: on while they are worked, to 0 for what is given back. */
export async function setLeases({ sql }: Pick<Box, "sql">, open: Open, until: number): Promise<void> {
  const alike = Map.groupBy(open, ([{ handler }, attempts]) => `${handler} ${attempts}`);
  await sql.write("outbox.lease", async (tx) => {
    for (const held of alike.values()) {
      const [first] = held;
      if (!first) continue;
      await tx
        .updateTable("deliveries")
        .set({ until })
        .where(
          "fact",
          "in",
          held.map(([{ fact }]) => fact),
        )
        .where("handler", "=", first[0].handler)
        .where("attempts", "=", first[1])
        .where("state", "=", "open")
        .where("until", ">", 0)
        .execute();
    }
  });
}
