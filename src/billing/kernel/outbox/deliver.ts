// Delivering what was taken: handlers side by side, the facts of one handler one after the other, each in a limited
// time, its end written down while the next is handed over.
import { secondMs } from "#kit/clock.ts";
import type { Late } from "#kit/waiting/late.ts";
import type { Fact, FactType } from "../../api/index.ts";
import { isOfTheDatabase } from "../store/pace.ts";
import type { Box, Claimed, End, Handler, Held, Lane } from "./box.ts";
import {
  begin,
  deliveryAttemptsMax,
  deliveryLeaseMs,
  handlerMaxMs,
  killedEachTime,
  setLeases,
  waitMs,
} from "./claim.ts";
import { createEnds, type Ends, logFailed, settle } from "./ends.ts";

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

async function deliverAll(box: Box, lane: Lane, claimed: readonly Claimed[]): Promise<void> {
  const held: Held = { open: new Map(claimed.map((delivery) => [delivery, delivery.attempts])), ends: [] };
  try {
    await deliverEach(box, lane, held);
  } catch (error) {
    // Anything else may come of a delivery, each time: then its lease ends, and it is suspected and counted.
    if (isOfTheDatabase(error)) box.owed.push(held);
    throw error;
  }
  if (held.open.size > 0) await settle(box, held);
}

/** One after the other, holding the leases of those that have not ended yet. */
async function deliverEach(box: Box, lane: Lane, held: Held): Promise<void> {
  const holding = box.ports.run("billing.outbox.hold", (signal) => hold(box, held, signal));
  const ends = createEnds(box, held);
  try {
    for (const delivery of [...held.open.keys()]) {
      if (lane.isStopping || ends.isBroken()) break;
      if (delivery.isSuspect) await deliverAlone(box, { delivery, open: held.open, ends });
      else ends.add(await deliver(box, delivery, delivery.attempts));
    }
  } finally {
    await ends.written().finally(() => holding.stop());
  }
}

/** Its attempt is counted before it is handed over, and nothing else is lost if it ends the process. */
async function deliverAlone(
  box: Box,
  { delivery, open, ends }: { delivery: Claimed; open: Map<Claimed, number>; ends: Ends },
): Promise<void> {
  await ends.written();
  const begun = await box.sql.write("outbox.begin", (tx) => begin(box.ports, tx, delivery));
  if (begun === "dead") logFailed(box.ports, delivery, { state: "dead", error: killedEachTime });
  if (begun !== "begun") return;
  const counted = delivery.attempts + 1;
  open.set(delivery, counted);
  ends.add(await deliver(box, delivery, counted));
}

async function hold({ sql, ports }: Box, { open }: Held, signal: AbortSignal): Promise<void> {
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

async function deliver({ ports, handlers, late }: Box, delivery: Claimed, counted: number): Promise<End> {
  const error = await inTime(late, handle(handlers.get(delivery.handler), delivery));
  const now = ports.clock.now();
  const attempts = delivery.attempts + 1;
  const failed = attempts >= deliveryAttemptsMax ? "dead" : "open";
  const state = error === null ? "done" : failed;
  const nextAt = state === "open" ? now + waitMs(ports, delivery, attempts) : now;
  return { delivery, counted, attempts, state, error, now, nextAt };
}

function inTime(late: Late, handling: Promise<string | null>): Promise<string | null> {
  return new Promise((resolve) => {
    const end = late(() => resolve(`It took over ${handlerMaxMs / secondMs} s`));
    void handling.then((error) => {
      end();
      resolve(error);
    });
  });
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
