// Liberties of Stripe: what it takes here although its SDKs do not declare it, and what it takes no more.
import type { Extras } from "../../kernel/schema/extras.ts";

export const planExtras: Extras = {
  retired: [
    // https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-legacy-usage-based-billing
    { family: "basil", operations: /^POST \/v1\/plans$/, param: "aggregate_usage", evidence: "documented" },
  ],
};
