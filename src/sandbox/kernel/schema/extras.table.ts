// What Stripe takes although its SDKs do not declare it. One table, so that a reader sees every liberty at once.
// Sources: the requests of Stripe.js, stripe-node's own tests and Stripe's documentation.

import { common } from "../words/errors.table.ts";
import type { Refusal } from "../words/refusals.ts";
import type { Schema, VersionFamily } from "./schema.ts";

export interface ExtraParams {
  readonly operations: RegExp;
  /** By full name as in messages: `payment_method_data[card]`. */
  readonly params: Readonly<Record<string, Schema>>;
  /** Values that a declared enum lacks. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** What the empty text unsets although neither the declarations nor the rule of unsettable.ts say so. */
  readonly unsettable?: readonly string[];
}

/** A card in the raw, as tokens and payment methods take it; `token` makes one of a token. */
const rawCard: Schema = {
  object: {
    "number?": "string",
    "exp_month?": "integer",
    "exp_year?": "integer",
    "cvc?": { nullable: "string" },
    "token?": "string",
    "networks?": "any",
  },
};

/** The payer's consent, as the confirmations of intents declare it. */
const mandateData: Schema = {
  object: {
    customer_acceptance: {
      object: {
        type: { enum: ["offline", "online"] },
        "accepted_at?": "integer",
        "offline?": "any",
        "online?": {
          object: { "infer_from_client?": "boolean", "ip_address?": "string", "user_agent?": "string" },
        },
      },
    },
  },
};

/** What Stripe.js tells about the browser; looked at by nobody here. */
const browserFacts: Readonly<Record<string, Schema>> = {
  guid: "any",
  muid: "any",
  sid: "any",
  payment_user_agent: "any",
  referrer: "any",
  time_on_page: "any",
  pasted_fields: "any",
  client_attribution_metadata: "any",
};

function inside(name: string, params: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(params).map(([key, schema]) => [`${name}[${key}]`, schema]));
}

export const extraParams: readonly ExtraParams[] = [
  // Any operation answers an object that can be expanded, deletions too.
  { operations: /^/, params: { expand: { list: "string" } } },
  // Stripe.js sends the key and the version as parameters.
  {
    operations: / \/v1\/(?:payment_methods|tokens|sources|confirmation_tokens|payment_intents|setup_intents|3ds2)/,
    params: { key: "any", _stripe_version: "any", _stripe_account: "any", ...browserFacts },
  },
  {
    operations: /^POST \/v1\/(?:payment_intents|setup_intents)\/:id\/confirm$/,
    params: { expected_payment_method_type: "any", client_context: "any", client_secret: "string" },
  },
  { operations: /^GET \/v1\/(?:payment_intents|setup_intents)\/:id$/, params: { client_secret: "string" } },
  // Raw card data needs a switch at Stripe, so the SDKs do not declare it; Stripe.js and curl send it.
  {
    operations:
      /^POST \/v1\/(?:payment_intents|setup_intents|confirmation_tokens|test_helpers\/confirmation_tokens)(?:$|\/)/,
    params: { "payment_method_data[card]": rawCard, ...inside("payment_method_data", browserFacts) },
    values: { "payment_method_data[type]": ["card"] },
  },
  { operations: /^POST \/v1\/payment_methods$/, params: { "card[token]": "string" } },
  // What Stripe.js collects besides what a test's token has.
  { operations: /^POST \/v1\/confirmation_tokens$/, params: { mandate_data: mandateData, client_context: "any" } },
  // `stripe trigger payment_intent.partially_funded` sends it; the declarations list the other regions only.
  {
    operations: /^POST \/v1\/payment_intents(?:$|\/)/,
    params: {},
    values: {
      "payment_method_options[customer_balance][bank_transfer][type]": [
        "eu_bank_transfer",
        "gb_bank_transfer",
        "jp_bank_account",
        "mx_bank_transfer",
        "us_bank_transfer",
      ],
    },
  },
  // `stripe trigger customer.discount.deleted` takes a discount away so; the default method is the one id that Stripe
  // lets go so. https://github.com/stripe/stripe-ruby/issues/1151
  {
    operations: /^POST \/v1\/customers\/:id$/,
    params: {},
    unsettable: ["coupon", "invoice_settings[default_payment_method]"],
  },
  // The declarations say string; the legacy integrations of every old tutorial send the card itself.
  { operations: /^POST \/v1\/charges$/, params: { card: "any", source: "any" } },
  { operations: /^POST \/v1\/customers(?:$|\/:id$|\/:id\/sources$)/, params: { card: "any", source: "any" } },
  { operations: /^POST \/v1\/sources$/, params: { card: rawCard, sepa_debit: { object: { "iban?": "string" } } } },
];

/** Operations of Stripe.js that take and answer what the SDKs declare of another one. */
export const declaredAs: Readonly<Record<string, string>> = {
  "POST /v1/confirmation_tokens": "POST /v1/test_helpers/confirmation_tokens",
};

/** Where an empty text unsets by the rule of unsettable.ts. Of a source Stripe was seen to refuse an empty name. */
export const unsettingOperations = /^POST \/v1\/(?!sources|tokens)/;

/** Checked under the newest family whatever the request says: endpoints may name newer versions and newer events. */
export const newestOnlyOperations = /^POST \/v1\/webhook_endpoints/;

export interface RetiredParam {
  readonly family: VersionFamily;
  readonly operations: RegExp;
  readonly param: string;
  readonly refusal: Refusal;
}

/** Parameters whose removal Stripe tells by a code of its own. https://docs.stripe.com/changelog/endive */
export const retiredParams: readonly RetiredParam[] = [
  {
    family: "endive",
    operations: /^POST \/v1\/(?:payment_intents(?:\/:id(?:\/confirm)?)?|setup_intents(?:\/:id)?|checkout\/sessions)$/,
    param: "payment_method_types",
    refusal: common.methodTypesRetired,
  },
];
