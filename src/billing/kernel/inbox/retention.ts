// What is forgotten: a receipt's body goes some time after its success, or after it was found to be none of ours. Its
// row (id, type, object, created, sha-256, result) stays for ever, so that a delivery that comes again is still known.
// What waits for a human (dead, quarantined) keeps its body until it was seen to.
import { dayMs } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import type { BillingReader, ReceiptState } from "../store/tables.ts";

/** Stripe shows events for 30 days; disputes and questions of an auditor come later. */
const receiptBodyDaysDefault = 90;
/** The row of `settings` that says otherwise. */
export const receiptBodyDaysKey = "receipt_body_days";
/** Rows per transaction: the writer is wanted by others. */
const batchMax = 500;

/** A foreign one is judged again when its object, parent or customer becomes ours; then it is looked at. */
const forgettable: readonly ReceiptState[] = ["done", "seen", "ignored", "foreign", "other_mode", "other_account"];

/** Forgets one batch; answers how many bodies went. */
export async function forgetBodies(kernel: Kernel): Promise<number> {
  const now = kernel.ports.clock.now();
  const old = await kernel.sql.read("retention.old", async (reader) => {
    const keptMs = await bodyKeptMs(reader);
    if (keptMs === Number.POSITIVE_INFINITY) return [];
    return reader
      .selectFrom("receipts")
      .select("id")
      .where("body", "is not", null)
      .where("state", "in", forgettable)
      .where((eb) => eb(eb.fn.coalesce("ended_at", "received_at"), "<", now - keptMs))
      .orderBy((eb) => eb.fn.coalesce("ended_at", "received_at"))
      .orderBy("id")
      .limit(batchMax)
      .execute();
  });
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await kernel.sql.write("retention.forget", async (tx) => {
    await tx
      .updateTable("receipts")
      .set({ body: null })
      .where("id", "in", ids)
      .where("state", "in", forgettable)
      .execute();
  });
  kernel.ports.log.info("retention.forgot", { bodies: ids.length });
  return ids.length;
}

/** When the next body goes. */
export async function nextForgetAt({ sql }: Kernel): Promise<number> {
  return sql.read("retention.next", async (reader) => {
    const oldest = await reader
      .selectFrom("receipts")
      .select((eb) => eb.fn.coalesce("ended_at", "received_at").as("ended"))
      .where("body", "is not", null)
      .where("state", "in", forgettable)
      .orderBy((eb) => eb.fn.coalesce("ended_at", "received_at"))
      .limit(1)
      .executeTakeFirst();
    return oldest === undefined ? Number.POSITIVE_INFINITY : oldest.ended + (await bodyKeptMs(reader)) + 1;
  });
}

/** Infinity for a setting that is not a number: nothing is forgotten for a typing error. */
async function bodyKeptMs(reader: BillingReader): Promise<number> {
  const setting = await reader
    .selectFrom("settings")
    .select("value")
    .where("key", "=", receiptBodyDaysKey)
    .executeTakeFirst();
  const days = setting === undefined ? receiptBodyDaysDefault : Number(setting.value);
  return Number.isFinite(days) ? days * dayMs : Number.POSITIVE_INFINITY;
}
