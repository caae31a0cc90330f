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
  objectMissing: withStatus(404, withParam("id", invalid("resource_missing", "No such {noun}: '{id}'", "observed"))),
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
  notPositive: withParam("amount", invalid("parameter_invalid_integer", "Invalid positive integer", "observed")),

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
  metadataKeyBracketed: withParam(
    "metadata",
    invalid(null, "Metadata keys cannot contain square brackets. Invalid key: {key}", "memory"),
  ),
  metadataTooLong: withParam("metadata", invalid(null, "You can specify up to {limit} keys in metadata.", "memory")),
  urlInvalid: withParam(
    "url",
    invalid("url_invalid", "Invalid URL: An explicit scheme (such as https) must be provided.", "observed"),
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
  searchPageUnknown: withParam(
    "page",
    invalid(null, "Invalid page token. Use the `next_page` of a search with the same query.", "memory"),
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
  // As people have met it, with a 429; they name no code.
  clockAdvancing: withStatus(
    429,
    invalid(null, "Test clock advancement underway - cannot perform modifications: {clock}", "memory"),
  ),
  idempotencyKeyTooLong: invalid(null, "Idempotency Key must be at most {limit} characters long.", "memory"),

  // Money.
  currencyInvalid: withParam(
    "currency",
    invalid(null, "Invalid currency: {currency}. Stripe currently supports these currencies: {currencies}", "observed"),
  ),
  amountWithoutMinimum: withParam(
    "amount",
    invalid(
      "parameter_invalid_integer",
      "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency " +
        "set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment " +
        "Method for future use without an immediate payment, use a Setup Intent instead: " +
        "https://docs.stripe.com/payments/setup-intents",
      "observed",
    ),
  ),
  amountTooSmall: withParam("amount", invalid("amount_too_small", "Amount must be at least {amount}", "observed")),
  amountTooLarge: withParam("amount", invalid("amount_too_large", "Amount must be no more than {amount}", "observed")),
  // https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds, of charges and refunds.
  amountNotWhole: withParam(
    "amount",
    invalid(
      "invalid_charge_amount_no_decimal_compatible",
      "Invalid amount. Currency {currency} has become effectively zero-decimal and charged amounts must be evenly " +
        "divisible by 100. See https://stripe.com/docs/currencies#special-cases for more information.",
      "docs",
    ),
  ),
  // The rule is documented, the words are after those above.
  amountNotOfTens: withParam(
    "amount",
    invalid(
      "invalid_charge_amount",
      "Invalid amount. Currency {currency} has three decimals, and the last digit of an amount must be 0. See " +
        "https://stripe.com/docs/currencies#three-decimal for more information.",
      "declarations",
    ),
  ),
  methodTypesRetired: withParam(
    "payment_method_types",
    invalid(
      "payment_method_types_no_longer_supported",
      "The parameter payment_method_types is no longer supported. Leave it out to use dynamic payment methods, or use " +
        "allowed_payment_method_types or excluded_payment_method_types instead.",
      "declarations",
    ),
  ),
} satisfies Refusals;
