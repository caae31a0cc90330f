// An invoice is paid: by payments, out of band, or because nothing was due. What is said of it, and in which order.
import { emit } from "../../../kernel/state/emit.ts";
import { move } from "../../../kernel/state/machine.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { moveBalance } from "../../customer_balance_transactions/index.ts";
import { customers } from "../../customers/index.ts";
import { type InvoicePayment, markPaid } from "../../invoice_payments/index.ts";
import { spendDiscounts } from "../billing/drafts.ts";
import { advancesNoMore, type Invoice, invoiceMachine, invoices, memoryOf, remembering } from "../invoice.ts";
import { askAnew, type Changes, closeDefault } from "./default_payment.ts";
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

export interface Received {
  readonly payment: InvoicePayment;
  readonly amount: number;
  /** Of a payment that the invoice has tried itself. */
  readonly attempt?: Attempted;
}

/**
 * So much of what is asked for has come. What is more than that is the customer's credit (declared); that `amount_paid`
 * does not count it is inferred. `invoice_payment.paid` comes last (recorded).
 */
export function takePayment(unit: Unit, before: Invoice, { payment, amount, attempt }: Received): void {
  const applied = Math.min(amount, before.amount_remaining);
  const over = amount - applied;
  const changes = {
    ...attempt,
    amount_overpaid: before.amount_overpaid + over,
    amount_paid: before.amount_paid + applied,
    amount_remaining: before.amount_remaining - applied,
  };
  if (over > 0) creditOver(unit, before, over);
  if (before.status === "paid" || changes.amount_remaining > 0) askAnew(unit, before, changes);
  else {
    const paid = pay(unit, before, changes);
    sayUpdated(unit, paid, before);
    sayPaid(unit, paid);
    if (!payment.is_default) closeDefault(unit, before.id, {});
  }
  markPaid(unit, payment, amount);
}

/** Who was deleted has no balance any more. */
function creditOver(unit: Unit, { id, currency, customer }: Invoice, amount: number): void {
  const owner = read(unit, customers, customer);
  if (owner) moveBalance(unit, owner, { amount: -amount, currency, invoice: id, type: "invoice_overpaid" });
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
  closeDefault(unit, invoice.id, { cancellation_reason: "requested_by_customer" });
  return paid;
}

/** Credit notes have left nothing of what was asked for. Nobody has paid anything. */
export function markCredited(unit: Unit, invoice: Invoice, credited: Changes): Invoice {
  const paid = pay(unit, invoice, credited);
  sayUpdated(unit, paid, invoice);
  sayPaid(unit, paid);
  closeDefault(unit, invoice.id, {});
  return paid;
}

function pay(unit: Unit, invoice: Invoice, changes: Changes): Invoice {
  const paid_at = secondOf(unit);
  planNoMore(unit, invoices, invoice.id);
  if (memoryOf(invoice).waited !== null) spendDiscounts(unit, invoice);
  return move(unit, invoiceMachine, invoice, "pay", "paid", {
    ...changes,
    ...advancesNoMore,
    status_transitions: { ...invoice.status_transitions, paid_at },
  });
}

function sayPaid(unit: Unit, paid: Invoice): void {
  emit(unit, "invoice.paid", paid);
  emit(unit, "invoice.payment_succeeded", paid);
  if (paid.amount_overpaid > 0) emit(unit, "invoice.overpaid", paid); // Its place is inferred.
}
