// READ FIRST. What ties a payment to an invoice. Each invoice that is to be paid has one by default, which is made with
// it and asks for what remains; callers may attach others. https://docs.stripe.com/api/invoice-payment
import type Stripe from "stripe";
import { begin, defineMachine, move } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { among, change } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";

export type InvoicePayment = Omit<Stored<Stripe.InvoicePayment, "open" | "paid" | "canceled">, "payment"> & {
  readonly payment: { readonly payment_intent: string; readonly type: "payment_intent" };
};

export const invoicePayments = defineNoun<InvoicePayment>({
  object: "invoice_payment",
  prefixes: ["inpay"],
  indices: ["invoice", "payment.payment_intent"],
  clock: "invoice",
  expandable: { invoice: "invoice" },
});

export const invoicePaymentMachine = defineMachine(invoicePayments, ({ id, status }, action) =>
  refusal(common.moveImpossible, { action, id, status }),
)({
  create: { from: ["new"], to: { open: null } },
  pay: { from: ["open"], to: { paid: "invoice_payment.paid" } },
  cancel: { from: ["open"], to: { canceled: null } },
});

export interface Asked {
  readonly invoice: string;
  readonly intent: string;
  readonly amount: number;
  readonly currency: string;
  readonly isDefault: boolean;
}

export function openPayment(unit: Unit, { invoice, intent, amount, currency, isDefault }: Asked): InvoicePayment {
  return begin(unit, invoicePaymentMachine, "create", "open", (status) => ({
    id: unit.world.ids.after("inpay_1", 23),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: amount,
    created: secondOf(unit),
    currency,
    invoice,
    is_default: isDefault,
    livemode: false,
    payment: { payment_intent: intent, type: "payment_intent" },
    status,
    status_transitions: { canceled_at: null, paid_at: null },
  }));
}

export function markPaid(unit: Unit, payment: InvoicePayment, amount: number): InvoicePayment {
  const status_transitions = { ...payment.status_transitions, paid_at: secondOf(unit) };
  return move(unit, invoicePaymentMachine, payment, "pay", "paid", { amount_paid: amount, status_transitions });
}

/** The invoice asks for another amount. */
export function requestOther(unit: Unit, payment: InvoicePayment, amount: number): InvoicePayment {
  return change(unit, invoicePayments, payment, { amount_requested: amount }, null);
}

export function cancelPayment(unit: Unit, payment: InvoicePayment): InvoicePayment {
  const status_transitions = { ...payment.status_transitions, canceled_at: secondOf(unit) };
  return move(unit, invoicePaymentMachine, payment, "cancel", "canceled", { status_transitions });
}

/** Of an invoice, oldest first. */
export function paymentsOf(unit: Unit, invoice: string): InvoicePayment[] {
  return among(unit, invoicePayments, "invoice", invoice);
}

/** An intent may pay several invoices; in the order in which they were attached. */
export function paymentsWith(unit: Unit, intent: string): InvoicePayment[] {
  return among(unit, invoicePayments, "payment.payment_intent", intent);
}

/** The first of them: what older versions know. */
export function paymentWith(unit: Unit, intent: string): InvoicePayment | undefined {
  return paymentsWith(unit, intent)[0];
}
