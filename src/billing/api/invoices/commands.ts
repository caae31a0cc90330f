// What can be wished of an invoice that is there. Each command takes Stripe's id of it, `in_…`.
import type { Outcome } from "../answers.ts";
import type { Invoice } from "./invoice.ts";

/** Of what can be done once: without `attempt`, the latest there was. */
export interface MoveInvoice {
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface SendInvoice {
  /** Yours: the same id is the same mail, another one is a reminder. */
  readonly id: string;
  readonly attempt?: number;
}

/** With a method, or as paid elsewhere. */
export interface PayInvoice {
  /** Yours: the same id is the same try. */
  readonly id: string;
  /** One of the customer's methods. Without it Stripe takes the invoice's, its subscription's or the customer's. */
  readonly method?: string;
  /** Whether the payer is away; true without it. */
  readonly offSession?: boolean;
  /** The money came another way, such as by a transfer: nothing is charged, and the invoice is paid. */
  readonly outOfBand?: boolean;
  /** Milliseconds. What could not be carried out until then is not. Default: a day, and 15 minutes on session. */
  readonly validForMs?: number;
  readonly attempt?: number;
}

/** Where a customer pays an invoice. */
export interface InvoiceLink {
  readonly invoiceId: string;
  /** The hosted page: send the customer there. */
  readonly url: string;
  readonly expiresAt: Date;
  /** For a page of your own with Stripe.js. */
  readonly clientSecret: string;
  readonly publishableKey: string;
}

export interface InvoiceCommands {
  /**
   * Gives a draft its number and its final amounts; from then on it is asked for. It charges and sends nothing.
   * Throws Problem `wrong_state` for what is not a draft.
   * @example await billing.invoices.finalize("in_1Q2w3e");
   */
  finalize(id: string, options?: MoveInvoice): Promise<Outcome<Invoice>>;
  /**
   * Has Stripe mail an invoice to its customer; a draft is finalized with it. In test mode Stripe mails nothing.
   * Throws Problem `wrong_state` for one that is paid or void.
   * @example await billing.invoices.send("in_1Q2w3e", { id: "reminder_1" });
   */
  send(id: string, options: SendInvoice): Promise<Outcome<Invoice>>;
  /**
   * Deletes a draft for good, with its lines. Throws Problem `wrong_state` for what is final.
   * @example await billing.invoices.discard("in_1Q2w3e");
   */
  discard(id: string, options?: MoveInvoice): Promise<Outcome<{ readonly id: string }>>;
  /**
   * Has an invoice count no more, as if it had never been asked for: one that is open or written off. Throws Problem
   * `wrong_state` for any other; what is paid is credited, with `credit()`.
   * @example await billing.invoices.void("in_1Q2w3e");
   */
  void(id: string, options?: MoveInvoice): Promise<Outcome<Invoice>>;
  /**
   * Says of an open invoice that nobody will pay it: it is uncollectible, and may still be paid. Throws Problem
   * `wrong_state` for one that is not open.
   * @example await billing.invoices.writeOff("in_1Q2w3e");
   */
  writeOff(id: string, options?: MoveInvoice): Promise<Outcome<Invoice>>;
  /**
   * Pays an invoice: at once, after the bank's days (`processing`), or once the customer has confirmed it
   * (`action_required`: send them to `url`). There is never a second charge: Stripe knows one payment for an invoice.
   * Throws Problem `wrong_state` for one that is paid or void, that is being paid at this moment, or where there is
   * nothing to pay with.
   * @example await billing.invoices.pay("in_1Q2w3e", { id: "retry_1", method: "pm_1TqK2mFzYw8rJd5v" });
   */
  pay(id: string, options: PayInvoice): Promise<Outcome<Invoice>>;
  /**
   * A new link, for 24 hours, to a page where the customer pays the invoice. Whoever has it may pay and see what is
   * asked for. Throws Problem `wrong_state` for a draft and for what is paid or void.
   * @example
   * const { url } = await billing.invoices.link("in_1Q2w3e", { returnUrl: "https://shop.example/thanks" });
   */
  link(id: string, options?: { readonly returnUrl?: string }): Promise<InvoiceLink>;
}
