// What Stripe refuses about customers.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  emailInvalid: invalid("email_invalid", "Invalid email address: {email}", "observed", "email"),
  // https://github.com/getlago/lago-api/pull/3665
  defaultMethodNotAttached: invalid(
    "resource_missing",
    "The customer does not have a payment method with the ID {id}. The payment method must be attached to the " +
      "customer.",
    "observed",
    "invoice_settings[default_payment_method]",
  ),
} satisfies Refusals;
