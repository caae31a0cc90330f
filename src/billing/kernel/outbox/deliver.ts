// Delivering what was taken: handlers side by side, the facts of one handler one after the other, each in a limited
// time, its end written down with the beginning of the next.
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Fact, FactType } from "../../api/index.ts";
import type { BillingTx, DeliveryRow } from "../store/tables.ts";
import {
  type Begun,
  type Box,
  begin,
  type Claimed,
  deliveryAttemptsMax,
  deliveryLeaseMs,
  type Handler,
  killedEachTime,
  type Lane,
  type Open,
  setLeases,
  waitMs,
} from "./claim.ts";

/** A handler that takes longer hangs: it counts as failed, and is tried again like any other. */
export const handlerMaxMs = 2 * minuteMs;

/** Starts in the order given; a second lane of one handler, begun by two callers at once, follows the first. */
export function beginLane(box: Box, handler: string, claimed: readonly Claimed[]): void {
  const before = box.busy.get(handler)?.ended;
  const running = box.ports.run("billing.outbox.lane", async () => {
    await before;
    try {
      await deliverAll(box, lane, claimed);
    } catch (error) {
      box.failures.push(error);
    }
    if (box.busy.get(handler) === lane) box.busy.delete(handler);
  });
  const lane: Lane = { ended: running.stopped, isStopping: false };
  box.busy.set(handler, lane);
}

/**
 * One after the other, holding the leases of those that are not done yet. The end of one and the beginning of the next
 * are one transaction, so that counting an attempt before it begins costs none of its own.
 */
async function deliverAll(box: Box, lane: Lane, claimed: readonly Claimed[]): Promise<void> {
  const open = new Map(claimed.map((delivery) => [delivery, delivery.attempts]));
  const holding = box.ports.run("billing.outbox.hold", (signal) => hold(box, open, signal));
  const waiting = [...claimed];
  try {
    let current = waiting.shift();
    let begun = current?.begun;
    while (current && begun) {
      if (begun.kind === "attempt") open.set(current, begun.attempt);
      const end = begun.kind === "attempt" ? await deliver(box, current, begun.attempt) : undefined;
      const next = lane.isStopping ? undefined : waiting.shift();
      const nextBegun = await box.sql.write("outbox.delivered", async (tx) => {
        if (end) await writeEnd(tx, end);
        return next && (await begin(box.ports, tx, next));
      });
      logEnd(box.ports, current, begun, end);
      open.delete(current);
      current = next;
      begun = nextBegun;
    }
    if (open.size > 0) await setLeases(box, open, 0);
  } finally {
    holding.stop();
  }
}

async function hold({ sql, ports }: Box, open: Open, signal: AbortSignal): Promise<void> {
  for (;;) {
    await ports.clock.sleep(deliveryLeaseMs / 3, signal);
    if (signal.aborted) return;
    try {
      await setLeases({ sql }, open, ports.clock.now() + deliveryLeaseMs);
    } catch (error) {
      // Another worker may then deliver the same fact under the same id, which a handler must bear anyway.
      ports.log.warn("outbox.hold_failed", { error });
    }
  }
}

interface End {
  readonly delivery: Claimed;
  readonly attempts: number;
  readonly state: DeliveryRow["state"];
  readonly error: string | null;
  readonly now: number;
  readonly nextAt: number;
}

async function deliver({ ports, handlers }: Box, delivery: Claimed, attempts: number): Promise<End> {
  const error = await inTime(ports.clock, handle(handlers.get(delivery.handler), delivery));
  const now = ports.clock.now();
  const isDead = error !== null && attempts >= deliveryAttemptsMax;
  const state = error === null ? "done" : isDead ? "dead" : "open";
  const nextAt = state === "open" ? now + waitMs(ports, delivery, attempts) : now;
  return { delivery, attempts, state, error, now, nextAt };
}

async function writeEnd(tx: BillingTx, { delivery, attempts, state, error, now, nextAt }: End): Promise<void> {
  await tx
    .updateTable("deliveries")
    .set({ state, error, until: 0, next_at: nextAt, ended_at: state === "open" ? null : now })
    .where("fact", "=", delivery.fact)
    .where("handler", "=", delivery.handler)
    .where("attempts", "=", attempts)
    .execute();
}

function logEnd({ log }: Ports, delivery: Claimed, begun: Begun, end: End | undefined): void {
  const { fact, type, subject, handler } = delivery;
  const fields = { fact, type, subject, handler, attempts: end?.attempts ?? delivery.attempts };
  if (begun.kind === "dead") log.warn("outbox.failed", { ...fields, state: "dead", error: killedEachTime });
  if (!end) return;
  const { state, error, nextAt } = end;
  if (error === null) log.info("outbox.delivered", { ...fields, state });
  else log.warn("outbox.failed", { ...fields, state, error, nextAt: state === "open" ? nextAt : null });
}

async function inTime(clock: Ports["clock"], handling: Promise<string | null>): Promise<string | null> {
  const handled = new AbortController();
  const hangs = clock.sleep(handlerMaxMs, handled.signal).then(() => `It took over ${handlerMaxMs / secondMs} s`);
  const error = await Promise.race([handling, hangs]);
  handled.abort();
  return error;
}

/** What the handler threw, as text, or null. */
async function handle(handler: Handler | undefined, delivery: Claimed): Promise<string | null> {
  if (!handler) return "The handler was removed";
  const type = delivery.type as FactType;
  const data = JSON.parse(delivery.data) as Fact["data"];
  try {
    await handler.handle({ id: delivery.fact, type, occurredAt: new Date(delivery.occurred_at), data });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
