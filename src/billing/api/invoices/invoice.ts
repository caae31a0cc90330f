// An invoice: what a customer is asked for, as Stripe knows it.
import type Stripe from "stripe";

/** As Stripe spells them. https://docs.stripe.com/api/invoices/object#invoice_object-status */
export const invoiceStatuses = ["draft", "open", "paid", "uncollectible", "void"] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** As it was last seen. Instants of one on a test clock are that clock's. */
export interface Invoice {
  /** `in_…` */
  readonly id: string;
  /** null when its Customer is nobody's here. */
  readonly customerId: string | null;
  readonly subscriptionId: string | null;
  /** The id under which you have had it made with `create()`; null of every other. */
  readonly ownId: string | null;
  readonly status: InvoiceStatus;
  /** A draft has none. */
  readonly number: string | null;
  readonly billingReason: string | null;
  readonly currency: string;
  /** In minor units of the currency. */
  readonly amounts: InvoiceAmounts;
  readonly createdAt: Date;
  readonly dueAt: Date | null;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly finalizedAt: Date | null;
  readonly paidAt: Date | null;
  readonly voidedAt: Date | null;
  readonly markedUncollectibleAt: Date | null;
  /** As Stripe counts them: after the first only its own. */
  readonly attemptCount: number;
  readonly nextPaymentAttempt: Date | null;
  readonly autoAdvance: boolean;
  /** charge_automatically or send_invoice. */
  readonly collectionMethod: string;
  /** What became of the latest try to pay it, while it is open. */
  readonly attempt: InvoiceAttempt | null;
  readonly lineCount: number;
  /** Where the customer pays it, and its document. A draft has neither. */
  readonly hostedInvoiceUrl: string | null;
  readonly invoicePdf: string | null;
  readonly testClockId: string | null;
  /** Stripe's object, without its lists. */
  readonly stripe: { readonly invoice: Omit<Stripe.Invoice, "lines" | "payments"> };
}

/** In minor units of the invoice's currency. */
export interface InvoiceAmounts {
  readonly due: number;
  readonly paid: number;
  readonly remaining: number;
  readonly overpaid: number;
  readonly shipping: number;
  readonly subtotal: number;
  readonly subtotalExcludingTax: number | null;
  readonly total: number;
  readonly totalExcludingTax: number | null;
  readonly tax: number;
  readonly discount: number;
  readonly startingBalance: number;
  /** A draft has none. */
  readonly endingBalance: number | null;
  readonly prePaymentCreditNotes: number;
  readonly postPaymentCreditNotes: number;
}

export interface InvoiceAttempt {
  readonly paymentIntent: string;
  /** The PaymentIntent's: requires_payment_method after a refusal, requires_action, processing. */
  readonly status: string;
  readonly latestCharge: string | null;
  readonly failure: { readonly code: string; readonly declineCode: string | null; readonly message: string } | null;
}

export interface InvoiceLine {
  readonly id: string;
  /** Minor units, before discounts but for prorations. */
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly quantity: number | null;
  /** Parts of a minor unit are possible. */
  readonly unitAmountDecimal: string | null;
  readonly priceId: string | null;
  readonly productId: string | null;
  readonly subscriptionId: string | null;
  readonly subscriptionItemId: string | null;
  readonly invoiceItemId: string | null;
  readonly isProration: boolean;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
}
