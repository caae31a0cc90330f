// Credits: what an invoice asked too much. At Stripe each is a credit note.
import type { Money, Outcome } from "../answers.ts";

/** Where what was paid goes: to the balance of their next invoices, back as a refund, or another way. */
export const creditWays = ["balance", "refund", "out_of_band"] as const;
export type CreditWay = (typeof creditWays)[number];
/** As at Stripe. https://docs.stripe.com/api/credit_notes/create#create_credit_note-reason */
export const creditReasons = ["duplicate", "fraudulent", "order_change", "product_unsatisfactory"] as const;
export type CreditReason = (typeof creditReasons)[number];
/** pending: on its way to Stripe, and set aside. failed: Stripe refused it, and nothing was credited. */
export const creditStatuses = ["pending", "issued", "void", "failed"] as const;
export type CreditStatus = (typeof creditStatuses)[number];

export interface InvoiceCredit {
  /** Yours; Stripe's of one that was made elsewhere. */
  readonly id: string;
  readonly invoiceId: string;
  readonly amount: Money;
  readonly status: CreditStatus;
  /** `cn_…`; null until Stripe has it. */
  readonly creditNoteId: string | null;
  readonly number: string | null;
  readonly createdAt: Date;
}

/** A line of the invoice, by how many or by how much, or a line of your own. */
export type CreditedLine =
  | { readonly line: string; readonly quantity: number; readonly amount?: never }
  | { readonly line: string; readonly amount: number; readonly quantity?: never }
  | { readonly description: string; readonly quantity?: number; readonly unitAmount: number };

export interface CreditInvoice {
  /** Yours: the same id is the same credit. */
  readonly id: string;
  /** Minor units, taxes included. Without it: all that is left. With lines it is what they come to. */
  readonly amount?: number;
  readonly lines?: readonly CreditedLine[];
  /** Of what was paid already. What is still open only becomes less. */
  readonly to?: CreditWay;
  readonly reason?: CreditReason;
  readonly memo?: string;
  readonly attempt?: number;
}

export interface CreditsInvoices {
  /**
   * Takes back what an invoice asked too much. Of one that is open less is due, and none is left when all is credited;
   * what was paid goes where `to` says. The amount is set aside before Stripe is asked, so that credits given at once
   * never come to more than the invoice. Throws Problem `invalid_amount` for more than is left, `wrong_state` for a
   * draft and for what is void.
   * @example
   * await billing.invoices.credit("in_1Q2w3e", { id: "credit_1", amount: 500, to: "refund" });
   */
  credit(id: string, options: CreditInvoice): Promise<Outcome<InvoiceCredit>>;
  /**
   * The credits of an invoice that have been seen, whoever made them, the oldest first.
   * @example const [first] = await billing.invoices.credits("in_1Q2w3e");
   */
  credits(id: string): Promise<readonly InvoiceCredit[]>;
}
