// What Stripe refuses about customers.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  emailInvalid: withParam("email", invalid("email_invalid", "Invalid email address: {email}", "recorded")),
  // https://github.com/getlago/lago-api/pull/3665
  defaultMethodNotAttached: withParam(
    "invoice_settings[default_payment_method]",
    invalid(
      "resource_missing",
      "The customer does not have a payment method with the ID {id}. The payment method must be attached to the " +
        "customer.",
      "recorded",
    ),
  ),
  couponAndCode: withParam(
    "promotion_code",
    invalid(null, "You may only specify one of these parameters: coupon, promotion_code.", "inferred"),
  ),
  prefixTaken: withParam(
    "invoice_prefix",
    invalid(
      null,
      "This invoice number prefix is taken by customer: {customer}. Please enter a different prefix.",
      "recorded",
    ),
  ),
  // https://docs.stripe.com/api/customers/create has the rule.
  prefixInvalid: withParam(
    "invoice_prefix",
    invalid(null, "The invoice prefix must be 3 to 12 uppercase letters or numbers.", "inferred"),
  ),
  discountMissing: withStatus(
    404,
    invalid("resource_missing", "No active discount for customer: {customer}", "inferred"),
  ),
  // https://docs.stripe.com/billing/testing/test-clocks has the rule.
  clockFull: withParam(
    "test_clock",
    invalid(null, "The test clock {clock} has {limit} customers already, and cannot have more.", "inferred"),
  ),
} satisfies Refusals;
