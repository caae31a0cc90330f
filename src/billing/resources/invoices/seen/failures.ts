// When an invoice's first try to pay failed. Neither its finalization nor its count of tries says so: it is when the
// first event of it was, or when the look that showed it began. It is written once, and no retry moves it.
import { secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { Kept } from "../../../kernel/contract/manifest.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { readClocks } from "../../test_clocks/index.ts";
import type { InvoiceMirror } from "./invoices.ts";

export async function keepFailures(tx: BillingTx, seen: readonly Kept<InvoiceMirror>[]): Promise<void> {
  const failed = seen.filter(({ before, after }) => hasFailed(after) && !(before && hasFailed(before)));
  if (failed.length === 0) return;
  const ids = failed.map(({ after }) => after.id);
  const told = await toldAt(tx, ids);
  const looked = await lookedAt(tx, ids);
  const clocks = await readClocks(
    tx,
    failed.map(({ after }) => after.testClock),
  );
  for (const { after } of failed) {
    const toldAt = told.get(after.id);
    const failedAt =
      after.testClock === null
        ? (toldAt ?? looked.get(after.id) ?? 0)
        : byClock(after, { toldAt, standsAt: clocks.get(after.testClock) });
    await tx
      .updateTable("invoices")
      .set((eb) => ({ failed_at: eb.fn.coalesce("failed_at", eb.val(failedAt)) }))
      .where("id", "=", after.id)
      .execute();
  }
}

/**
 * On a test clock only what lies between the invoice's own instants and where the clock stands is dated by it: banks
 * keep their own time, and an event of a debit that came back may bear that.
 */
function byClock(
  { finalizedAt, created }: InvoiceMirror,
  { toldAt, standsAt = 0 }: { readonly toldAt: number | undefined; readonly standsAt: number | undefined },
): number {
  const begunAt = (finalizedAt ?? created) * secondMs;
  const now = Math.max(begunAt, standsAt);
  return toldAt !== undefined && toldAt >= begunAt && toldAt <= now ? toldAt : now;
}

/** A try that waits for the payer's bank has failed as well: nobody is there to confirm it. */
function hasFailed({ status, attempted, payment }: InvoiceMirror): boolean {
  return status === "open" && attempted && payment?.status !== "processing" && payment?.status !== "succeeded";
}

const failures = ["invoice.payment_failed", "invoice.payment_action_required"];

/** By invoice, when its first failure was, as Stripe's events say. */
async function toldAt(tx: BillingTx, ids: readonly string[]): Promise<ReadonlyMap<string | null, number>> {
  const rows = await tx
    .selectFrom("receipts")
    .select((eb) => ["object_id", eb.fn.min("created").as("created")])
    .where(isAmong(tx, "object_id", ids))
    .where("type", "in", failures)
    .groupBy("object_id")
    .execute();
  return new Map(rows.map(({ object_id, created }) => [object_id, Number(created) * secondMs]));
}

/** By invoice, when the look that has shown it began; else its payload's second. */
async function lookedAt(tx: BillingTx, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom("mirror")
    .select(["id", "look_begun", "seen_created"])
    .where(isAmong(tx, "id", ids))
    .execute();
  return new Map(rows.map(({ id, look_begun, seen_created }) => [id, Math.max(look_begun, seen_created * secondMs)]));
}
