// What credit notes make of an invoice that is finalized: it asks for less, and what was paid is said to be given back.
// https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
import type { Unit } from "../../../kernel/state/unit.ts";
import type { Invoice } from "../invoice.ts";
import { askAnew } from "./default_payment.ts";
import { markCredited } from "./settled.ts";

export interface Credit {
  /** Off what is still asked for, at most all of it. */
  readonly beforePayment: number;
  readonly afterPayment: number;
}

/** With nothing left to ask for, it is paid. What it asks for as a payment follows. */
export function creditInvoice(unit: Unit, before: Invoice, { beforePayment, afterPayment }: Credit): Invoice {
  const credited = {
    ...askingFor(before, -beforePayment),
    post_payment_credit_notes_amount: before.post_payment_credit_notes_amount + afterPayment,
  };
  if (beforePayment > 0 && credited.amount_remaining === 0) return markCredited(unit, before, credited);
  return askAnew(unit, before, credited);
}

/** A note that was issued before payment is void: it is asked for again. */
export function uncreditInvoice(unit: Unit, before: Invoice, amount: number): Invoice {
  return askAnew(unit, before, askingFor(before, amount));
}

function askingFor(before: Invoice, more: number) {
  return {
    amount_due: before.amount_due + more,
    amount_remaining: before.amount_remaining + more,
    pre_payment_credit_notes_amount: before.pre_payment_credit_notes_amount - more,
  };
}
