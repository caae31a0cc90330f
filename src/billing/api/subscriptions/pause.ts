// Subscriptions that rest, and go on.
import type { Outcome } from "../answers.ts";
import type { Subscription } from "./subscription.ts";

/** What becomes of its invoices meanwhile. https://docs.stripe.com/billing/subscriptions/pause-payment */
export const pausedInvoices = ["void", "keep_as_draft", "mark_uncollectible"] as const;
export type PausedInvoices = (typeof pausedInvoices)[number];

/** now: a new period begins. unchanged: that which would run by now goes on, and its rest is paid. */
export const resumeAnchors = ["now", "unchanged"] as const;
export type ResumeAnchor = (typeof resumeAnchors)[number];

export interface PauseSubscription {
  /** Yours, of this wish: the same again is the same wish, and gets the same answer. In REST the Idempotency-Key. */
  readonly id: string;
  /** void: nothing is asked for. keep_as_draft: it is asked for later. mark_uncollectible: it is written off. */
  readonly invoices: PausedInvoices;
  /** When it goes on by itself. Without it, when `resume()` says so. */
  readonly resumesAt?: Date;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface ResumeSubscription {
  /** Yours, of this wish. In REST the Idempotency-Key. */
  readonly id: string;
  /** Of one whose status is `paused`; `now` unless named. */
  readonly billingCycleAnchor?: ResumeAnchor;
  /** Where the payer goes on once they have paid in the page of `action_required`. */
  readonly returnUrl?: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface PauseApi {
  /**
   * It goes on, and its invoices are not collected: told as `subscription.paused`. Given again with other terms, these
   * hold from then on.
   * @throws `not_found`: no subscription of a customer of yours. `wrong_state`: it is over, has not begun, or is paused
   * until a date, and this wish names none.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * if (subscription) await billing.subscriptions.pause(subscription.id, { id: "summer_2027", invoices: "void" });
   */
  pause(subscriptionId: string, options: PauseSubscription): Promise<Outcome<Subscription>>;
  /**
   * Its invoices are collected again; of one whose status is `paused` (its trial ended and nothing was there to pay
   * with) the next period is paid, and it goes on once that is: told as `subscription.resumed`. Then the outcome says
   * what became of the payment; `action_required` leads to the page of its invoice. What nobody pays within a day is
   * voided, and it stays paused. Such a wish holds for 15 minutes.
   * @throws `not_found`, as above. `wrong_state`: it is over.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * if (subscription) await billing.subscriptions.resume(subscription.id, { id: "autumn_2027" });
   */
  resume(subscriptionId: string, options: ResumeSubscription): Promise<Outcome<Subscription>>;
}
