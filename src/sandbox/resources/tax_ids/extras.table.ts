// Liberties of Stripe: what it answers here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const taxIdExtras: Extras = {
  // Recorded of an account's own, in July 2025 under 2020-03-02.
  answers: { value: ["tax_id.owner.customer"], evidence: "recorded" },
};
