// An invoice is paid: by a payment, out of band, or because nothing was due. What is said of it, and in which order.
import { emit } from "../../../kernel/state/emit.ts";
import { move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { cancelPayment, type InvoicePayment, markPaid, paymentsOf } from "../../invoice_payments/index.ts";
import { cancelPaymentIntent } from "../../payment_intents/index.ts";
import { advancesNoMore, type Invoice, invoiceMachine, invoices, remembering } from "../invoice.ts";
import { sayUpdated } from "./updated.ts";

/** Nothing is due: paid at once, without a payment or an attempt at one (recorded). */
export function markSettled(unit: Unit, invoice: Invoice): Invoice {
  const paid = pay(unit, invoice, { attempted: true });
  sayPaid(unit, paid);
  return paid;
}

export interface Attempted {
  readonly attempt_count: number;
  readonly attempted: boolean;
}

/** `invoice_payment.paid` comes last (recorded). */
export function markPaidBy(unit: Unit, invoice: Invoice, payment: InvoicePayment, attempt: Attempted): Invoice {
  const { amount_due: due } = invoice;
  const paid = pay(unit, invoice, { ...attempt, amount_paid: due, amount_remaining: 0 });
  sayUpdated(unit, paid, invoice);
  sayPaid(unit, paid);
  markPaid(unit, payment, due);
  return paid;
}

/**
 * Somebody says that the money has come. Nobody has attempted anything (recorded); that its payment is canceled last,
 * as by its customer, was recorded in zulip/zulip (corporate/tests/stripe_fixtures, 2025-11-17.clover).
 */
export function markPaidOutOfBand(unit: Unit, invoice: Invoice): Invoice {
  const { amount_due: due } = invoice;
  const memory = remembering(invoice, { isPaidOutOfBand: true });
  const paid = pay(unit, invoice, { ...memory, amount_paid: due, amount_remaining: 0 });
  sayUpdated(unit, paid, invoice);
  sayPaid(unit, paid);
  closePayments(unit, invoice.id, { cancellation_reason: "requested_by_customer" });
  return paid;
}

/** Credit notes have left nothing of what was asked for. Nobody has paid anything. */
export function markCredited(unit: Unit, invoice: Invoice, credited: Changes): Invoice {
  const paid = pay(unit, invoice, credited);
  sayUpdated(unit, paid, invoice);
  sayPaid(unit, paid);
  closePayments(unit, invoice.id, {});
  return paid;
}

/** What was open to be paid with is not any more. */
export function closePayments(unit: Unit, invoice: string, reason: Params): void {
  for (const payment of paymentsOf(unit, invoice)) {
    if (payment.status !== "open") continue;
    cancelPaymentIntent(unit, reason, payment.payment.payment_intent);
    cancelPayment(unit, payment);
  }
}

type Changes = Partial<Omit<Invoice, "id" | "object" | "status">>;

function pay(unit: Unit, invoice: Invoice, changes: Changes): Invoice {
  const paid_at = secondOf(unit);
  planNoMore(unit, invoices, invoice.id);
  return move(unit, invoiceMachine, invoice, "pay", "paid", {
    ...changes,
    ...advancesNoMore,
    status_transitions: { ...invoice.status_transitions, paid_at },
  });
}

function sayPaid(unit: Unit, paid: Invoice): void {
  emit(unit, "invoice.paid", paid);
  emit(unit, "invoice.payment_succeeded", paid);
}
