// What no list shows is looked at alone, and what cannot be looked at now has its turn. Stripe lets so many looks leave
// in a second, so those that wait are put off to instants as far apart: they are taken when their turn has come and not
// again and again until then, and what is new is worked between them. The rules: docs/design/events.md.
import { type Clock, secondMs } from "#kit/clock.ts";
import { rowsGiven } from "#kit/sql/many.ts";
import type { Kernel, Turns } from "../contract/context.ts";
import { releaseLanes } from "../store/lanes.ts";
import { type BillingTx, openState, type ReceiptRow } from "../store/tables.ts";
import { giveBack, type Taken, unended } from "./claim.ts";

/** The error of a receipt whose object was looked for in lists in vain: it is not looked for there again. */
const unlisted = "Stripe's lists do not show its object, which waits to be looked at alone";

/** Whether lists know nothing of the object: they said so, or a look alone has put it off. */
export function isKnownAlone(receipts: readonly ReceiptRow[]): boolean {
  return receipts.some(({ error, repeats }) => error === unlisted || repeats > 0);
}

/** Turns that are together in a second each; the first of them is a second from now. */
export function createTurns(clock: Pick<Clock, "monotonicMs">, perSecond: number): Turns {
  let atMs = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return {
    perSecond,
    nextMs() {
      const nowMs = clock.monotonicMs();
      if (atMs <= nowMs) [atMs, taken] = [nowMs + secondMs, 0];
      if (taken === perSecond) [atMs, taken] = [atMs + secondMs, 0];
      taken++;
      return atMs - nowMs;
    },
  };
}

interface Waiting {
  readonly id: string;
  readonly renewed: number;
  readonly next_at: number;
  readonly error: string | null;
}

const columns = { id: "text", renewed: "integer", next_at: "integer", error: "text" } as const;

/**
 * Gives lanes back that wait for looks. As many as may be looked at in a second stay due, the others are due in their
 * turn. Of their attempts none has begun.
 * @param listed by objects: null for what lists do not show.
 */
export async function putOff(
  kernel: Kernel,
  lanes: readonly Taken[],
  listed: ReadonlyMap<string, object | null>,
): Promise<void> {
  const now = kernel.ports.clock.now();
  const waiting = lanes.map(({ lease, first, suspects }, nth) => {
    const turnAt = nth < kernel.turns.perSecond ? undefined : now + kernel.turns.nextMs();
    const rows = [...first, ...suspects.flat()].map(({ id, renewed, object_id, next_at, error }): Waiting => {
      const isUnlisted = error !== unended && listed.get(object_id ?? "") === null;
      return { id, renewed, next_at: turnAt ?? next_at, error: isUnlisted ? unlisted : error };
    });
    return { lease, rows };
  });
  const leases = waiting.map(({ lease }) => lease);
  const write = async (tx: BillingTx) => {
    const held = await releaseLanes(tx, leases);
    const rows = waiting.filter(({ lease }) => held.has(lease.key)).flatMap((lane) => lane.rows);
    await writeWaiting(
      tx,
      rows.filter(({ next_at, error }) => next_at > now || error === unlisted),
    );
  };
  try {
    await kernel.sql.write("inbox.put_off", write, { isRepeatable: true });
  } catch (error) {
    kernel.ports.log.warn("inbox.not_put_off", { lanes: lanes.length, error: String(error) });
    await giveBack(kernel, leases);
  }
}

async function writeWaiting(tx: BillingTx, rows: readonly Waiting[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .updateTable("receipts")
    .from(rowsGiven<Waiting>(tx, { columns, rows }))
    .set((eb) => ({ next_at: eb.ref("given.next_at"), error: eb.ref("given.error") }))
    .whereRef("receipts.id", "=", "given.id")
    .where("receipts.state", "=", openState)
    .whereRef("receipts.renewed", "=", "given.renewed")
    .execute();
}
