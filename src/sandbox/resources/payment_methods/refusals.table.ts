// What Stripe refuses about PaymentMethods.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  paymentMethodMissing: withStatus(
    404,
    withParam(
      "payment_method",
      invalid(
        "resource_missing",
        "No such PaymentMethod: '{id}'; It's possible this PaymentMethod exists on one of your connected accounts, " +
          "in which " +
          "case you should retry this request on that connected account. Learn more at " +
          "https://stripe.com/docs/connect/authentication",
        "recorded",
      ),
    ),
  ),
  tokenUsed: invalid("token_already_used", "You cannot use a Stripe token more than once: {id}.", "recorded"),
  // In the tests of stripe/stripe-ios.
  methodTypeCurrency: withParam(
    "currency",
    invalid(
      "payment_intent_invalid_parameter",
      "The currency provided ({currency}) is invalid. Payments with {type} support the following currencies: " +
        "{currencies}.",
      "recorded",
    ),
  ),
  methodTypeNotThere: withParam(
    "payment_method_types",
    invalid(
      "payment_intent_invalid_parameter",
      'The payment method type "{type}" is invalid. Please ensure the provided type is activated in your dashboard ' +
        "(https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features " +
        "that you are trying to use. See https://stripe.com/docs/payments/payment-methods/integration-options for " +
        "supported payment methods.",
      "inferred",
    ),
  ),
  methodTypeNotManual: withParam(
    "capture_method",
    invalid(
      "payment_intent_invalid_parameter",
      "Payments with {type} do not support `capture_method` manual.",
      "documented",
    ),
  ),
  methodNotReusable: withParam(
    "payment_method",
    invalid(null, "PaymentMethods of type '{type}' cannot be saved to customers.", "recorded"),
  ),
  ibanInvalid: withParam(
    "sepa_debit[iban]",
    invalid("invalid_bank_account_iban", "The IBAN you provided is invalid.", "inferred"),
  ),
  bankWithoutDebits: withParam(
    "sepa_debit[iban]",
    invalid(
      "bank_account_unusable",
      "The bank of this account does not support SEPA Direct Debit. Please try a different bank account.",
      "documented",
    ),
  ),
  accountWithoutDebits: withParam(
    "sepa_debit[iban]",
    invalid(
      "bank_account_unusable",
      "This bank account does not accept SEPA debits. Please try a different bank account.",
      "documented",
    ),
  ),
  accountNotForTests: invalid(
    "payment_method_invalid_parameter_testmode",
    "You must use a test bank account number in test mode. Try 000123456789 or see more options at " +
      "https://stripe.com/docs/payments/ach-debit/accept-a-payment#test-account-numbers.",
    "inferred",
  ),
  bankUnknown: invalid(
    "payment_method_invalid_parameter",
    "The {field} is not that of a bank of test mode: routing number 110000000, or institution 000 and transit 11000.",
    "declared",
  ),
  depositAmountsWrong: invalid(
    "payment_method_microdeposit_verification_amounts_mismatch",
    "The amounts provided do not match the amounts that were sent to the bank account. You have {left} verification " +
      "attempts remaining.",
    "inferred",
  ),
  depositCodeWrong: invalid(
    "payment_method_microdeposit_verification_descriptor_code_mismatch",
    "The verification code provided does not match the one sent to the bank account. You have {left} verification " +
      "attempts remaining.",
    "inferred",
  ),
  depositsGuessedTooOften: invalid(
    "payment_method_microdeposit_verification_attempts_exceeded",
    "You have exceeded the number of allowed verification attempts.",
    "documented",
  ),
  depositsTimedOut: invalid(
    "payment_method_microdeposit_verification_timeout",
    "Microdeposit verification timed out. Customer failed to verify their bank account within the required 10 day " +
      "period.",
    "documented",
  ),
  depositsNotSent: invalid(
    "payment_method_microdeposit_failed",
    "Microdeposit transfers failed. Please check the account, institution and transit numbers provided.",
    "documented",
  ),
  // https://docs.stripe.com/payments/ach-direct-debit/set-up-payment
  methodUnverified: withParam(
    "payment_method",
    invalid(
      null,
      "PaymentMethods of type {type} must be verified before they can be attached to a customer. Verify it with a " +
        "SetupIntent or a PaymentIntent.",
      "documented",
    ),
  ),
  methodUsedUp: invalid(
    null,
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a " +
      "connected account without Customer attachment, or was detached from a Customer. It may not be used again. " +
      "To use " +
      "a PaymentMethod multiple times, you must attach it to a Customer first.",
    "recorded",
  ),
  methodNotAttached: invalid(
    null,
    "The payment method you provided is not attached to a customer so detachment is impossible.",
    "recorded",
  ),
  // Recorded (06_customers_payment_methods).
  attachToNobody: invalid("parameter_missing", "Must provide customer or customer_account.", "recorded"),
  methodAlreadyAttached: invalid(
    null,
    "The payment method you provided has already been attached to a customer.",
    "recorded",
  ),
  methodNotSaved: invalid(null, "You must save this PaymentMethod to a customer before you can update it.", "recorded"),
} satisfies Refusals;
