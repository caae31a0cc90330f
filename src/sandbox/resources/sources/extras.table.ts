// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";
import { rawCard } from "../payment_methods/extras.table.ts";

export const sourceExtras: Extras = {
  params: [
    { operations: / \/v1\/sources/, params: ofStripeJs, evidence: "recorded" },
    {
      operations: /^POST \/v1\/sources$/,
      params: { card: rawCard, sepa_debit: { object: { "iban?": "string" } } },
      evidence: "recorded",
    },
  ],
  // Stripe was seen to refuse an empty name.
  unsetsNothing: { value: /^POST \/v1\/sources/, evidence: "recorded" },
};
