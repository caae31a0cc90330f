// What is forgotten: a receipt's body goes some time after its success. Its row (id, type, object, created, sha-256,
// result) stays for ever, so that a delivery that comes again is still known. A foreign receipt keeps its body: whose
// it is can only be judged again from that.
import { dayMs } from "#kit/clock.ts";
import type { Kernel } from "./kernel.ts";
import type { ReceiptState } from "./schema.ts";

/** Stripe shows events for 30 days; disputes and questions of an auditor come later. */
export const receiptBodyDaysDefault = 90;
/** The row of `settings` that says otherwise. */
export const receiptBodyDaysKey = "receipt_body_days";
/** Rows per transaction: the writer is wanted by others. */
const batchMax = 500;

const succeeded: readonly ReceiptState[] = ["done", "seen", "ignored"];

/** Forgets one batch; answers how many bodies went. */
export async function forgetBodies(kernel: Kernel): Promise<number> {
  const now = kernel.ports.clock.now();
  const old = await kernel.sql.read("retention.old", async (reader) => {
    const setting = await reader
      .selectFrom("settings")
      .select("value")
      .where("key", "=", receiptBodyDaysKey)
      .executeTakeFirst();
    const days = setting === undefined ? receiptBodyDaysDefault : Number(setting.value);
    if (!Number.isFinite(days)) return []; // nothing is forgotten for a typing error
    const before = now - days * dayMs;
    return reader
      .selectFrom("receipts")
      .select("id")
      .where("body", "is not", null)
      .where("received_at", "<", before)
      .where("state", "in", succeeded)
      .where((eb) => eb.or([eb("ended_at", "is", null), eb("ended_at", "<", before)]))
      .orderBy("received_at")
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
      .where("state", "in", succeeded)
      .execute();
  });
  kernel.ports.log.info("retention.forgot", { bodies: ids.length });
  return ids.length;
}
