// Liberties of Stripe: what it answers here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const cardExtras: Extras = {
  // Seen in answers of 2025 and 2026.
  answers: { value: ["card.email", "card.phone", "card.wallet"], evidence: "recorded" },
};
