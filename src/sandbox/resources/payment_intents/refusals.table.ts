// What Stripe refuses about PaymentIntents.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // https://github.com/flutter-stripe/flutter_stripe/issues/1348
  accountTypedIn: invalid(
    "payment_method_invalid_parameter",
    "Payment method data is not allowed when payment_method_options[us_bank_account][verification_method]=instant is " +
      "used.",
    "recorded",
  ),
  captureOnce: withParam(
    "final_capture",
    invalid(
      null,
      "`final_capture` can only be false where multicapture is available; it is not for this PaymentIntent.",
      "documented",
    ),
  ),
  capturedTooOften: withParam(
    "final_capture",
    invalid(null, "A PaymentIntent can be captured {limit} times before the last capture.", "inferred"),
  ),
  holdFixed: invalid(
    null,
    "This PaymentIntent cannot be incremented: incremental authorization is not available for its charge.",
    "inferred",
  ),
  holdCaptured: invalid(null, "This PaymentIntent has been captured in part and cannot be incremented.", "inferred"),
  incrementTooSmall: withParam(
    "amount",
    invalid(null, "The amount {amount} must be greater than the currently authorized amount {held}.", "inferred"),
  ),
  incrementedTooOften: invalid(
    null,
    "A PaymentIntent can have a maximum of {limit} incremental authorization attempts.",
    "inferred",
  ),
  descriptorOfCard: invalid(
    null,
    "The statement_descriptor parameter is not supported for the payment_method_type `card`. To continue supporting " +
      "payment_method_type `card`, please pass in `statement_descriptor_suffix` or remove the `statement_descriptor` " +
      "parameter altogether. Please see https://support.stripe.com/questions/" +
      "use-of-the-statement-descriptor-parameter-on-paymentintents-for-card-charges for additional details.",
    "recorded",
  ),
  intentAlreadySucceeded: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    "recorded",
  ),
  intentNotCancelable: invalid(
    "payment_intent_unexpected_state",
    "You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the " +
      "following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, " +
      "requires_confirmation, requires_action, expired, processing.",
    "recorded",
  ),
  // Recorded under 2023-10-16; the statuses above were seen under dahlia.
  intentNotCancelableBefore: invalid(
    "payment_intent_unexpected_state",
    "You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the " +
      "following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, " +
      "requires_action, processing.",
    "recorded",
  ),
  // crvouga/mockingbird compares itself with test mode.
  intentNotConfirmable: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the " +
      "following statuses may be confirmed: requires_confirmation, requires_payment_method, requires_action.",
    "inferred",
  ),
  intentNotUpdatable: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent's {param} could not be updated because it has a status of {status}. You may only update the " +
      "{param} of a PaymentIntent with one of the following statuses: requires_payment_method, " +
      "requires_confirmation, requires_action.",
    "recorded",
  ),
  // https://docs.stripe.com/invoicing/partial-payments has the rule.
  intentOfInvoice: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent was created by an invoice, which alone can {action} it.",
    "documented",
  ),
  intentWaitsForNobody: invalid(
    "payment_intent_unexpected_state",
    "The sandbox cannot {action} {id} because its status is {status}.",
    "own",
  ),
  intentRestReleased: invalid(
    "payment_intent_unexpected_state",
    "The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount " +
      "has been released.",
    "recorded",
  ),
  intentNotCapturable: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent could not be captured because it has a status of {status}. Only a PaymentIntent with one " +
      "of the " +
      "following statuses may be captured: requires_capture.",
    "recorded",
  ),
  intentWithoutMethod: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
      "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
      "method or ConfirmationToken.",
    "recorded",
  ),
  intentOfCustomerWithoutMethod: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with " +
      "{customer}, specify a payment method attached to this customer along with the customer ID.",
    "recorded",
  ),
  intentNeedsReturnUrl: invalid(
    null,
    "This {intent} is configured to accept payment methods enabled in your Dashboard. Because some of these payment " +
      "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to " +
      "accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and " +
      "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    "recorded",
  ),
  // https://github.com/opencollective/opencollective/issues/9603
  paramOfConfirmation: invalid(
    null,
    "The parameter `{param}` cannot be passed when creating a {intent} unless `confirm` is set to true.",
    "recorded",
  ),
  secretWrong: withParam(
    "client_secret",
    invalid(null, "The client_secret provided does not match any associated {intent} on this account.", "recorded"),
  ),
  secretAsId: withParam(
    "intent",
    invalid(
      null,
      "You passed a string that looks like a client secret as the {intent} ID, but you must provide a valid {intent} " +
        "ID. Please use the value in the `id` field of the {intent}.",
      "recorded",
    ),
  ),
  intentOfServers: invalid(
    null,
    "This PaymentIntent {id} cannot be confirmed using your publishable key because its `confirmation_method` is set " +
      "to `manual`. Please use your secret key instead, or create a PaymentIntent with `confirmation_method` set to " +
      "`automatic`.",
    "recorded",
  ),
  captureNegative: withParam("amount_to_capture", invalid(null, "Invalid non-negative integer", "recorded")),
  // Recorded, these three.
  methodOfOtherCustomer: withParam(
    "payment_method",
    invalid(
      null,
      "The PaymentMethod {method} does not belong to the Customer you supplied {customer}. Please use this " +
        "PaymentMethod with the Customer that it belongs to instead.",
      "recorded",
    ),
  ),
  methodOfSomeCustomer: withParam(
    "source",
    invalid(
      "parameter_missing",
      "The `payment_method` parameter supplied {method} belongs to the Customer {customer}. Please include the Customer " +
        "in the `customer` parameter on the PaymentIntent.",
      "recorded",
    ),
  ),
  setupMethodOfSomeCustomer: withParam(
    "payment_method",
    invalid(
      null,
      "The payment method supplied ({method}) belongs to the Customer {customer}. Please include the Customer in the " +
        "`customer` parameter on the SetupIntent.",
      "recorded",
    ),
  ),
  redirectNeedsReturnUrl: withParam(
    "return_url",
    invalid(
      null,
      "You must provide a `return_url` when confirming with a payment method of type {type}, because the payer is sent " +
        "to another page.",
      "inferred",
    ),
  ),
  // https://github.com/stripe/stripe-terminal-react-native/issues/745
  methodTypeNotAllowed: invalid(
    null,
    "The PaymentMethod provided ({type}) is not allowed for this {intent}. Please attach a PaymentMethod of one of " +
      "the following types: {types}. Alternatively, update the allowed payment_method_types for this {intent} to " +
      'include "{type}".',
    "recorded",
  ),
  intentWithoutDeposits: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent does not wait for microdeposits to be verified.",
    "declared",
  ),
  debitNotCancelable: invalid(
    "payment_intent_unexpected_state",
    "You cannot cancel this PaymentIntent because its debit is with the bank already; its status is processing.",
    "documented",
  ),
  // https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
  paymentNeedsMandate: invalid(
    null,
    "This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the " +
      "customer and try again, providing acceptance data in the mandate_data parameter.",
    "documented",
  ),
} satisfies Refusals;
