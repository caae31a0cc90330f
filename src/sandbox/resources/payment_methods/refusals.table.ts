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
        "observed",
      ),
    ),
  ),
  tokenUsed: invalid("token_already_used", "You cannot use a Stripe token more than once: {id}.", "observed"),
  // In the tests of stripe/stripe-ios.
  methodTypeCurrency: withParam(
    "currency",
    invalid(
      "payment_intent_invalid_parameter",
      "The currency provided ({currency}) is invalid. Payments with {type} support the following currencies: eur.",
      "observed",
    ),
  ),
  methodTypeNotManual: withParam(
    "capture_method",
    invalid("payment_intent_invalid_parameter", "Payments with {type} do not support `capture_method` manual.", "docs"),
  ),
  methodNotReusable: withParam(
    "payment_method",
    invalid(null, "PaymentMethods of type '{type}' cannot be saved to customers.", "observed"),
  ),
  ibanInvalid: withParam(
    "sepa_debit[iban]",
    invalid("invalid_bank_account_iban", "The IBAN you provided is invalid.", "memory"),
  ),
  bankWithoutDebits: withParam(
    "sepa_debit[iban]",
    invalid(
      "bank_account_unusable",
      "The bank of this account does not support SEPA Direct Debit. Please try a different bank account.",
      "docs",
    ),
  ),
  accountWithoutDebits: withParam(
    "sepa_debit[iban]",
    invalid(
      "bank_account_unusable",
      "This bank account does not accept SEPA debits. Please try a different bank account.",
      "docs",
    ),
  ),
  methodUsedUp: invalid(
    null,
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a " +
      "connected account without Customer attachment, or was detached from a Customer. It may not be used again. " +
      "To use " +
      "a PaymentMethod multiple times, you must attach it to a Customer first.",
    "observed",
  ),
  methodNotAttached: invalid(
    null,
    "The payment method you provided is not attached to a customer so detachment is impossible.",
    "observed",
  ),
  // Recorded (06_customers_payment_methods).
  attachToNobody: invalid("parameter_missing", "Must provide customer or customer_account.", "observed"),
  methodAlreadyAttached: invalid(
    null,
    "The payment method you provided has already been attached to a customer.",
    "observed",
  ),
  methodNotSaved: invalid(null, "You must save this PaymentMethod to a customer before you can update it.", "observed"),
} satisfies Refusals;
