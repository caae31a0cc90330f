// What a subscription that runs is paid with, and what is taken off.
import type { Outcome } from "../answers.ts";
import type { Subscription } from "./subscription.ts";

interface DiscountWish {
  /** Yours, of this wish: the same again is the same wish, and gets the same answer. In REST the Idempotency-Key. */
  readonly id: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

/** One of both, as the only discount from then on; `coupon: null` takes all away. */
export type DiscountSubscription = DiscountWish &
  (
    | {
        /** Its name in the catalog that was applied. */
        readonly coupon: string | null;
        /** Of the catalog; `bursar` unless named. */
        readonly namespace?: string;
        readonly promotionCode?: never;
      }
    | {
        /** What the customer types: `SUMMER27`, in any case. */
        readonly promotionCode: string;
        readonly coupon?: never;
        readonly namespace?: never;
      }
  );

export interface SetSubscriptionMethod {
  /** Yours, of this wish. In REST the Idempotency-Key. */
  readonly id: string;
  /** `pm_…` of the same customer. Stripe takes no other away again: to leave it, name the customer's default. */
  readonly method: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface TermsApi {
  /**
   * What is taken off its invoices from the next one on; what it had before is dropped. Without one of its own, the
   * customer's holds.
   * @throws `not_found`: no subscription of a customer of yours, or no such coupon or code. `wrong_state`: it is over
   * or has not begun, or the code is not for this customer; the message says why.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * if (subscription) await billing.subscriptions.discount(subscription.id, { id: "no_discount", coupon: null });
   */
  discount(subscriptionId: string, options: DiscountSubscription): Promise<Outcome<Subscription>>;
  /**
   * What its invoices are paid with from now on.
   * @throws `not_found`: no subscription of a customer of yours, or no such method of that customer. `wrong_state`: it
   * is over, or the method was removed or belongs to somebody else.
   * @example
   * const [subscription] = (await billing.subscriptions.list({ customerId: "user_42" })).data;
   * const [card] = await billing.methods.list("user_42");
   * if (subscription && card) {
   *   await billing.subscriptions.setMethod(subscription.id, { id: "choice_1", method: card.id });
   * }
   */
  setMethod(subscriptionId: string, options: SetSubscriptionMethod): Promise<Outcome<Subscription>>;
}
