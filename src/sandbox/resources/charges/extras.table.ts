// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const chargeExtras: Extras = {
  // The declarations say string; the legacy integrations of every old tutorial send the card itself.
  params: [{ operations: /^POST \/v1\/charges$/, params: { card: "any", source: "any" } }],
};
