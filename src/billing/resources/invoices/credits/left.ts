// What may still be credited of an invoice: its total, less all that was credited, whoever did it, or is set aside.
import { problem } from "#kit/problems.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import type { InvoiceMirror } from "../seen/invoices.ts";

/** What counts against it. */
const counting = ["pending", "issued"] as const;

/** Under the invoice's row, so that two processes count one after the other. `but`: what is wished anew. */
export async function creditable(tx: BillingTx, invoiceId: string, but: string): Promise<number> {
  await tx
    .updateTable("invoices")
    .set((eb) => ({ id: eb.ref("id") }))
    .where("id", "=", invoiceId)
    .execute();
  return leftOf(tx, invoiceId, but);
}

export async function leftOf(
  tx: Pick<BillingTx, "selectFrom">,
  invoiceId: string,
  but: string | undefined,
): Promise<number> {
  const stored = await tx.selectFrom("mirror").select("row").where("id", "=", invoiceId).executeTakeFirst();
  if (!stored) throw problem("not_found", `No invoice ${invoiceId}`, { details: { id: invoiceId } });
  const { amounts } = JSON.parse(stored.row) as InvoiceMirror;
  const credits = await tx
    .selectFrom("invoice_credits")
    .select(["id", "amount"])
    .where("invoice", "=", invoiceId)
    .where("status", "in", counting)
    .execute();
  const others = credits.filter(({ id }) => id !== but);
  return Math.max(0, amounts.total - others.reduce((sum, { amount }) => sum + amount, 0));
}
