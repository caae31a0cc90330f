// What Stripe refuses about shipping rates.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  /** As an update was answered in https://github.com/stripe/stripe-go/issues/1710. */
  ownShippingOption: invalid(
    null,
    "You are specifying an update to a currency option that matches the top-level currency for this shipping rate. " +
      "Please remove this currency option and update the top-level params instead.",
    "recorded",
  ),
  /** What is not active is not for new purchases (declared). */
  shippingRateInactive: invalid(
    null,
    "The shipping rate {rate} is not active, so that it cannot be used for new purchases.",
    "inferred",
  ),
  shippingRateInOtherCurrency: invalid(
    null,
    "The shipping rate {rate} has no amount in {currency}. Add one by its `fixed_amount[currency_options]`.",
    "inferred",
  ),
  shippingRateTwice: invalid(
    "parameters_exclusive",
    "You may only specify one of these parameters: shipping_rate, shipping_rate_data.",
    "inferred",
  ),
} satisfies Refusals;
