// Work that is due at an instant of Stripe's time. An attempt is counted and the next one put off before the work
// begins, in a transaction of its own, so that what ends its process is out of the way after its attempts. The work,
// the rows it writes and the end of its timer are the second transaction: a crash leaves the timer as if nobody had
// begun, and of two replicas that took it only the one whose attempt still stands deletes the row, and works. A timer
// that was filed again or withdrawn meanwhile has other attempts or none: it is left alone.
import assert from "node:assert/strict";
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import { raiseFlags } from "../changes/flags.ts";
import { createReacting, spread, wakeWorkers } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import { type BillingTx, openState, type TimerRow } from "../store/tables.ts";

/** With the backoff below, about three days: a long weekend of a broken program loses nothing. */
export const timerAttemptsMax = 30;
const timerBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** Read at once; each is taken by itself. */
const dueMax = 100;

type Taken = Pick<TimerRow, "kind" | "subject" | "due_at" | "attempts">;

/** Works what is due; answers how many were begun. */
export async function workTimers(kernel: Kernel): Promise<number> {
  const first = await nextTimerAt(kernel);
  if (first === null) return 0;
  if (first > kernel.ports.clock.now()) return 0;
  const now = kernel.ports.clock.now();
  const due = await kernel.sql.read("timers.due", (reader) =>
    reader
      .selectFrom("timers")
      .select(["kind", "subject", "due_at", "attempts"])
      .where("state", "=", openState)
      .where("next_at", "<=", now)
      .orderBy("next_at")
      .orderBy("kind")
      .orderBy("subject")
      .limit(dueMax)
      .execute(),
  );
  for (const timer of due) await workTimer(kernel, timer);
  if (due.length > 0) wakeWorkers(kernel.sql);
  return due.length;
}

/** When the first timer is due; null without one. */
export async function nextTimerAt({ sql }: Kernel): Promise<Instant | null> {
  const first = await sql.read("timers.next", (reader) =>
    reader
      .selectFrom("timers")
      .select((eb) => eb.fn.min("next_at").as("next_at"))
      .where("state", "=", openState)
      .executeTakeFirst(),
  );
  return first?.next_at ?? null;
}

async function workTimer(kernel: Kernel, due: Taken): Promise<void> {
  const attempts = await beginAttempt(kernel, due);
  if (attempts === undefined) return;
  const { kind, subject } = due;
  const { log } = kernel.ports;
  try {
    const isWorked = await kernel.sql.write(`timer.${kind}`, (tx) => workOnce(kernel, tx, { ...due, attempts }));
    if (isWorked) log.info("timer.done", { kind, subject, attempts, lateMs: kernel.ports.clock.now() - due.due_at });
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    log.warn("timer.failed", { kind, subject, attempts, error });
    await kernel.sql.write("timers.failed", async (tx) => {
      await tx
        .updateTable("timers")
        .set({ error })
        .where("kind", "=", kind)
        .where("subject", "=", subject)
        .where("due_at", "=", due.due_at)
        .where("attempts", "=", attempts)
        .execute();
    });
  }
}

/** The attempt's number; undefined when somebody else was faster, or when there were enough. */
async function beginAttempt(kernel: Kernel, { kind, subject, attempts }: Taken): Promise<number | undefined> {
  const attempt = attempts + 1;
  const isDead = attempt > timerAttemptsMax;
  const now = kernel.ports.clock.now();
  const random = kernel.ports.random(`timer ${kind} ${subject} ${attempt}`);
  const nextAt = now + secondMs + backoffMs({ attempt, ...timerBackoff, random });
  return kernel.sql.write("timers.begin", async (tx) => {
    const begun = await tx
      .updateTable("timers")
      .set(isDead ? { state: "dead" } : { attempts: attempt, next_at: nextAt })
      .where("kind", "=", kind)
      .where("subject", "=", subject)
      .where("state", "=", openState)
      .where("attempts", "=", attempts)
      // Filed again since it was read: not due any more.
      .where("next_at", "<=", now)
      .returning("error")
      .executeTakeFirst();
    if (!begun) return undefined;
    if (!isDead) return attempt;
    const detail = begun.error ?? "Its process ended during each of its attempts";
    await raiseFlags(tx, [{ kind: "timer_dead", subject: `${kind} ${subject}`, detail }], kernel.ports.clock.now());
    return undefined;
  });
}

/** False when the attempt no longer stands. */
async function workOnce(kernel: Kernel, tx: BillingTx, { kind, subject, due_at, attempts }: Taken): Promise<boolean> {
  const taken = await tx
    .deleteFrom("timers")
    .where("kind", "=", kind)
    .where("subject", "=", subject)
    .where("due_at", "=", due_at)
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  if (taken.numDeletedRows !== 1n) return false;
  const timer = kernel.registry.timer(kind);
  assert(timer, `a manifest has the timer ${kind}`);
  const reacting = createReacting(kernel, tx, kernel.ports.clock.now());
  await spread(kernel, reacting, await timer.work(reacting, { subject, dueAt: due_at }));
  return true;
}
