// Subscriptions that end: now, later, or not after all.
import type { Outcome } from "../answers.ts";
import type { Subscription } from "./subscription.ts";

/** Why a customer goes, as Stripe spells it. https://docs.stripe.com/api/subscriptions/cancel */
export const cancelReasons = [
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
] as const;
export type CancelReason = (typeof cancelReasons)[number];

/**
 * Of what is paid and not used: nothing goes back; it is the customer's credit, which their next invoices take; it goes
 * back as money, to where it came from.
 */
export const cancelRefunds = ["none", "credit", "refund"] as const;
export type CancelRefund = (typeof cancelRefunds)[number];

/** Of invoices that are open when it ends: they stay owed, or are taken back. */
export const openInvoiceWays = ["leave", "void"] as const;
export type OpenInvoiceWay = (typeof openInvoiceWays)[number];

export interface CancelSubscription {
  /** Yours, of this wish: the same again is the same wish, and gets the same answer. In REST the Idempotency-Key. */
  readonly id: string;
  /**
   * `period_end`: when all that is paid for is used up; where items are paid by the month and by the year, at the last
   * of these ends. Or at once, or at an instant to come, by Stripe's time or that of its test clock.
   */
  readonly when: "period_end" | "now" | Date;
  /** `none` unless named. `refund` goes with `now` alone, and `credit` with `now` and an instant. */
  readonly refund?: CancelRefund;
  /** `leave` unless named. `void` goes with `now` alone. */
  readonly openInvoices?: OpenInvoiceWay;
  readonly reason?: CancelReason;
  /** In the customer's own words, 1 to 500 characters. */
  readonly comment?: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface UndoCancel {
  /** Yours, of this wish. In REST the Idempotency-Key. */
  readonly id: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface EndsApi {
  /**
   * Ends it: told as `subscription.cancel_scheduled` when that is planned, and as `subscription.ended` when it came. A
   * change that waits for the end of the period is dropped. One that is over already is `done`, as it stands. Invoices
   * that are open stay owed, and Stripe does not collect them any more; but that of one that is `incomplete` is voided,
   * and with `openInvoices: "void"` all are, told as `invoice.voided`, or `invoice.not_done` of one that was just paid.
   *
   * With `refund: "refund"` the unused part goes back, as Stripe reckons it at this moment, never more than was paid:
   * a refund of the invoice that billed it, `refunds.get("<subscription>:<id of the wish>")`, and `…:2` where two
   * payments are concerned. It is made once the subscription is over, and until then the answer is `processing`. One
   * that comes to nothing is told as `refund.failed` and flagged; `refunds.create({ id, invoiceId, amount })` sends it
   * again. What went back may not be used any more.
   * @throws `not_found`: no subscription of a customer of yours. `invalid_params`: what does not go together.
   * `wrong_state`: it is over, and what is unused can no more be reckoned; or it has not begun and cannot end later.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * if (subscription) await billing.subscriptions.cancel(subscription.id, { id: "cancel_1", when: "period_end" });
   */
  cancel(subscriptionId: string, options: CancelSubscription): Promise<Outcome<Subscription>>;
  /**
   * Takes a planned end back, whoever planned it: told as `subscription.cancel_withdrawn`. Where none is planned, it is
   * done. A change that was dropped by the cancel does not come back.
   * @throws `not_found`, as above. `wrong_state`: it is over.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * if (subscription) await billing.subscriptions.undo(subscription.id, { id: "stay_1" });
   */
  undo(subscriptionId: string, options: UndoCancel): Promise<Outcome<Subscription>>;
}
