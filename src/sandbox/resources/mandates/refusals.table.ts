// What Stripe refuses about mandates.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  mandateInactive: withParam(
    "mandate",
    invalid(
      "payment_intent_mandate_invalid",
      "The mandate {mandate} is not active any more. Set the payment method up again to get a new one.",
      "declared",
    ),
  ),
  mandatePrefixInvalid: withParam(
    "payment_method_options[sepa_debit][mandate_options][reference_prefix]",
    invalid(
      "invalid_mandate_reference_prefix_format",
      "The reference prefix {prefix} is invalid: up to 12 capital letters, digits, or the signs / _ - & . and a blank; " +
        "it cannot begin with STRIPE.",
      "declared",
    ),
  ),
} satisfies Refusals;
