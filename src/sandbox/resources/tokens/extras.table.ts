// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";

export const tokenExtras: Extras = {
  params: [
    { operations: / \/v1\/tokens/, params: ofStripeJs, evidence: "recorded" },
    // Of a card out of a wallet: https://github.com/activemerchant/active_merchant, stripe.rb.
    {
      operations: /^POST \/v1\/tokens$/,
      params: {
        "card[cryptogram]": "string",
        "card[eci]": "string",
        "card[last4]": "string",
        "card[tokenization_method]": "string",
      },
      evidence: "recorded",
    },
  ],
  unsetsNothing: { value: /^POST \/v1\/tokens/, evidence: "recorded" },
};
