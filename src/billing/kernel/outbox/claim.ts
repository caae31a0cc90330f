// Taking deliveries in sets, under leases. To be taken is to have begun: the lease stands in the row, and whoever takes
// it over once it has ended counts the attempt that nobody ended. What was left like that may have ended its process:
// from then on it is handed over alone, each attempt counted before, so that it is out of the way after its attempts.
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { isProblem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import { type BillingSql, type BillingTx, openState } from "../store/tables.ts";
import type { Box, Claimed, Held } from "./box.ts";

/** With the backoff below, about three days: a long weekend of a broken handler loses nothing. */
export const deliveryAttemptsMax = 30;
const deliveryBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** What a crash costs: the next worker takes over this much later. A living one prolongs while it works. */
export const deliveryLeaseMs = 9 * secondMs;
/** Taken at a time for one handler: what a crash costs an attempt, and what other replicas leave to this one. */
export const claimMax = 500;
/** The error of a delivery that was taken and has not ended: that may have ended its process. */
export const unended = "It was being handed over, or something beside it, and has not ended";
/** A handler that takes longer hangs: it counts as failed, and is tried again like any other. */
export const handlerMaxMs = 2 * minuteMs;
/** Handlers worked side by side in this process: a slow URL holds up nobody but itself. */
export const handlersAtOnceMax = 8;

/** Takes what is due for idle handlers under a lease, before any of it is worked. */
export async function claim({ sql, ports, handlers, busy, pace }: Box): Promise<Claimed[]> {
  const now = ports.clock.now();
  const idle = [...handlers.keys()].filter((id) => !busy.has(id));
  const free = handlersAtOnceMax - busy.size;
  if (idle.length === 0 || free <= 0) return [];
  const due = await sql.read("outbox.due", (reader) =>
    reader
      .selectFrom("deliveries")
      .select((eb) => ["handler", eb.fn.min("next_at").as("next_at")])
      .where("state", "=", openState)
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
  const take = async (tx: BillingTx) => {
    const claimed: Claimed[] = [];
    for (const handler of wanted) claimed.push(...(await claimOf(tx, handler, { now, most: pace.size() })));
    return claimed;
  };
  try {
    return await pace.keep(() => sql.write("outbox.claim", take));
  } catch (error) {
    if (!isProblem(error, "commit_unknown")) throw error;
    await giveBack(sql, wanted, now + deliveryLeaseMs);
    return [];
  }
}

/** What was taken until then, and nobody knows whether it was: nobody would hand it over before. */
async function giveBack(sql: BillingSql, handlers: readonly string[], until: number): Promise<void> {
  const free = (tx: BillingTx) =>
    tx
      .updateTable("deliveries")
      .set({ until: 0 })
      .where("handler", "in", handlers)
      .where("state", "=", openState)
      .where("until", "=", until)
      .execute();
  await sql.write("outbox.lease", free, { isRepeatable: true });
}

async function claimOf(
  tx: BillingTx,
  handler: string,
  { now, most }: { now: number; most: number },
): Promise<Claimed[]> {
  const due = await tx
    .selectFrom("deliveries")
    .innerJoin("facts", "facts.id", "deliveries.fact")
    .select(["fact", "handler", "type", "subject", "data", "facts.occurred_at"])
    .where("deliveries.state", "=", openState)
    .where("next_at", "<=", now)
    .where("until", "<=", now)
    .where("handler", "=", handler)
    .orderBy("next_at")
    .orderBy("facts.occurred_at")
    .orderBy("fact")
    .limit(most)
    .execute();
  const ids = due.map(({ fact }) => fact);
  const taken = await tx
    .updateTable("deliveries")
    .set((eb) => {
      const isLeft = eb("until", ">", 0);
      const isCounted = eb.fn.coalesce("error", eb.val("")).$castTo<string>();
      const uncounted = eb.and([isLeft, eb(isCounted, "<>", unended)]);
      return {
        until: now + deliveryLeaseMs,
        attempts: eb
          .case()
          .when(uncounted)
          .then(eb("attempts", "+", 1))
          .else(eb.ref("attempts"))
          .end(),
        error: eb.case().when(isLeft).then(unended).else(eb.ref("error")).end(),
      };
    })
    .where(isAmong(tx, "fact", ids))
    .where("handler", "=", handler)
    .where("state", "=", openState)
    .where("next_at", "<=", now)
    .where("until", "<=", now)
    .returning(["fact", "attempts", "error"])
    .execute();
  const rows = new Map(taken.map((row) => [row.fact, row]));
  return due.flatMap((delivery) => {
    const row = rows.get(delivery.fact);
    return row ? [{ ...delivery, attempts: row.attempts, isSuspect: row.error === unended }] : [];
  });
}

/** lost: another worker has begun it since. dead: it ended the process during each of its attempts. */
export type Begun = "begun" | "lost" | "dead";

/** Counts a suspect's attempt and puts the next one off, before the handler can end the process. */
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
    .where("state", "=", openState)
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  if (begun.numUpdatedRows !== 1n) return "lost";
  return isDead ? "dead" : "begun";
}

export const killedEachTime = "Its process ended during each of its attempts";

/** A stream per attempt: handlers end in any order, and each waits as long as it would have alone. */
export function waitMs(ports: Ports, { fact, handler }: Claimed, attempt: number): number {
  const random = ports.random(`outbox ${fact} ${handler} ${attempt}`);
  return secondMs + backoffMs({ attempt, ...deliveryBackoff, random });
}

/** Moves the end of the leases that are still ours: on while they are worked, to 0 for what is given back. */
export async function setLeases({ sql }: Pick<Box, "sql">, open: Held["open"], until: number): Promise<void> {
  const alike = Map.groupBy(open, ([{ handler }, attempts]) => `${handler} ${attempts}`);
  const set = async (tx: BillingTx) => {
    for (const held of alike.values()) {
      const [first] = held;
      if (!first) continue;
      await tx
        .updateTable("deliveries")
        .set({ until })
        .where(
          isAmong(
            tx,
            "fact",
            held.map(([{ fact }]) => fact),
          ),
        )
        .where("handler", "=", first[0].handler)
        .where("attempts", "=", first[1])
        .where("state", "=", openState)
        .where("until", ">", 0)
        .execute();
    }
  };
  await sql.write("outbox.lease", set, { isRepeatable: true });
}
