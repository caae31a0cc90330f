// READ FIRST. A credit note says that a finalized invoice was for too much. It takes off what is still asked for first;
// what is left of it gives back what was paid: by a refund, to the customer's balance, or outside of Stripe. One that
// only took off may be made void while its invoice is open.
// https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

export type CreditNote = Omit<Stored<Stripe.CreditNote, "issued" | "void">, "lines" | "refunds"> & {
  readonly refunds: readonly LinkedRefund[];
};

export interface LinkedRefund {
  readonly amount_refunded: number;
  readonly payment_record_refund: null;
  readonly refund: string;
  readonly type: "refund";
}

export const creditNotes = defineNoun<CreditNote>({
  object: "credit_note",
  prefixes: ["cn"],
  label: "credit note",
  indices: ["customer", "invoice"],
  clock: "invoice",
  expandable: {
    customer: "customer",
    customer_balance_transaction: "customer_balance_transaction",
    invoice: "invoice",
    refund: "refund",
    "refunds.refund": "refund",
    "shipping_cost.shipping_rate": "shipping_rate",
  } as object,
});

export const creditNoteMachine = defineMachine(creditNotes, ({ id }) => refusal(rows.noteVoid, { id }))({
  create: { from: ["new"], to: { issued: "credit_note.created" } },
  void: { from: ["issued"], to: { void: "credit_note.voided" } },
});

/** Of an invoice, oldest first. */
export function notesOf(unit: Unit, invoice: string): CreditNote[] {
  return among(unit, creditNotes, "invoice", invoice);
}

/** Those that stand. */
export function issuedOf(unit: Unit, invoice: string): CreditNote[] {
  return notesOf(unit, invoice).filter(({ status }) => status === "issued");
}
