// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { cardInside } from "../payment_methods/extras.table.ts";

export const setupIntentExtras: Extras = {
  params: [
    { operations: / \/v1\/(?:setup_intents|3ds2)/, params: ofStripeJs, evidence: "recorded" },
    {
      operations: /^POST \/v1\/setup_intents\/:id\/confirm$/,
      params: { expected_payment_method_type: "any", client_context: "any", client_secret: "string" },
      evidence: "recorded",
    },
    { operations: /^GET \/v1\/setup_intents\/:id$/, params: { client_secret: "string" }, evidence: "recorded" },
    // Stripe.js proves an account with the secret that it was given.
    {
      operations: /^POST \/v1\/setup_intents\/:id\/verify_microdeposits$/,
      params: { client_secret: "string" },
      evidence: "inferred",
    },
    { operations: /^POST \/v1\/setup_intents(?:$|\/)/, ...cardInside },
    // As with payments: https://github.com/activemerchant/active_merchant, stripe_payment_intents.rb.
    {
      operations: /^POST \/v1\/setup_intents(?:$|\/)/,
      params: {
        fulfillment_date: "integer",
        "payment_method_options[card][network_token]": "any",
        "payment_method_options[card][stored_credential_transaction_type]": "string",
      },
      evidence: "recorded",
    },
  ],
  // https://docs.stripe.com/changelog/endive
  retired: [
    {
      family: "endive",
      operations: /^POST \/v1\/setup_intents(?:\/:id)?$/,
      param: "payment_method_types",
      refusal: common.methodTypesRetired,
      evidence: "documented",
    },
  ],
};
