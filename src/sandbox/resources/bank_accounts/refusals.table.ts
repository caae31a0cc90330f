// What Stripe refuses about bank accounts.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  bankCountryNotPlayed: invalid(
    null,
    "The sandbox has bank accounts of the US, and such as an IBAN names; not those of {country} with a routing number.",
    "own",
  ),
  accountNumberInvalid: invalid(
    "account_number_invalid",
    "You must use a test bank account number in test mode. Try 000123456789 or see more options at " +
      "https://stripe.com/docs/connect/testing#account-numbers.",
    "recorded",
  ),
  routingNumberInvalid: invalid("routing_number_invalid", "Routing number must have 9 digits", "recorded"),
  bankAccountExists: invalid(
    "bank_account_exists",
    "A bank account with that routing number and account number already exists for this customer.",
    "recorded",
  ),
  // The words were seen; the code is the one that the documentation gives it.
  depositsWrong: invalid(
    "bank_account_verification_failed",
    "The amounts provided do not match the amounts that were sent to the bank account.",
    "recorded",
  ),
  bankAccountVerified: invalid(null, "This bank account has already been verified.", "recorded"),
  bankAccountUnverifiable: invalid(
    "bank_account_verification_failed",
    "This bank account cannot be verified: verification has failed too many times.",
    "inferred",
  ),
} satisfies Refusals;
