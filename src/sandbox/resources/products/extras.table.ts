// Liberties of Stripe: what it takes and answers here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const productExtras: Extras = {
  // Recorded under 2026-08-26.dahlia.
  answers: { value: ["product.attributes"], evidence: "recorded" },
};
