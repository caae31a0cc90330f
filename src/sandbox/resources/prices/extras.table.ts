// Liberties of Stripe: what it takes here although its SDKs do not declare it, and what it takes no more.
import type { Extras } from "../../kernel/schema/extras.ts";

export const priceExtras: Extras = {
  params: [
    // An empty text gives a lookup key up, and a product's default.
    { operations: /^POST \/v1\/prices\/:id$/, unsettable: ["lookup_key"], evidence: "recorded" },
    { operations: /^POST \/v1\/products\/:id$/, unsettable: ["default_price"], evidence: "inferred" },
  ],
  retired: [
    // https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-legacy-usage-based-billing
    {
      family: "basil",
      operations: /^POST \/v1\/prices$/,
      param: "recurring[aggregate_usage]",
      evidence: "documented",
    },
  ],
};
