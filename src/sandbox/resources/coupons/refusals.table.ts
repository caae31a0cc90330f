// What Stripe refuses about coupons.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  couponExists: withParam("id", invalid("resource_already_exists", "Coupon already exists.", "inferred")),
  couponOfNothing: invalid(null, "You must pass either percent_off or amount_off.", "inferred"),
  couponWithoutCurrency: withParam(
    "currency",
    invalid("parameter_missing", "You must pass currency when passing amount_off.", "inferred"),
  ),
  couponWithoutAmount: withParam(
    "currency_options",
    invalid(null, "You can only pass currency_options when passing amount_off.", "inferred"),
  ),
  couponWithoutMonths: withParam(
    "duration_in_months",
    invalid("parameter_missing", "You must pass duration_in_months when passing duration=repeating.", "inferred"),
  ),
  couponMonthsUnasked: withParam(
    "duration_in_months",
    invalid(null, "You can only pass duration_in_months when passing duration=repeating.", "inferred"),
  ),
  redeemByPassed: withParam("redeem_by", invalid(null, "The redeem_by must be in the future.", "inferred")),
  // https://docs.stripe.com/api/coupons/create#create_coupon-redeem_by has the rule.
  redeemByTooLate: withParam(
    "redeem_by",
    invalid(null, "The redeem_by cannot be more than five years in the future.", "inferred"),
  ),
  couponExpired: withParam("coupon", invalid("coupon_expired", "Coupon expired: {coupon}", "inferred")),
  couponInOtherCurrency: withParam(
    "coupon",
    invalid(null, "The coupon {coupon} takes nothing off in {currency}, which is what is billed.", "inferred"),
  ),
} satisfies Refusals;
