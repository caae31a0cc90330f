// What was paid for an invoice, and by which payments, as Stripe has it now.
import type { BillingCore } from "../../../kernel/core.ts";
import { observePage } from "../../observe_page.ts";
import type { InvoiceMirror } from "../seen/invoices.ts";
import { type InvoicePaymentMirror, invoicePaymentKind } from "../seen/payments.ts";
import { admitted } from "../standing.ts";

/** Never again another amount: what is paid is paid. */
export interface PaidBy {
  readonly paymentIntent: string;
  readonly amount: number;
}

/** The newest payment first. Throws where the invoice is not one of a customer of ours. */
export async function readPaid(
  core: BillingCore,
  invoiceId: string,
): Promise<{ readonly invoice: InvoiceMirror; readonly payments: readonly PaidBy[] }> {
  const invoice = await admitted(core, invoiceId, () => undefined);
  const path = `/v1/invoice_payments?limit=100&invoice=${invoiceId}`;
  const payments: PaidBy[] = [];
  for await (const page of core.kernel.gateway.pages(path, { priority: "command" })) {
    await observePage(core, invoicePaymentKind, page);
    payments.push(...page.items.flatMap((remote) => paidBy(invoicePaymentKind.row(remote))));
  }
  return { invoice, payments };
}

/** What was paid outside of Stripe has no payment that could be sent back. */
function paidBy(row: unknown): readonly PaidBy[] {
  const { status, paymentIntent, amountPaid } = row as InvoicePaymentMirror;
  if (status !== "paid" || paymentIntent === null || amountPaid === null || amountPaid === 0) return [];
  return [{ paymentIntent, amount: amountPaid }];
}
