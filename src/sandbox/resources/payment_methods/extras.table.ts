// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { browserFacts, type ExtraParams, type Extras, inside, ofStripeJs } from "../../kernel/schema/extras.ts";
import type { Schema } from "../../kernel/schema/schema.ts";

/** A card in the raw, as tokens and payment methods take it; `token` makes one of a token. */
export const rawCard: Schema = {
  object: {
    "number?": "string",
    "exp_month?": "integer",
    "exp_year?": "integer",
    "cvc?": { nullable: "string" },
    "token?": "string",
    "networks?": "any",
    "network_token?": "any",
  },
};

/** What was bought, for the buyer's bank: gated at Stripe, and shown on the charge. */
export const level3: Schema = {
  object: {
    "customer_reference?": "string",
    "line_items?": {
      list: {
        object: {
          "discount_amount?": "integer",
          "product_code?": "string",
          "product_description?": "string",
          "quantity?": "integer",
          "tax_amount?": "integer",
          "unit_cost?": "integer",
        },
      },
    },
    "merchant_reference?": "string",
    "shipping_address_zip?": "string",
    "shipping_amount?": "integer",
    "shipping_from_zip?": "string",
  },
};

/** Raw card data needs a switch at Stripe, so the SDKs do not declare it; Stripe.js and curl send it. */
export const cardInside: Omit<ExtraParams, "operations"> = {
  params: { "payment_method_data[card]": rawCard, ...inside("payment_method_data", browserFacts) },
  values: { "payment_method_data[type]": ["card"] },
  evidence: "recorded",
};

export const paymentMethodExtras: Extras = {
  // Seen in answers of 2026 under dahlia.
  answers: { value: ["payment_method.shared_payment_granted_token"], evidence: "recorded" },
  params: [
    { operations: / \/v1\/payment_methods/, params: ofStripeJs, evidence: "recorded" },
    {
      // A token of a card's network instead of its number, in the live suite of ActiveMerchant.
      operations: /^POST \/v1\/payment_methods$/,
      params: { "card[network_token]": "any", "card[token]": "string" },
      evidence: "recorded",
    },
  ],
};
