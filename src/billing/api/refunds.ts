// Refunds: money on its way back.
import type { Money, Outcome, Page, PageOptions } from "./answers.ts";

export const refundStatuses = ["pending", "requires_action", "succeeded", "failed", "canceled"] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** The reasons that Stripe takes. */
export const refundReasons = ["duplicate", "fraudulent", "requested_by_customer"] as const;
export type RefundReason = (typeof refundReasons)[number];

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly stripe: { readonly refundId: string | null };
}

export interface RefundsApi {
  /** `id` is yours and required: two refunds of 5 € are legal, a repeated one is not a second. */
  create(input: {
    id: string;
    orderId: string;
    amount?: number;
    reason?: RefundReason;
    /** 2 after Stripe refused the first, and so on. A refund that is done or under way admits no further one. */
    attempt?: number;
  }): Promise<Outcome<Refund>>;
  get(id: string): Promise<Refund>;
  /** `stripeId`: `re_…`. `amount` in minor units. */
  list(
    options?: PageOptions & { orderId?: string; status?: RefundStatus; stripeId?: string; amount?: number },
  ): Promise<Page<Refund>>;
}
