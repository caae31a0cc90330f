// What Stripe refuses about discounts.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // https://docs.stripe.com/billing/subscriptions/coupons#stacking has the rules.
  discountTwice: withParam(
    "discounts",
    invalid(null, "The coupon {coupon} is used by more than one of these discounts.", "inferred"),
  ),
  discountOfOne: withParam(
    "discounts",
    invalid(null, "A discount is one of: a coupon, an existing discount, a promotion code.", "inferred"),
  ),
} satisfies Refusals;
