// Refunds: money on its way back.
import type { Money, Outcome, Page, PageOptions } from "./answers.ts";

export const refundStatuses = ["pending", "requires_action", "succeeded", "failed", "canceled"] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** The reasons that Stripe takes. */
export const refundReasons = ["duplicate", "fraudulent", "requested_by_customer"] as const;
export type RefundReason = (typeof refundReasons)[number];

export interface Refund {
  readonly id: string;
  /** Null: it is of an invoice, or of a payment of neither. */
  readonly orderId: string | null;
  /** Stripe's. Null also while it is not known whose a payment is. */
  readonly invoiceId: string | null;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly stripe: { readonly refundId: string | null };
}

/** What was paid: an order of yours, or an invoice by Stripe's id, one-off or of a subscription. */
type RefundOf =
  | { readonly orderId: string; readonly invoiceId?: undefined }
  | { readonly orderId?: undefined; readonly invoiceId: string };

export type CreateRefund = RefundOf & {
  /** Yours, and required: two refunds of 5 € are legal, a repeated one is not a second. */
  readonly id: string;
  /** Minor units. Without it all that is left. */
  readonly amount?: number;
  readonly reason?: RefundReason;
  /** 2 after Stripe refused the first, and so on. A refund that is done or under way admits no further one. */
  readonly attempt?: number;
};

export interface RefundFilter {
  readonly orderId?: string;
  readonly invoiceId?: string;
  readonly status?: RefundStatus;
  /** `re_…` */
  readonly stripeId?: string;
  /** Minor units. */
  readonly amount?: number;
}

export interface RefundsApi {
  /**
   * Sends back what was paid, whole or a part. The amount is set aside before Stripe is asked, so that refunds never
   * come to more than was paid, with those of the Dashboard and of credit notes. A refund says nothing of a
   * subscription: what its invoice paid for may still be used, until `subscriptions.cancel()`; and nothing of the
   * invoice, which stays `paid`: `invoices.credit()` corrects it.
   * @throws `not_found`: no such order, no such invoice of a customer of yours. `invalid_amount`: more than is left, or
   * than one payment has left of an invoice that several have paid. `wrong_state`: nothing was paid.
   * `stripe_refused`: it is disputed, and the payer's bank takes it back by itself.
   * @example
   * const [invoice] = (await billing.invoices.list({ customerId: "user_42", status: "paid" })).data;
   * if (invoice) await billing.refunds.create({ id: "refund_1", invoiceId: invoice.id, amount: 500 });
   */
  create(input: CreateRefund): Promise<Outcome<Refund>>;
  get(id: string): Promise<Refund>;
  list(options?: PageOptions & RefundFilter): Promise<Page<Refund>>;
}
