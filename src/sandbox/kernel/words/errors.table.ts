// Every refusal of Stripe's that the sandbox copies, with how sure its words are. Placeholders in braces are filled by
// `fillMessage`. A row is a fact about Stripe; where a test shows another wording, change the row and its source.

/**
 * `observed`: seen in real answers or pasted ones; who saw it stands above the row, where it is one place. `docs`: in
 * Stripe's documentation. `declarations`: the code stands in the SDK, the words are ours. `emulators`: others checked
 * it against test mode. `memory`: nobody confirmed it. `sandbox`: Stripe has no such refusal; the words say what the
 * sandbox lacks.
 *
 * "Recorded" is short for the answers of test mode under 2026-08-26.dahlia that
 * https://github.com/Kiln-AI/stripe_world keeps in tests/conformance/cassettes.
 */
export type RefusalSource = "observed" | "docs" | "declarations" | "emulators" | "memory" | "sandbox";

export interface Refusal {
  readonly status: number;
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly code: string | null;
  /** Null: none, or it depends on the request. */
  readonly param: string | null;
  readonly message: string;
  readonly source: RefusalSource;
}

function invalid(code: string | null, message: string, source: RefusalSource, param: string | null = null): Refusal {
  return { status: 400, type: "invalid_request_error", code, param, message, source };
}

function withStatus(status: number, refusal: Refusal): Refusal {
  return { ...refusal, status };
}

function idempotency(message: string, source: RefusalSource): Refusal {
  return { ...invalid(null, message, source), type: "idempotency_error" };
}

export const refusalTable = {
  // Keys and versions.
  keyMissing: withStatus(
    401,
    invalid(
      null,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer " +
        "auth " +
        "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for " +
        "details, or " +
        "we can help at https://support.stripe.com/.",
      "observed",
    ),
  ),
  keyInvalid: withStatus(401, invalid(null, "Invalid API Key provided: {key}", "observed")),
  // In the tests of stripe/stripe-cli (pkg/requests) and stripe/stripe-ios.
  keyExpired: withStatus(401, invalid("api_key_expired", "Expired API Key provided: {key}", "observed")),
  keyNotSecret: withStatus(
    401,
    invalid(
      "secret_key_required",
      "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list " +
        "of your " +
        "API keys at https://dashboard.stripe.com/account/apikeys.",
      "observed",
    ),
  ),
  accountUnknown: withStatus(
    403,
    invalid(
      "account_invalid",
      "The provided key '{key}' does not have access to account '{account}' (or that account does not exist). " +
        "Application access may have been revoked.",
      "observed",
    ),
  ),
  // Recorded (03_malformed_stripe_version): without a `request_log_url`.
  versionInvalid: invalid(null, "Invalid Stripe API version: {version}", "observed"),

  // Addresses and objects.
  urlTooLong: withStatus(414, invalid(null, "Request-URI Too Large", "memory")),
  urlUnknown: withStatus(
    404,
    invalid(
      null,
      "Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. If " +
        "you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. " +
        "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
      "observed",
    ),
  ),
  objectMissing: withStatus(404, invalid("resource_missing", "No such {noun}: '{id}'", "observed", "id")),
  objectInOtherMode: withStatus(
    404,
    invalid(
      "resource_missing",
      "No such {noun}: '{id}'; a similar object exists in live mode, but a test mode key was used to make this " +
        "request.",
      "observed",
      "id",
    ),
  ),
  paymentMethodMissing: withStatus(
    404,
    invalid(
      "resource_missing",
      "No such PaymentMethod: '{id}'; It's possible this PaymentMethod exists on one of your connected accounts, " +
        "in which " +
        "case you should retry this request on that connected account. Learn more at " +
        "https://stripe.com/docs/connect/authentication",
      "observed",
      "payment_method",
    ),
  ),
  alreadyExists: invalid("resource_already_exists", "{noun} already exists.", "observed"),
  /** What only time or the sandbox itself asks for, so that nobody hears it. */
  moveImpossible: invalid(null, "The sandbox cannot {action} {id} because its status is {status}.", "sandbox"),

  // Parameters; kernel/schema writes these.
  parameterUnknown: invalid("parameter_unknown", "Received unknown parameter: {param}", "observed"),
  parameterMisspelt: invalid(
    "parameter_unknown",
    "Received unknown parameter: {param}. Did you mean {hint}?",
    "observed",
  ),
  parametersUnknown: invalid("parameter_unknown", "Received unknown parameters: {params}", "observed"),
  parameterMissing: invalid("parameter_missing", "Missing required param: {param}.", "observed"),
  parameterNotInteger: invalid("parameter_invalid_integer", "Invalid integer: {value}", "observed"),
  parameterEmpty: invalid(
    "parameter_invalid_empty",
    "You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; however " +
      "'{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value.",
    "observed",
  ),
  parameterNotOneOf: invalid(null, "Invalid {param}: must be {values}", "observed"),
  parameterNotHash: invalid(null, "Invalid object", "emulators"),
  parameterNotList: invalid(null, "Invalid array", "emulators"),
  parameterNotText: invalid(null, "Invalid string: {value}", "observed"),
  parameterNotBoolean: invalid(null, "Invalid boolean: {value}", "emulators"),
  parameterNotDecimal: invalid(null, "Invalid decimal: {value}", "emulators"),
  parametersExclusive: invalid(
    "parameters_exclusive",
    "You may only specify one of these parameters: {params}.",
    "emulators",
  ),
  bothReceived: invalid(null, "Received both {one} and {other} parameters. Please pass in only one.", "observed"),
  listTooLong: invalid(null, "Array {param} exceeded maximum {limit} allowed elements.", "emulators"),
  belowMinimum: invalid(
    "parameter_invalid_integer",
    "This value must be greater than or equal to {limit}.",
    "observed",
  ),
  notPositive: invalid("parameter_invalid_integer", "Invalid positive integer", "observed", "amount"),

  bodyNotForm: invalid(
    null,
    "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any " +
      "questions, we can help at https://support.stripe.com/.",
    "observed",
  ),
  formNotUtf8: invalid(null, "Invalid request: the parameters are not percent-encoded UTF-8.", "sandbox"),
  formTooLarge: withStatus(413, invalid(null, "{what} than this server accepts.", "sandbox")),
  // Neither names a parameter.
  metadataKeyTooLong: invalid(
    null,
    "Metadata keys can have up to {limit} characters, but you passed in a key that is {length} characters. Invalid " +
      "key: {key}",
    "observed",
  ),
  metadataValueTooLong: invalid(
    null,
    "Metadata values can have up to {limit} characters, but you passed in a value that is {length} characters. " +
      "Invalid value: {value}",
    "observed",
  ),
  metadataKeyBracketed: invalid(
    null,
    "Metadata keys cannot contain square brackets. Invalid key: {key}",
    "memory",
    "metadata",
  ),
  metadataTooLong: invalid(null, "You can specify up to {limit} keys in metadata.", "memory", "metadata"),
  emailInvalid: invalid("email_invalid", "Invalid email address: {email}", "observed", "email"),
  urlInvalid: invalid(
    "url_invalid",
    "Invalid URL: An explicit scheme (such as https) must be provided.",
    "observed",
    "url",
  ),

  // Search.
  searchTooOld: invalid(
    null,
    "Search is not supported on api version {version}. Update your API version, or set the API Version of this " +
      "request to 2020-08-27 or greater.",
    "observed",
  ),
  // This one and the next: the specs of stripe-ruby-mock/stripe-ruby-mock, which run against Stripe too.
  searchUnreadable: invalid(
    null,
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata ' +
      'or key:"value" to query for other fields.',
    "emulators",
  ),
  searchFieldUnknown: invalid(
    null,
    "Field `{field}` is an unsupported search field for resource `{resource}`. See " +
      "http://stripe.com/docs/search#query-fields-for-{page} for a list of supported fields.",
    "emulators",
  ),
  searchMixed: invalid(null, "We do not support combining `AND` and `OR` in the same query.", "memory"),
  searchTooLong: invalid(null, "Queries can have at most {limit} clauses.", "memory"),
  searchOperatorWrong: invalid(null, "Operator `{operator}` is not supported for the field `{field}`.", "memory"),
  searchNumberWrong: invalid(null, "Field `{field}` only supports numeric values.", "memory"),
  searchPartTooShort: invalid(
    null,
    "Substring search on the field `{field}` needs at least {limit} characters.",
    "memory",
  ),
  searchPageUnknown: invalid(
    null,
    "Invalid page token. Use the `next_page` of a search with the same query.",
    "memory",
    "page",
  ),

  // Expansion. Only the first name of a path is checked; none of these names a parameter.
  expansionTooDeep: invalid(
    "property_expansion_max_depth",
    "You cannot expand more than 4 levels of a property. Property: {path}",
    "observed",
  ),
  expansionImpossible: invalid(null, "This property cannot be expanded ({name}).", "observed"),
  expansionImpossibleInList: invalid(
    null,
    "This property cannot be expanded ({name}). You may want to try expanding 'data.{name}' instead.",
    "observed",
  ),
  /** A field that other versions have. https://github.com/craftcms/commerce-stripe/issues/343 */
  expansionGone: invalid(null, "This property cannot be expanded because it doesn't exist: {name}.", "observed"),
  // crvouga/mockingbird compares itself with test mode.
  inclusionImpossible: invalid(null, "This property cannot be included ({name})", "emulators"),

  // Idempotency.
  idempotencyKeyEmpty: idempotency("Idempotency Key must be a non-empty string.", "docs"),
  idempotencyOtherParameters: idempotency(
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using " +
      "a key " +
      "other than '{key}' if you meant to execute a different request.",
    "observed",
  ),
  idempotencyOtherEndpoint: idempotency(
    "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{first}' vs " +
      "'{second}'). Try using a key other than '{key}' if you meant to execute a different request.",
    "observed",
  ),
  idempotencyInProgress: withStatus(
    409,
    invalid(
      "idempotency_key_in_use",
      "There is currently another in-progress request using this Idempotent Key (that probably means you " +
        "submitted twice, " +
        "and the other request is still going through): {key}. Please try again later.",
      "docs",
    ),
  ),
  lockTimeout: withStatus(
    429,
    invalid(
      "lock_timeout",
      "This object cannot be accessed right now because another API request or Stripe process is currently accessing " +
        "it. If you see this error intermittently, retry the request. If you see this error frequently and are making " +
        "multiple concurrent requests to a single object, make your requests serially or at a lower rate.",
      "observed",
    ),
  ),
  // Test mode's words; live mode's begin with "Request rate limit exceeded. Learn more about rate limits here".
  rateLimit: withStatus(
    429,
    invalid(
      "rate_limit",
      "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more " +
        "about rate limits here https://stripe.com/docs/rate-limits.",
      "observed",
    ),
  ),
  idempotencyKeyTooLong: invalid(null, "Idempotency Key must be at most {limit} characters long.", "memory"),
  // The status was seen, the words are ours.
  cliSessionsTooMany: withStatus(429, invalid(null, "There are too many Stripe CLI sessions.", "memory")),
  cliFiltersMalformed: invalid(null, "Invalid JSON in filters.", "memory", "filters"),

  // Money.
  currencyInvalid: invalid(
    null,
    "Invalid currency: {currency}. Stripe currently supports these currencies: {currencies}",
    "observed",
    "currency",
  ),
  amountWithoutMinimum: invalid(
    "parameter_invalid_integer",
    "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency " +
      "set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment " +
      "Method for future use without an immediate payment, use a Setup Intent instead: " +
      "https://docs.stripe.com/payments/setup-intents",
    "observed",
    "amount",
  ),
  amountTooSmall: invalid("amount_too_small", "Amount must be at least {amount}", "observed", "amount"),
  amountTooLarge: invalid("amount_too_large", "Amount must be no more than {amount}", "observed", "amount"),

  // Tokens, sources, charges, disputes, payouts and reviews.
  tokenUsed: invalid("token_already_used", "You cannot use a Stripe token more than once: {id}.", "observed"),
  tokenTypeNotPlayed: invalid(null, "The sandbox makes tokens of cards and bank accounts, not of {type}.", "sandbox"),
  bankCountryNotPlayed: invalid(
    null,
    "The sandbox has bank accounts of the US, and such as an IBAN names; not those of {country} with a routing number.",
    "sandbox",
  ),
  bankAccountNotCharged: invalid(
    null,
    "The sandbox does not debit bank accounts through the Charges API ({id}). Pay by a PaymentIntent instead.",
    "sandbox",
    "source",
  ),
  accountNumberInvalid: invalid(
    "account_number_invalid",
    "You must use a test bank account number in test mode. Try 000123456789 or see more options at " +
      "https://stripe.com/docs/connect/testing#account-numbers.",
    "observed",
  ),
  routingNumberInvalid: invalid("routing_number_invalid", "Routing number must have 9 digits", "observed"),
  bankAccountExists: invalid(
    "bank_account_exists",
    "A bank account with that routing number and account number already exists for this customer.",
    "observed",
  ),
  // The words were seen; the code is the one that the documentation gives it.
  depositsWrong: invalid(
    "bank_account_verification_failed",
    "The amounts provided do not match the amounts that were sent to the bank account.",
    "observed",
  ),
  bankAccountVerified: invalid(null, "This bank account has already been verified.", "observed"),
  bankAccountUnverifiable: invalid(
    "bank_account_verification_failed",
    "This bank account cannot be verified: verification has failed too many times.",
    "memory",
  ),
  sourceTypeNotPlayed: invalid(
    null,
    "The sandbox has sources of types card and sepa_debit, not {type}.",
    "sandbox",
    "type",
  ),
  // https://github.com/mage2pro/stripe/issues/55
  sourceUnchargeable: invalid(null, "The source you provided is not in a chargeable state.", "observed"),
  chargeWithoutSource: invalid("parameter_missing", "Must provide source or customer.", "observed"),
  chargeOfUnlinkedSource: invalid(
    "missing",
    "Customer {customer} does not have a linked source with ID {id}.",
    "observed",
    "card",
  ),
  chargeNotCapturable: invalid(null, "Charge {id} cannot be captured because it {why}.", "memory"),
  // Recorded (04_money_path).
  chargeOfIntent: invalid(
    null,
    "This uncaptured Charge was created by a PaymentIntent ({intent}). You must capture the PaymentIntent instead. For " +
      "more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
    "observed",
  ),
  refundOfNoFee: invalid(
    null,
    "Only an application generating a fee can call refund_application_fee on {charge}",
    "observed",
    "refund_application_fee",
  ),
  refundOfNoTransfer: invalid(
    null,
    "Cannot reverse the transfer of {charge}: it does not have an associated transfer.",
    "memory",
    "reverse_transfer",
  ),
  refundOfCashBalance: invalid(
    null,
    "The sandbox has no cash balance: a refund names a charge or a payment_intent.",
    "sandbox",
    "origin",
  ),
  // pushplay/stripe-stateful-mock compares itself with test mode.
  refundOfHoldInPart: invalid(
    null,
    "You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the " +
      "original amount",
    "emulators",
    "amount",
  ),
  chargeExpired: invalid(
    "charge_expired_for_capture",
    "Charge {id} cannot be captured because the charge has expired (a charge must be captured within 7 days). You " +
      "will need to create a new charge to retry the payment.",
    "observed",
  ),
  captureOnce: invalid(
    null,
    "`final_capture` can only be false where multicapture is available; it is not for this PaymentIntent.",
    "docs",
    "final_capture",
  ),
  descriptorOfCard: invalid(
    null,
    "The statement_descriptor parameter is not supported for the payment_method_type `card`. To continue supporting " +
      "payment_method_type `card`, please pass in `statement_descriptor_suffix` or remove the `statement_descriptor` " +
      "parameter altogether. Please see https://support.stripe.com/questions/" +
      "use-of-the-statement-descriptor-parameter-on-paymentintents-for-card-charges for additional details.",
    "observed",
  ),
  // Recorded (04_money_path), of a payment intent.
  captureTooLarge: invalid(
    "amount_too_large",
    "The payment could not be captured because the requested capture amount is greater than the amount you can " +
      "capture for this charge. Contact us via https://support.stripe.com/contact/ for help.",
    "observed",
  ),
  balanceInsufficient: invalid(
    "balance_insufficient",
    "You have insufficient available funds in your Stripe account. Try adding funds directly to your available " +
      "balance by creating Charges using the 4000000000000077 test card. See: " +
      "https://stripe.com/docs/testing#available-balance",
    "observed",
  ),
  // In the tests of stripe.net and of LocalStack's extension, both against Stripe.
  payoutNotCancelable: invalid(null, "Payouts can only be canceled while they are pending.", "observed"),
  payoutByHand: invalid(
    null,
    "Balance transaction history can only be filtered on automatic transfers, not manual.",
    "observed",
  ),
  payoutAutomatic: invalid(null, "Automatic payouts cannot be canceled.", "memory"),
  payoutReversed: invalid(null, "The payout {id} is reversed already, by {reversal}.", "memory"),
  payoutIrreversible: invalid(null, "The payout {id} can't be reversed: it is a debit or an Instant Payout.", "docs"),
  payoutReversalTooLate: invalid(
    null,
    "The payout {id} can't be reversed: it was expected to arrive more than 90 days ago.",
    "docs",
  ),
  payoutDayInvalid: invalid(null, "Payout days of a month are between 1 and 31.", "docs"),
  delayDaysInvalid: invalid(null, "The delay of {days} days is not between 0 and {max}.", "docs"),
  payoutUnmovable: invalid(null, "You cannot {action} the payout {id} because it is {status}.", "memory"),
  // Recorded (05_refunds_disputes), without a full stop.
  disputeClosed: invalid(null, "This dispute is already closed", "observed"),
  disputeSubmitted: invalid(null, "You cannot {action} the dispute {id} because it is {status}.", "memory"),
  evidenceTooLong: invalid(
    null,
    "The combined character count of all evidence fields is limited to {max}.",
    "docs",
    "evidence",
  ),
  reviewClosed: invalid(null, "This review is closed already: {id}.", "memory"),

  // PaymentIntents and SetupIntents.
  intentAlreadySucceeded: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    "observed",
  ),
  intentNotCancelable: invalid(
    "payment_intent_unexpected_state",
    "You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the " +
      "following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, " +
      "requires_confirmation, requires_action, expired, processing.",
    "observed",
  ),
  // crvouga/mockingbird compares itself with test mode.
  intentNotConfirmable: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the " +
      "following statuses may be confirmed: requires_confirmation, requires_payment_method, requires_action.",
    "emulators",
  ),
  intentNotUpdatable: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent's {param} could not be updated because it has a status of {status}. You may only update the " +
      "{param} of a PaymentIntent with one of the following statuses: requires_payment_method, " +
      "requires_confirmation, requires_action.",
    "observed",
  ),
  intentWaitsForNobody: invalid(
    "payment_intent_unexpected_state",
    "The sandbox cannot {action} {id} because its status is {status}.",
    "sandbox",
  ),
  intentRestReleased: invalid(
    "payment_intent_unexpected_state",
    "The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount " +
      "has been released.",
    "observed",
  ),
  intentNotCapturable: invalid(
    "payment_intent_unexpected_state",
    "This PaymentIntent could not be captured because it has a status of {status}. Only a PaymentIntent with one " +
      "of the " +
      "following statuses may be captured: requires_capture.",
    "observed",
  ),
  intentWithoutMethod: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
      "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
      "method or ConfirmationToken.",
    "observed",
  ),
  intentOfCustomerWithoutMethod: invalid(
    "payment_intent_unexpected_state",
    "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with " +
      "{customer}, specify a payment method attached to this customer along with the customer ID.",
    "observed",
  ),
  intentNeedsReturnUrl: invalid(
    null,
    "This {intent} is configured to accept payment methods enabled in your Dashboard. Because some of these payment " +
      "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to " +
      "accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and " +
      "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    "observed",
  ),
  methodTypesRetired: invalid(
    "payment_method_types_no_longer_supported",
    "The parameter payment_method_types is no longer supported. Leave it out to use dynamic payment methods, or use " +
      "allowed_payment_method_types or excluded_payment_method_types instead.",
    "declarations",
    "payment_method_types",
  ),

  // Recorded (07_setup_intents); what is said of canceled ones comes from emulators.
  setupSucceeded: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has already succeeded.",
    "observed",
  ),
  setupCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has been canceled.",
    "emulators",
  ),
  setupAlreadyCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it is already canceled.",
    "observed",
  ),
  setupNotCancelable: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it has a status of {status}. Only a SetupIntent with one of the " +
      "following statuses may be canceled: `requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    "observed",
  ),
  setupWaitsForNobody: invalid(
    "setup_intent_unexpected_state",
    "The sandbox cannot {action} {id} because its status is {status}.",
    "sandbox",
  ),
  setupWithoutMethod: invalid(
    "setup_intent_unexpected_state",
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the " +
      "SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
      "method or ConfirmationToken.",
    "observed",
  ),
  // https://github.com/opencollective/opencollective/issues/9603
  paramOfConfirmation: invalid(
    null,
    "The parameter `{param}` cannot be passed when creating a {intent} unless `confirm` is set to true.",
    "observed",
  ),
  secretWrong: invalid(
    null,
    "The client_secret provided does not match any associated {intent} on this account.",
    "observed",
    "client_secret",
  ),
  secretAsId: invalid(
    null,
    "You passed a string that looks like a client secret as the {intent} ID, but you must provide a valid {intent} " +
      "ID. Please use the value in the `id` field of the {intent}.",
    "observed",
    "intent",
  ),
  intentOfServers: invalid(
    null,
    "This PaymentIntent {id} cannot be confirmed using your publishable key because its `confirmation_method` is set " +
      "to `manual`. Please use your secret key instead, or create a PaymentIntent with `confirmation_method` set to " +
      "`automatic`.",
    "observed",
  ),
  captureNegative: invalid(null, "Invalid non-negative integer", "observed", "amount_to_capture"),
  // Recorded, these three.
  methodOfOtherCustomer: invalid(
    null,
    "The PaymentMethod {method} does not belong to the Customer you supplied {customer}. Please use this " +
      "PaymentMethod with the Customer that it belongs to instead.",
    "observed",
    "payment_method",
  ),
  methodOfSomeCustomer: invalid(
    "parameter_missing",
    "The `payment_method` parameter supplied {method} belongs to the Customer {customer}. Please include the Customer " +
      "in the `customer` parameter on the PaymentIntent.",
    "observed",
    "source",
  ),
  setupMethodOfSomeCustomer: invalid(
    null,
    "The payment method supplied ({method}) belongs to the Customer {customer}. Please include the Customer in the " +
      "`customer` parameter on the SetupIntent.",
    "observed",
    "payment_method",
  ),
  redirectNeedsReturnUrl: invalid(
    null,
    "You must provide a `return_url` when confirming with a payment method of type {type}, because the payer is sent " +
      "to another page.",
    "memory",
    "return_url",
  ),
  // https://github.com/stripe/stripe-terminal-react-native/issues/745
  methodTypeNotAllowed: invalid(
    null,
    "The PaymentMethod provided ({type}) is not allowed for this {intent}. Please attach a PaymentMethod of one of " +
      "the following types: {types}. Alternatively, update the allowed payment_method_types for this {intent} to " +
      'include "{type}".',
    "observed",
  ),
  // In the tests of stripe/stripe-ios.
  methodTypeCurrency: invalid(
    "payment_intent_invalid_parameter",
    "The currency provided ({currency}) is invalid. Payments with {type} support the following currencies: eur.",
    "observed",
    "currency",
  ),
  methodTypeNotManual: invalid(
    "payment_intent_invalid_parameter",
    "Payments with {type} do not support `capture_method` manual.",
    "docs",
    "capture_method",
  ),
  debitNotCancelable: invalid(
    "payment_intent_unexpected_state",
    "You cannot cancel this PaymentIntent because its debit is with the bank already; its status is processing.",
    "docs",
  ),
  // https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
  paymentNeedsMandate: invalid(
    null,
    "This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the " +
      "customer and try again, providing acceptance data in the mandate_data parameter.",
    "docs",
  ),
  setupNeedsMandate: invalid(
    null,
    "This SetupIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the " +
      "customer and try again, providing acceptance data in the mandate_data parameter.",
    "memory",
  ),
  mandateInactive: invalid(
    "payment_intent_mandate_invalid",
    "The mandate {mandate} is not active any more. Set the payment method up again to get a new one.",
    "declarations",
    "mandate",
  ),
  mandatePrefixInvalid: invalid(
    "invalid_mandate_reference_prefix_format",
    "The reference prefix {prefix} is invalid: up to 12 capital letters, digits, or the signs / _ - & . and a blank; " +
      "it cannot begin with STRIPE.",
    "declarations",
    "payment_method_options[sepa_debit][mandate_options][reference_prefix]",
  ),

  // Confirmation tokens.
  confirmationTokenUsed: invalid(
    null,
    "The ConfirmationToken {id} has already been used with {intent}. Create a new one.",
    "memory",
    "confirmation_token",
  ),
  confirmationTokenExpired: invalid(
    null,
    "The ConfirmationToken {id} has expired. Create a new one.",
    "memory",
    "confirmation_token",
  ),

  // PaymentMethods.
  methodTypeNotPlayed: invalid(null, "The sandbox has payment methods of type {types}, not {type}.", "sandbox", "type"),
  methodNotReusable: invalid(
    null,
    "PaymentMethods of type '{type}' cannot be saved to customers.",
    "observed",
    "payment_method",
  ),
  ibanInvalid: invalid("invalid_bank_account_iban", "The IBAN you provided is invalid.", "memory", "sepa_debit[iban]"),
  bankWithoutDebits: invalid(
    "bank_account_unusable",
    "The bank of this account does not support SEPA Direct Debit. Please try a different bank account.",
    "docs",
    "sepa_debit[iban]",
  ),
  accountWithoutDebits: invalid(
    "bank_account_unusable",
    "This bank account does not accept SEPA debits. Please try a different bank account.",
    "docs",
    "sepa_debit[iban]",
  ),
  rawCardUnsafe: withStatus(
    402,
    invalid(
      null,
      "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens " +
        "that map " +
        "to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data " +
        "APIs, see " +
        "https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.",
      "observed",
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
  // https://github.com/getlago/lago-api/pull/3665
  defaultMethodNotAttached: invalid(
    "resource_missing",
    "The customer does not have a payment method with the ID {id}. The payment method must be attached to the " +
      "customer.",
    "observed",
    "invoice_settings[default_payment_method]",
  ),
  methodNotSaved: invalid(null, "You must save this PaymentMethod to a customer before you can update it.", "observed"),

  // Charges, refunds, disputes. Recorded (05_refunds_disputes).
  refundOfNothing: invalid(
    null,
    "One of the following params should be provided for this request: payment_intent or charge.",
    "observed",
  ),
  refundOfUnpaid: invalid(
    null,
    "This PaymentIntent ({intent}) does not have a successful charge to refund.",
    "observed",
  ),
  refundOfHold: invalid(
    null,
    "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the PaymentIntent to reverse " +
      "the authorization instead of refunding the Charge directly. For more information, see " +
      "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
    "observed",
  ),
  refundOfFailedCharge: invalid(null, "Charge {id} cannot be refunded because it has a status of {status}.", "memory"),
  refundNotCancelable: invalid(null, "Canceling this refund is unsupported.", "observed"),
  refundOverAmount: invalid(
    null,
    "Refund amount ({amount}) is greater than unrefunded amount on charge ({unrefunded})",
    "observed",
    "amount",
  ),
  chargeAlreadyRefunded: invalid("charge_already_refunded", "Charge {charge} has already been refunded.", "observed"),
  chargeAlreadyCaptured: invalid("charge_already_captured", "Charge {charge} has already been captured.", "observed"),
  chargeDisputed: invalid(
    "charge_disputed",
    "Charge {charge} has been charged back; cannot issue a refund.",
    "observed",
  ),

  webhookEndpointsTooMany: invalid(null, "You have reached the maximum of {limit} test webhook endpoints.", "observed"),

  // Invoices, subscriptions, catalog.
  customerWithoutMethod: invalid(
    "resource_missing",
    "This customer has no attached payment source or default payment method. Please consider adding a default " +
      "payment " +
      "method. For more information, visit " +
      "https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    "observed",
  ),
  invoiceNotOpen: invalid(null, "You can only pass in open invoices. This invoice isn't open.", "observed"),
  invoiceAlreadyPaid: invalid(null, "Invoice is already paid", "observed"),
  invoiceNotEditable: invalid("invoice_not_editable", "This invoice is no longer editable", "observed"),
  invoiceNotDraft: invalid(null, "You can only delete draft invoices", "observed"),
  nothingToInvoiceCustomer: invalid("invoice_no_customer_line_items", "Nothing to invoice for customer", "observed"),
  nothingToInvoiceSubscription: invalid(
    "invoice_no_subscription_line_items",
    "Nothing to invoice for subscription",
    "observed",
  ),
  subscriptionCanceled: invalid(
    "invalid_canceled_subscription_fields",
    "A canceled subscription can only update its cancellation_details and metadata.",
    "observed",
  ),
  lookupKeyTaken: invalid(
    "resource_already_exists",
    "A price (`{id}`) already uses that lookup key.",
    "observed",
    "lookup_key",
  ),
  productHasPrices: invalid(
    null,
    "This product cannot be deleted because it has one or more user-created prices.",
    "observed",
  ),
  couponExpired: invalid("coupon_expired", "This coupon has expired.", "memory", "coupon"),
} as const satisfies Readonly<Record<string, Refusal>>;

export type RefusalName = keyof typeof refusalTable;

/** Codes without a page of their own, so that the error has no `doc_url`: one of Stripe's, and ours. */
export const codesWithoutPage: readonly string[] = ["property_expansion_max_depth", "sandbox_not_covered"];

export interface CardRefusal {
  readonly code: string;
  readonly declineCode: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly adviceCode: "confirm_card_data" | "do_not_try_again" | "try_again_later" | null;
  readonly source: RefusalSource;
}

const declinedMessage = "Your card was declined.";

function decline(
  declineCode: string,
  adviceCode: CardRefusal["adviceCode"],
  source: RefusalSource = "docs",
  message = declinedMessage,
): CardRefusal {
  return { code: "card_declined", declineCode, param: null, message, adviceCode, source };
}

function cardProblem(
  code: string,
  param: string | null,
  message: string,
  source: RefusalSource,
  adviceCode: CardRefusal["adviceCode"] = null,
): CardRefusal {
  return { code, declineCode: null, param, message, adviceCode, source };
}

/** HTTP 402, `type: card_error`; by decline code, or by code where there is none. Advice codes are from memory. */
export const cardRefusalTable: Readonly<Record<string, CardRefusal>> = {
  generic_decline: decline("generic_decline", "try_again_later", "observed"),
  insufficient_funds: decline("insufficient_funds", "try_again_later", "observed", "Your card has insufficient funds."),
  lost_card: decline("lost_card", "do_not_try_again", "observed"),
  stolen_card: decline("stolen_card", "do_not_try_again", "observed"),
  card_velocity_exceeded: decline(
    "card_velocity_exceeded",
    "try_again_later",
    "observed",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  ),
  fraudulent: decline("fraudulent", "do_not_try_again", "docs"),
  do_not_honor: decline("do_not_honor", "try_again_later"),
  call_issuer: decline("call_issuer", "try_again_later"),
  pickup_card: decline("pickup_card", "do_not_try_again"),
  restricted_card: decline("restricted_card", "do_not_try_again"),
  transaction_not_allowed: decline("transaction_not_allowed", "do_not_try_again"),
  try_again_later: decline("try_again_later", "try_again_later"),
  card_not_supported: decline(
    "card_not_supported",
    "do_not_try_again",
    "observed",
    "Your card does not support this type of purchase.",
  ),
  authentication_required: {
    ...decline(
      "authentication_required",
      null,
      "observed",
      "Your card was declined. This transaction requires authentication.",
    ),
    code: "authentication_required",
  },
  authentication_not_handled: {
    ...decline(
      "authentication_not_handled",
      null,
      "docs",
      "This payment required an authentication action to complete, but `error_on_requires_action` was set. When " +
        "you're ready, you can upgrade your integration to handle actions at " +
        "https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
    ),
    code: "authentication_required",
  },
  test_mode_live_card: decline(
    "test_mode_live_card",
    null,
    "observed",
    "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid " +
      "test " +
      "cards, visit: https://stripe.com/docs/testing.",
  ),
  expired_card: cardProblem("expired_card", "exp_month", "Your card has expired.", "observed", "do_not_try_again"),
  incorrect_cvc: cardProblem(
    "incorrect_cvc",
    "cvc",
    "Your card's security code is incorrect.",
    "observed",
    "confirm_card_data",
  ),
  processing_error: cardProblem(
    "processing_error",
    null,
    "An error occurred while processing your card. Try again in a little bit.",
    "observed",
    "try_again_later",
  ),
  incorrect_number: cardProblem("incorrect_number", "number", "Your card number is incorrect.", "observed"),
  invalid_number: cardProblem("invalid_number", "number", "The card number is not a valid credit card number.", "docs"),
  invalid_expiry_month: cardProblem(
    "invalid_expiry_month",
    "exp_month",
    "Your card's expiration month is invalid.",
    "observed",
  ),
  invalid_expiry_year: cardProblem(
    "invalid_expiry_year",
    "exp_year",
    "Your card's expiration year is invalid.",
    "observed",
  ),
  invalid_cvc: cardProblem("invalid_cvc", "cvc", "Your card's security code is invalid.", "docs"),
  incorrect_zip: cardProblem("incorrect_zip", "address_zip", "Your card's zip code failed validation.", "memory"),
  payment_intent_authentication_failure: cardProblem(
    "payment_intent_authentication_failure",
    null,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    "observed",
  ),
  setup_intent_authentication_failure: cardProblem(
    "setup_intent_authentication_failure",
    null,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    "observed",
  ),
};

/** `fillMessage("No such {noun}: '{id}'", { noun: "price", id: "x" })`; a placeholder without a value is a bug. */
export function fillMessage(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The message "${message}" has no value for ${name}`);
    return String(value);
  });
}
