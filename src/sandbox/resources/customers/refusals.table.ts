// What Stripe refuses about customers.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  emailInvalid: withParam("email", invalid("email_invalid", "Invalid email address: {email}", "observed")),
  // https://github.com/getlago/lago-api/pull/3665
  defaultMethodNotAttached: withParam(
    "invoice_settings[default_payment_method]",
    invalid(
      "resource_missing",
      "The customer does not have a payment method with the ID {id}. The payment method must be attached to the " +
        "customer.",
      "observed",
    ),
  ),
} satisfies Refusals;
