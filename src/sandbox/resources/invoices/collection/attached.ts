// Payments beside the one that an invoice was made with: each pays a part of it, and what is more than what remains is
// the customer's credit. https://docs.stripe.com/invoicing/partial-payments
import { assertMay } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead, mustReadParam, read } from "../../../kernel/state/writes.ts";
import { inTimeOf } from "../../../kernel/time/later.ts";
import { missingParameter, refusal } from "../../../kernel/words/errors.ts";
import { text } from "../../../kernel/words/params.ts";
import type { Refusal } from "../../../kernel/words/refusals.ts";
import { refuseUnplayed } from "../../../kernel/words/unplayed.ts";
import {
  cancelPayment,
  type InvoicePayment,
  openPayment,
  paymentsOf,
  paymentsWith,
} from "../../invoice_payments/index.ts";
import { type PaymentIntent, paymentIntents } from "../../payment_intents/index.ts";
import { type Invoice, invoiceMachine, invoices, subscriptionOf } from "../invoice.ts";
import { rows } from "../refusals.table.ts";
import { takePayment } from "./settled.ts";

/** What has succeeded already pays at once (declared). */
export function attachPayment(unit: Unit, params: Params, id: string): Invoice {
  const invoice = mustRead(unit, invoices, id, "invoice");
  assertMay(invoiceMachine, invoice, "pay");
  refuseUnplayed(params, [["payment_record", "payment records"]]);
  const named = text(params, "payment_intent");
  if (named === undefined) throw missingParameter("payment_intent");
  const intent = mustReadParam(unit, paymentIntents, named, "payment_intent");
  refuseUnfit(unit, invoice, intent);
  const { amount, currency } = intent;
  openPayment(inTimeOf(unit, invoice), { amount, currency, intent: intent.id, invoice: id, isDefault: false });
  if (intent.status === "succeeded") spend(unit, intent);
  return mustRead(unit, invoices, id);
}

function refuseUnfit(unit: Unit, invoice: Invoice, intent: PaymentIntent): void {
  const { id, currency, customer, status } = intent;
  const before = paymentsWith(unit, id);
  const isCharged = subscriptionOf(invoice) !== null && invoice.collection_method === "charge_automatically";
  if (isCharged) throw refusal(rows.partsOfSubscription);
  if (customer !== invoice.customer) throw refusal(rows.attachedOfOther, { id });
  if (currency !== invoice.currency) throw refusal(rows.attachedInOther, { id, currency });
  if (status === "canceled") throw refusal(rows.attachedCanceled, { id });
  if (before.some((one) => one.is_default)) throw refusal(rows.attachedDefault, { id });
  if (before.some((one) => one.invoice === invoice.id)) throw refusal(rows.paymentAttachedTwice, { id });
  if (status === "succeeded" && leftOf(unit, intent) === 0) throw refusal(rows.attachedSpent, { id });
}

/** What has not gone to an invoice yet. */
function leftOf(unit: Unit, { id, amount_received: received }: PaymentIntent): number {
  return paymentsWith(unit, id).reduce((left, { amount_paid: paid }) => left - (paid ?? 0), received);
}

/**
 * What has come is shared in the order in which the invoices were named; the last of them takes all that is left. One
 * for which nothing is left is not paid by it (inferred).
 */
export function spend(payer: Unit, intent: PaymentIntent): void {
  const open = openWith(payer, intent.id);
  for (const [at, payment] of open.entries()) {
    const invoice = read(payer, invoices, payment.invoice);
    if (!invoice) continue;
    const left = leftOf(payer, intent);
    const amount = at === open.length - 1 ? left : Math.min(left, invoice.amount_remaining);
    const unit = inTimeOf(payer, invoice);
    if (amount > 0) takePayment(unit, invoice, { payment, amount });
    else cancelPayment(unit, payment);
  }
}

/** Canceling its intent ends a payment (documented). */
export function followCanceled(payer: Unit, _before: unknown, { id }: PaymentIntent): void {
  for (const payment of openWith(payer, id)) {
    const invoice = read(payer, invoices, payment.invoice);
    if (invoice) cancelPayment(inTimeOf(payer, invoice), payment);
  }
}

function openWith(unit: Unit, intent: string): InvoicePayment[] {
  return paymentsWith(unit, intent).filter(({ status }) => status === "open");
}

/** What is attached stays with who made it; it only pays this invoice no more. */
export function closeAttached(unit: Unit, invoice: string): void {
  for (const payment of paymentsOf(unit, invoice)) {
    if (payment.status === "open" && !payment.is_default) cancelPayment(unit, payment);
  }
}

export function refuseAttached(unit: Unit, id: string, row: Refusal, statuses: readonly string[]): void {
  const isAttached = ({ is_default, status }: InvoicePayment) => !is_default && statuses.includes(status);
  if (paymentsOf(unit, id).some(isAttached)) throw refusal(row);
}
