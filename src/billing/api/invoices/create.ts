// An invoice that you have made: lines of yours, sent or charged once.
import type { Outcome } from "../answers.ts";
import type { Invoice } from "./invoice.ts";

/** send: the customer pays it until it is due. charge: it is paid at once, with a saved method. */
export const invoiceCollections = ["send", "charge"] as const;
export type InvoiceCollection = (typeof invoiceCollections)[number];
/** stripe: Stripe Tax reckons them. rates: those that each line names. none: there are none. */
export const invoiceTaxes = ["stripe", "rates", "none"] as const;
export type InvoiceTaxes = (typeof invoiceTaxes)[number];

/** What it is for, and what one costs: an amount of yours, or a price that is paid once. */
export type NewInvoiceLine = {
  /** 1 without it. */
  readonly quantity?: number;
  /** With `taxes: "rates"`: Stripe's ids of them, `txr_…`. */
  readonly taxes?: readonly string[];
} & (
  | {
      readonly description: string;
      /** Minor units for one. Negative: what is taken off. */
      readonly unitAmount: number;
      readonly price?: never;
    }
  | {
      /** What it is called instead of the product's name. */
      readonly description?: string;
      /** Its lookup key in the catalog, or Stripe's id of it, `price_…`. */
      readonly price: string;
      readonly unitAmount?: never;
    }
);

export interface InvoiceCustomField {
  /** At most 40 characters. */
  readonly name: string;
  /** At most 140 characters. */
  readonly value: string;
}

export interface CreateInvoice {
  /** Yours: the same id with the same content is the same invoice. */
  readonly id: string;
  readonly customerId: string;
  /** Stripe bills a customer in one currency. */
  readonly currency: string;
  /** 1 to 250. */
  readonly lines: readonly NewInvoiceLine[];
  readonly collection: InvoiceCollection;
  /** Of what is sent: one of the two. */
  readonly daysUntilDue?: number;
  readonly dueAt?: Date;
  /** Of what is charged: one of the customer's methods; without it Stripe takes their default. */
  readonly method?: string;
  /** Above and below the lines. */
  readonly memo?: string;
  readonly footer?: string;
  /** At most four. */
  readonly customFields?: readonly InvoiceCustomField[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** "none" without it. */
  readonly taxes?: InvoiceTaxes;
  /** false leaves a draft, which is neither sent nor charged. */
  readonly finalize?: boolean;
  /** false: Stripe mails nothing. What is to be sent is mailed without it. */
  readonly send?: boolean;
  /** Milliseconds. What could not be carried out until then is not. Default: a day. */
  readonly validForMs?: number;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface MadeInvoice {
  /** Yours. */
  readonly id: string;
  /** Null until Stripe has it, and after it was taken back. */
  readonly invoice: Invoice | null;
}

export interface CreatesInvoices {
  /**
   * Makes an invoice of these lines and no others, finalizes it, and sends or charges it. Nothing half-made remains:
   * where Stripe refuses a line or the finalization, the draft is deleted, and the next attempt begins anew. Once it is
   * final it stands: what is declined then, or could not be mailed, is wished again with `pay()` or `send()`.
   * Throws Problem `conflict` for an id that was given before with other content.
   * @example
   * const lines = [{ description: "Consulting, November", quantity: 3, unitAmount: 12000 }];
   * const terms = { collection: "send", daysUntilDue: 14 } as const;
   * await billing.invoices.create({ id: "invoice_2026_11", customerId: "user_42", currency: "eur", lines, ...terms });
   */
  create(input: CreateInvoice): Promise<Outcome<MadeInvoice>>;
}
