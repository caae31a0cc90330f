// What Stripe refuses about promotion codes.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  codeExists: invalid(null, "An active promotion code with `code: {code}` already exists.", "recorded"),
  promotionWithoutCoupon: withParam(
    "promotion.coupon",
    invalid(null, "You must pass promotion.coupon when passing promotion", "recorded"),
  ),
  // https://docs.stripe.com/api/promotion_codes/create#create_promotion_code-code has the rule.
  codeInvalid: withParam(
    "code",
    invalid(null, "Promotion codes may only contain letters, digits and dashes: {code}", "inferred"),
  ),
  codeExpiresTooLate: withParam(
    "expires_at",
    invalid(null, "A promotion code cannot expire after its coupon's redeem_by.", "inferred"),
  ),
  codeExpiresTooEarly: withParam("expires_at", invalid(null, "The expires_at must be in the future.", "inferred")),
  codeRedeemedTooOften: withParam(
    "max_redemptions",
    invalid(null, "The max_redemptions of a promotion code cannot be greater than its coupon's.", "inferred"),
  ),
  minimumWithoutCurrency: withParam(
    "restrictions[minimum_amount_currency]",
    invalid(null, "You must pass both minimum_amount and minimum_amount_currency.", "inferred"),
  ),
  codeEnded: withParam(
    "active",
    invalid(null, "The promotion code {code} has ended, and cannot be made active again.", "inferred"),
  ),
  codeInactive: withParam(
    "promotion_code",
    invalid("coupon_expired", "This promotion code is expired or no longer active: {code}", "inferred"),
  ),
  codeOfOther: withParam(
    "promotion_code",
    invalid(null, "This promotion code cannot be redeemed by the customer {customer}.", "inferred"),
  ),
  // https://github.com/stripe/stripe-php/issues/1146
  codeForFirstTime: withParam(
    "promotion_code",
    invalid(
      null,
      "This promotion code cannot be redeemed because the associated customer has prior transactions.",
      "recorded",
    ),
  ),
  codeForMore: withParam(
    "promotion_code",
    invalid(null, "This promotion code cannot be redeemed for less than {minimum}.", "inferred"),
  ),
  codeForWhole: withParam(
    "promotion_code",
    invalid(null, "This promotion code asks for a minimum amount, and cannot be redeemed for an item.", "inferred"),
  ),
} satisfies Refusals;
