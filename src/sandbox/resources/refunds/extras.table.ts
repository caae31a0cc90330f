// Liberties of Stripe: what it serves here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

/** A charge's refunds, as they were asked for before they had an address of their own: seen to answer in 2026. */
const declaredAs = {
  "GET /v1/charges/:id/refunds": "GET /v1/refunds",
  "POST /v1/charges/:id/refunds": "POST /v1/refunds",
  "GET /v1/charges/:id/refunds/:id": "GET /v1/refunds/:id",
  "POST /v1/charges/:id/refunds/:id": "POST /v1/refunds/:id",
};

export const refundExtras: Extras = {
  declaredAs: { value: declaredAs, evidence: "recorded" },
  oldAddresses: { value: [...Object.keys(declaredAs), "POST /v1/charges/:id/refund"], evidence: "recorded" },
};
