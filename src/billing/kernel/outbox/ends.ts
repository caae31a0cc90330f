// How deliveries end: written while the next is handed over, and what could not be written is kept until it can.
import type { Ports } from "#kit/ports.ts";
import { rowsGiven } from "#kit/sql/many.ts";
import type { BillingTx, DeliveryRow } from "../store/tables.ts";
import type { Box, Claimed, End, Held } from "./box.ts";
import { setLeases } from "./claim.ts";

export interface Ends {
  add(end: End): void;
  /** Rejects when one could not be written. */
  written(): Promise<void>;
  /** Nothing is handed over any more whose end could not be written. */
  isBroken(): boolean;
}

/** Ends are written while the next is handed over, all that have ended meanwhile in one statement. */
export function createEnds(box: Box, held: Held): Ends {
  let writing = Promise.resolve();
  let isBroken = false;
  const write = async () => {
    await box.ports.clock.turn(); // what ends in the same breath goes along
    await writeAll(box, held);
  };
  return {
    add(end) {
      if (held.ends.push(end) > 1) return;
      writing = writing.then(write);
      writing.catch(() => {
        isBroken = true; // and says so to whoever waits for it
      });
    },
    written: () => writing,
    isBroken: () => isBroken,
  };
}

async function writeAll({ sql, ports, pace }: Box, { open, ends }: Held): Promise<void> {
  while (ends.length > 0) {
    const some = ends.slice(0, pace.size());
    await pace.keep(() => sql.write("outbox.delivered", (tx) => writeEnds(tx, some), { isRepeatable: true }));
    ends.splice(0, some.length);
    for (const end of some) {
      open.delete(end.delivery);
      logEnd(ports, end);
    }
  }
}

/**
 * Writes what has ended, and gives back what was not begun. While the database is away it is kept, and nothing is taken
 * before it is written: what was handed over is not handed over again, and nobody is suspected of ending a process.
 */
export async function settle(box: Box, ...more: readonly Held[]): Promise<void> {
  const owed = [...box.owed.splice(0), ...more];
  try {
    for (const held of owed) {
      await writeAll(box, held);
      await setLeases(box, held.open, 0);
      held.open.clear();
    }
  } catch (error) {
    box.owed.push(...owed);
    throw error;
  }
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

export function logFailed({ log }: Ports, delivery: Claimed, fields: Record<string, unknown>): void {
  const { fact, type, subject, handler, attempts } = delivery;
  log.warn("outbox.failed", { fact, type, subject, handler, attempts, ...fields });
}
