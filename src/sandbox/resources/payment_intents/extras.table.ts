// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { cardInside } from "../payment_methods/extras.table.ts";

export const paymentIntentExtras: Extras = {
  // Seen in answers of 2026 under dahlia.
  answers: ["payment_intent.shared_payment_granted_token"],
  params: [
    { operations: / \/v1\/payment_intents/, params: ofStripeJs },
    {
      operations: /^POST \/v1\/payment_intents\/:id\/confirm$/,
      params: { expected_payment_method_type: "any", client_context: "any", client_secret: "string" },
    },
    { operations: /^GET \/v1\/payment_intents\/:id$/, params: { client_secret: "string" } },
    { operations: /^POST \/v1\/payment_intents(?:$|\/)/, ...cardInside },
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
    },
  ],
  // https://docs.stripe.com/changelog/endive
  retired: [
    {
      family: "endive",
      operations: /^POST \/v1\/payment_intents(?:\/:id(?:\/confirm)?)?$/,
      param: "payment_method_types",
      refusal: common.methodTypesRetired,
    },
  ],
};
