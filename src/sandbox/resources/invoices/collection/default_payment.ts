// The payment that an invoice was made with: it asks for what remains, whatever else pays or credits the invoice
// (declared), and ends with it. https://docs.stripe.com/api/invoice-payment/object#invoice_payment_object-is_default
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead } from "../../../kernel/state/writes.ts";
import { type InvoicePayment, paymentsOf, requestOther } from "../../invoice_payments/index.ts";
import { askFor, cancelPaymentIntent, paymentIntents } from "../../payment_intents/index.ts";
import { type Invoice, invoices } from "../invoice.ts";

export type Changes = Partial<Omit<Invoice, "id" | "object" | "status">>;

/** Until the invoice is paid or voided. */
export function openDefault(unit: Unit, invoice: string): InvoicePayment | undefined {
  return paymentsOf(unit, invoice).find(({ is_default, status }) => is_default && status === "open");
}

/** What a bank is at work on already cannot be asked for otherwise: it comes as it was asked for. */
export function askAnew(unit: Unit, before: Invoice, changes: Changes): Invoice {
  const after = change(unit, invoices, before, changes, "invoice.updated");
  const { amount_remaining: amount } = after;
  const payment = amount === before.amount_remaining ? undefined : openDefault(unit, before.id);
  const intent = payment && mustRead(unit, paymentIntents, payment.payment.payment_intent);
  if (!payment || intent?.status === "processing") return after;
  if (intent) askFor(unit, intent, amount);
  requestOther(unit, payment, amount);
  return after;
}

export function closeDefault(unit: Unit, invoice: string, reason: Params): void {
  const payment = openDefault(unit, invoice);
  if (payment) cancelPaymentIntent(unit, reason, payment.payment.payment_intent);
}
