// Every refusal of the kernel's own, and those that several nouns say in the same words.
import { idempotency, invalid, type Refusals, withParam, withStatus } from "./refusals.ts";

export const common = {
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
      "recorded",
    ),
  ),
  keyInvalid: withStatus(401, invalid(null, "Invalid API Key provided: {key}", "recorded")),
  // In the tests of stripe/stripe-cli (pkg/requests) and stripe/stripe-ios.
  keyExpired: withStatus(401, invalid("api_key_expired", "Expired API Key provided: {key}", "recorded")),
  keyNotSecret: withStatus(
    401,
    invalid(
      "secret_key_required",
      "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list " +
        "of your " +
        "API keys at https://dashboard.stripe.com/account/apikeys.",
      "recorded",
    ),
  ),
  // https://github.com/antiwork/gumroad, whose tests recorded it under 2023-10-16.
  destinationMissing: invalid("resource_missing", "No such destination: '{id}'", "recorded"),
  accountUnknown: withStatus(
    403,
    invalid(
      "account_invalid",
      "The provided key '{key}' does not have access to account '{account}' (or that account does not exist). " +
        "Application access may have been revoked.",
      "recorded",
    ),
  ),
  // Recorded (03_malformed_stripe_version): without a `request_log_url`.
  versionInvalid: invalid(null, "Invalid Stripe API version: {version}", "recorded"),

  // Addresses and objects.
  urlTooLong: withStatus(414, invalid(null, "Request-URI Too Large", "inferred")),
  urlUnknown: withStatus(
    404,
    invalid(
      null,
      "Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. If " +
        "you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. " +
        "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
      "recorded",
    ),
  ),
  objectMissing: withStatus(404, withParam("id", invalid("resource_missing", "No such {noun}: '{id}'", "recorded"))),
  /** What only time or the sandbox itself asks for, so that nobody hears it. */
  moveImpossible: invalid(null, "The sandbox cannot {action} {id} because its status is {status}.", "own"),

  // Parameters; kernel/schema writes these.
  parameterUnknown: invalid("parameter_unknown", "Received unknown parameter: {param}", "recorded"),
  parameterMisspelt: invalid(
    "parameter_unknown",
    "Received unknown parameter: {param}. Did you mean {hint}?",
    "recorded",
  ),
  parametersUnknown: invalid("parameter_unknown", "Received unknown parameters: {params}", "recorded"),
  parameterMissing: invalid("parameter_missing", "Missing required param: {param}.", "recorded"),
  parameterNotInteger: invalid("parameter_invalid_integer", "Invalid integer: {value}", "recorded"),
  parameterEmpty: invalid(
    "parameter_invalid_empty",
    "You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; however " +
      "'{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value.",
    "recorded",
  ),
  parameterNotOneOf: invalid(null, "Invalid {param}: must be {values}", "recorded"),
  parameterNotHash: invalid(null, "Invalid object", "inferred"),
  parameterNotList: invalid(null, "Invalid array", "inferred"),
  parameterNotText: invalid(null, "Invalid string: {value}", "recorded"),
  parameterNotBoolean: invalid(null, "Invalid boolean: {value}", "inferred"),
  parameterNotDecimal: invalid(null, "Invalid decimal: {value}", "inferred"),
  parametersExclusive: invalid(
    "parameters_exclusive",
    "You may only specify one of these parameters: {params}.",
    "inferred",
  ),
  bothReceived: invalid(null, "Received both {one} and {other} parameters. Please pass in only one.", "recorded"),
  listTooLong: invalid(null, "Array {param} exceeded maximum {limit} allowed elements.", "inferred"),
  belowMinimum: invalid(
    "parameter_invalid_integer",
    "This value must be greater than or equal to {limit}.",
    "recorded",
  ),
  decimalBelow: invalid(
    null,
    "This value must be greater than or equal to {limit} (it currently is '{value}').",
    "recorded",
  ),
  decimalAbove: invalid(
    null,
    "This value must be less than or equal to {limit} (it currently is '{value}').",
    "inferred",
  ),
  decimalTooLong: invalid(
    null,
    "Invalid decimal: {value}; must contain at maximum {places} decimal places.",
    "inferred",
  ),
  textTooLong: invalid(null, "Invalid string: {value}; must be at most {limit} characters", "recorded"),
  // https://github.com/cartalyst/stripe-laravel/issues/56
  descriptorTooLong: invalid(
    null,
    "The statement descriptor must be at most {limit} characters. {value} is {length} characters long.",
    "recorded",
  ),
  notPositive: withParam("amount", invalid("parameter_invalid_integer", "Invalid positive integer", "recorded")),

  bodyNotForm: invalid(
    null,
    "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any " +
      "questions, we can help at https://support.stripe.com/.",
    "recorded",
  ),
  formNotUtf8: invalid(null, "Invalid request: the parameters are not percent-encoded UTF-8.", "own"),
  formTooLarge: withStatus(413, invalid(null, "{what} than this server accepts.", "own")),
  // Neither names a parameter.
  metadataKeyTooLong: invalid(
    null,
    "Metadata keys can have up to {limit} characters, but you passed in a key that is {length} characters. Invalid " +
      "key: {key}",
    "recorded",
  ),
  metadataValueTooLong: invalid(
    null,
    "Metadata values can have up to {limit} characters, but you passed in a value that is {length} characters. " +
      "Invalid value: {value}",
    "recorded",
  ),
  metadataKeyBracketed: withParam(
    "metadata",
    invalid(null, "Metadata keys cannot contain square brackets. Invalid key: {key}", "inferred"),
  ),
  metadataTooLong: withParam("metadata", invalid(null, "You can specify up to {limit} keys in metadata.", "inferred")),
  urlInvalid: withParam(
    "url",
    invalid("url_invalid", "Invalid URL: An explicit scheme (such as https) must be provided.", "recorded"),
  ),

  // Search.
  searchTooOld: invalid(
    null,
    "Search is not supported on api version {version}. Update your API version, or set the API Version of this " +
      "request to 2020-08-27 or greater.",
    "recorded",
  ),
  // This one and the next: the specs of stripe-ruby-mock/stripe-ruby-mock, which run against Stripe too.
  searchUnreadable: invalid(
    null,
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata ' +
      'or key:"value" to query for other fields.',
    "recorded",
  ),
  searchFieldUnknown: invalid(
    null,
    "Field `{field}` is an unsupported search field for resource `{resource}`. See " +
      "http://stripe.com/docs/search#query-fields-for-{page} for a list of supported fields.",
    "recorded",
  ),
  searchMixed: invalid(null, "We do not support combining `AND` and `OR` in the same query.", "inferred"),
  searchTooLong: invalid(null, "Queries can have at most {limit} clauses.", "inferred"),
  searchOperatorWrong: invalid(null, "Operator `{operator}` is not supported for the field `{field}`.", "inferred"),
  searchNumberWrong: invalid(null, "Field `{field}` only supports numeric values.", "inferred"),
  searchPartTooShort: invalid(
    null,
    "Substring search on the field `{field}` needs at least {limit} characters.",
    "inferred",
  ),
  searchPageUnknown: withParam(
    "page",
    invalid(null, "Invalid page token. Use the `next_page` of a search with the same query.", "inferred"),
  ),

  // Expansion. Only the first name of a path is checked; none of these names a parameter.
  expansionTooDeep: invalid(
    "property_expansion_max_depth",
    "You cannot expand more than 4 levels of a property. Property: {path}",
    "recorded",
  ),
  expansionImpossible: invalid(null, "This property cannot be expanded ({name}).", "recorded"),
  expansionImpossibleInList: invalid(
    null,
    "This property cannot be expanded ({name}). You may want to try expanding 'data.{name}' instead.",
    "recorded",
  ),
  /** A field that other versions have. https://github.com/craftcms/commerce-stripe/issues/343 */
  expansionGone: invalid(null, "This property cannot be expanded because it doesn't exist: {name}.", "recorded"),
  // crvouga/mockingbird compares itself with test mode.
  inclusionImpossible: invalid(null, "This property cannot be included ({name})", "inferred"),

  // Idempotency.
  idempotencyKeyEmpty: idempotency("Idempotency Key must be a non-empty string.", "documented"),
  idempotencyOtherParameters: idempotency(
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using " +
      "a key " +
      "other than '{key}' if you meant to execute a different request.",
    "recorded",
  ),
  idempotencyOtherEndpoint: idempotency(
    "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{first}' vs " +
      "'{second}'). Try using a key other than '{key}' if you meant to execute a different request.",
    "recorded",
  ),
  idempotencyInProgress: withStatus(
    409,
    invalid(
      "idempotency_key_in_use",
      "There is currently another in-progress request using this Idempotent Key (that probably means you " +
        "submitted twice, " +
        "and the other request is still going through): {key}. Please try again later.",
      "documented",
    ),
  ),
  lockTimeout: withStatus(
    429,
    invalid(
      "lock_timeout",
      "This object cannot be accessed right now because another API request or Stripe process is currently accessing " +
        "it. If you see this error intermittently, retry the request. If you see this error frequently and are making " +
        "multiple concurrent requests to a single object, make your requests serially or at a lower rate.",
      "recorded",
    ),
  ),
  // Test mode's words; live mode's begin with "Request rate limit exceeded. Learn more about rate limits here".
  rateLimit: withStatus(
    429,
    invalid(
      "rate_limit",
      "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more " +
        "about rate limits here https://stripe.com/docs/rate-limits.",
      "recorded",
    ),
  ),
  // As people have met it, with a 429; they name no code.
  clockAdvancing: withStatus(
    429,
    invalid(null, "Test clock advancement underway - cannot perform modifications: {clock}", "recorded"),
  ),
  idempotencyKeyTooLong: invalid(null, "Idempotency Key must be at most {limit} characters long.", "inferred"),

  // Money.
  currencyInvalid: withParam(
    "currency",
    invalid(null, "Invalid currency: {currency}. Stripe currently supports these currencies: {currencies}", "recorded"),
  ),
  currencyKeyCapital: invalid(
    null,
    "Currencies must be lowercase when used as keys in a map. Use `{currency}` instead of `{key}`.",
    "recorded",
  ),
  amountWithoutMinimum: withParam(
    "amount",
    invalid(
      "parameter_invalid_integer",
      "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency " +
        "set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment " +
        "Method for future use without an immediate payment, use a Setup Intent instead: " +
        "https://docs.stripe.com/payments/setup-intents",
      "recorded",
    ),
  ),
  amountTooSmall: withParam("amount", invalid("amount_too_small", "Amount must be at least {amount}", "recorded")),
  amountTooLarge: withParam("amount", invalid("amount_too_large", "Amount must be no more than {amount}", "recorded")),
  // https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds, of charges and refunds.
  amountNotWhole: withParam(
    "amount",
    invalid(
      "invalid_charge_amount_no_decimal_compatible",
      "Invalid amount. Currency {currency} has become effectively zero-decimal and charged amounts must be evenly " +
        "divisible by 100. See https://stripe.com/docs/currencies#special-cases for more information.",
      "documented",
    ),
  ),
  // The rule is documented, the words are after those above.
  amountNotOfTens: withParam(
    "amount",
    invalid(
      "invalid_charge_amount",
      "Invalid amount. Currency {currency} has three decimals, and the last digit of an amount must be 0. See " +
        "https://stripe.com/docs/currencies#three-decimal for more information.",
      "declared",
    ),
  ),
  methodTypesRetired: withParam(
    "payment_method_types",
    invalid(
      "payment_method_types_no_longer_supported",
      "The parameter payment_method_types is no longer supported. Leave it out to use dynamic payment methods, or use " +
        "allowed_payment_method_types or excluded_payment_method_types instead.",
      "declared",
    ),
  ),
  feeOfNobody: invalid(
    null,
    "Can only apply an {param} when the request is made on behalf of another account (using an OAuth key, the " +
      "Stripe-Account header, or the destination parameter).",
    "inferred",
  ),
} satisfies Refusals;
