// Delivering what was taken: handlers side by side, the facts of one handler one after the other, each in a limited
// time, its end written down while the next is handed over.
import { secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { rowsGiven } from "#kit/sql/many.ts";
import type { Late } from "#kit/waiting/late.ts";
import type { Fact, FactType } from "../../api/index.ts";
import type { BillingTx, DeliveryRow } from "../store/tables.ts";
import {
  type Box,
  begin,
  type Claimed,
  deliveryAttemptsMax,
  deliveryLeaseMs,
  type Handler,
  handlerMaxMs,
  killedEachTime,
  type Lane,
  type Open,
  setLeases,
  waitMs,
} from "./claim.ts";

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

/** One after the other, holding the leases of those that have not ended yet. */
async function deliverAll(box: Box, lane: Lane, claimed: readonly Claimed[]): Promise<void> {
  const open = new Map(claimed.map((delivery) => [delivery, delivery.attempts]));
  const holding = box.ports.run("billing.outbox.hold", (signal) => hold(box, open, signal));
  const ends = createEnds(box, open);
  try {
    for (const delivery of claimed) {
      if (lane.isStopping || ends.isBroken()) break;
      if (delivery.isSuspect) await deliverAlone(box, { delivery, open, ends });
      else ends.add(await deliver(box, delivery, delivery.attempts));
    }
  } finally {
    await ends.written().finally(() => holding.stop());
  }
  if (open.size > 0) await setLeases(box, open, 0);
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

interface Ends {
  add(end: End): void;
  /** Rejects when one could not be written. */
  written(): Promise<void>;
  /** Nothing is handed over any more whose end could not be written. */
  isBroken(): boolean;
}

/** Ends are written while the next is handed over, all that have ended meanwhile in one statement. */
function createEnds({ sql, ports }: Box, open: Map<Claimed, number>): Ends {
  const waiting: End[] = [];
  let writing = Promise.resolve();
  let isBroken = false;
  const write = async () => {
    await ports.clock.turn(); // what ends in the same breath goes along
    const some = waiting.splice(0);
    await sql.write("outbox.delivered", (tx) => writeEnds(tx, some), { isRepeatable: true });
    for (const end of some) {
      open.delete(end.delivery);
      logEnd(ports, end);
    }
  };
  return {
    add(end) {
      if (waiting.push(end) > 1) return;
      writing = writing.then(write);
      writing.catch(() => {
        isBroken = true; // and says so to whoever waits for it
      });
    },
    written: () => writing,
    isBroken: () => isBroken,
  };
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
  /** The attempts that its row has. */
  readonly counted: number;
  readonly attempts: number;
  readonly state: DeliveryRow["state"];
  readonly error: string | null;
  readonly now: number;
  readonly nextAt: number;
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

const endColumns = {
  fact: "text",
  handler: "text",
  counted: "integer",
  attempts: "integer",
  state: "text",
  error: "text",
  next_at: "integer",
  ended_at: "integer",
} as const;
type EndRow = Omit<DeliveryRow, "until" | "occurred_at"> & { counted: number };

/** Each only where it was not begun since by somebody else. */
async function writeEnds(tx: BillingTx, ends: readonly End[]): Promise<void> {
  const rows = ends.map(({ delivery: { fact, handler }, counted, attempts, state, error, now, nextAt }): EndRow => {
    return { fact, handler, counted, attempts, state, error, next_at: nextAt, ended_at: state === "open" ? null : now };
  });
  await tx
    .updateTable("deliveries")
    .from(rowsGiven<EndRow>(tx, { columns: endColumns, rows }))
    .set((eb) => ({
      attempts: eb.ref("given.attempts"),
      state: eb.ref("given.state"),
      error: eb.ref("given.error"),
      next_at: eb.ref("given.next_at"),
      ended_at: eb.ref("given.ended_at"),
      until: 0,
    }))
    .whereRef("deliveries.fact", "=", "given.fact")
    .whereRef("deliveries.handler", "=", "given.handler")
    .whereRef("deliveries.attempts", "=", "given.counted")
    .execute();
}

function logEnd(ports: Ports, { delivery, attempts, state, error, nextAt }: End): void {
  if (error !== null) {
    logFailed(ports, { ...delivery, attempts }, { state, error, nextAt: state === "open" ? nextAt : null });
    return;
  }
  const { fact, type, subject, handler } = delivery;
  ports.log.info("outbox.delivered", { fact, type, subject, handler, attempts, state });
}

function logFailed({ log }: Ports, delivery: Claimed, fields: Record<string, unknown>): void {
  const { fact, type, subject, handler, attempts } = delivery;
  log.warn("outbox.failed", { fact, type, subject, handler, attempts, ...fields });
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
