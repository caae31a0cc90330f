// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { cardInside, level3 } from "../payment_methods/extras.table.ts";

export const paymentIntentExtras: Extras = {
  // Seen in answers of 2026 under dahlia.
  answers: { value: ["payment_intent.shared_payment_granted_token"], evidence: "recorded" },
  params: [
    { operations: / \/v1\/payment_intents/, params: ofStripeJs, evidence: "recorded" },
    {
      operations: /^POST \/v1\/payment_intents\/:id\/confirm$/,
      params: { expected_payment_method_type: "any", client_context: "any", client_secret: "string" },
      evidence: "recorded",
    },
    { operations: /^GET \/v1\/payment_intents\/:id$/, params: { client_secret: "string" }, evidence: "recorded" },
    // Stripe.js proves an account with the secret that it was given.
    {
      operations: /^POST \/v1\/payment_intents\/:id\/verify_microdeposits$/,
      params: { client_secret: "string" },
      evidence: "inferred",
    },
    { operations: /^POST \/v1\/payment_intents(?:$|\/)/, ...cardInside },
    // What Stripe has told single merchants of, and takes from all: https://github.com/activemerchant/active_merchant,
    // lib/active_merchant/billing/gateways/stripe_payment_intents.rb, whose remote tests run against test mode.
    {
      operations: /^POST \/v1\/payment_intents(?:$|\/)/,
      params: {
        fulfillment_date: "integer",
        level3,
        "radar_options[skip_rules]": { list: "string" },
        recipient_details: "any",
        save_payment_method: "boolean",
        sender_details: "any",
        "payment_method_options[card][mit_exemption]": "any",
        "payment_method_options[card][network_token]": "any",
        "payment_method_options[card][stored_credential_transaction_type]": "string",
      },
      evidence: "recorded",
    },
    {
      operations: /^POST \/v1\/payment_intents\/:id\/confirm$/,
      params: { payment_method_types: { list: "string" } },
      evidence: "recorded",
    },
    // `stripe trigger payment_intent.partially_funded` sends it; the declarations list the other regions only.
    {
      operations: /^POST \/v1\/payment_intents(?:$|\/)/,
      values: {
        "payment_method_options[customer_balance][bank_transfer][type]": [
          "eu_bank_transfer",
          "gb_bank_transfer",
          "jp_bank_account",
          "mx_bank_transfer",
          "us_bank_transfer",
        ],
      },
      evidence: "recorded",
    },
  ],
  // https://docs.stripe.com/changelog/endive
  retired: [
    {
      family: "endive",
      operations: /^POST \/v1\/payment_intents(?:\/:id(?:\/confirm)?)?$/,
      param: "payment_method_types",
      refusal: common.methodTypesRetired,
      evidence: "documented",
    },
  ],
};
