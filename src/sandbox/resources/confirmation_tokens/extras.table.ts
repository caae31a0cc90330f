// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";
import type { Schema } from "../../kernel/schema/schema.ts";
import { cardInside } from "../payment_methods/extras.table.ts";

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

export const confirmationTokenExtras: Extras = {
  params: [
    { operations: / \/v1\/confirmation_tokens/, params: ofStripeJs, evidence: "recorded" },
    { operations: /^POST \/v1\/(?:test_helpers\/)?confirmation_tokens$/, ...cardInside },
    // What Stripe.js collects besides what a test's token has.
    {
      operations: /^POST \/v1\/confirmation_tokens$/,
      params: { mandate_data: mandateData, client_context: "any" },
      evidence: "recorded",
    },
  ],
  declaredAs: {
    value: { "POST /v1/confirmation_tokens": "POST /v1/test_helpers/confirmation_tokens" },
    evidence: "inferred",
  },
};
