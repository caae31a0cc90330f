// What subscriptions take and answer although no SDK declares it.
import type { Extras } from "../../kernel/schema/extras.ts";

/** Where there was one discount there are several. */
const singular = {
  family: "basil",
  operations: /^POST \/v1\/(?:invoices\/create_preview|(?:customers\/:id\/)?subscriptions(?:\/:id)?)$/,
  evidence: "documented",
} as const;

const ofOne = /^POST \/v1\/(?:customers\/:id\/)?subscriptions\/:id$/;

/** Those of a customer: recorded of 2019, and named by what customers show. */
const declaredAs = {
  "GET /v1/customers/:id/subscriptions": "GET /v1/subscriptions",
  "POST /v1/customers/:id/subscriptions": "POST /v1/subscriptions",
  "GET /v1/customers/:id/subscriptions/:id": "GET /v1/subscriptions/:id",
  "POST /v1/customers/:id/subscriptions/:id": "POST /v1/subscriptions/:id",
  "DELETE /v1/customers/:id/subscriptions/:id": "DELETE /v1/subscriptions/:id",
  "DELETE /v1/customers/:id/subscriptions/:id/discount": "DELETE /v1/subscriptions/:id/discount",
};

export const subscriptionExtras: Extras = {
  // Recorded of 2019 to 2026, while there is one item.
  answers: { value: ["subscription.plan", "subscription.quantity"], evidence: "recorded" },
  declaredAs: { value: declaredAs, evidence: "recorded" },
  oldAddresses: { value: Object.keys(declaredAs), evidence: "recorded" },
  params: [
    {
      operations: /^GET \/v1\/subscriptions$/,
      orders: {
        status: [
          ...["active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired"],
          ...["trialing", "paused", "all", "ended"],
        ],
      },
      evidence: "recorded",
    },
    // From before there were items, and sent by libraries ever since: https://github.com/dj-stripe/dj-stripe/issues/1285
    {
      operations: /^POST \/v1\/(?:customers\/:id\/)?subscriptions(?:\/:id)?$/,
      params: { plan: "string", quantity: "integer" },
      evidence: "recorded",
    },
    // Tried by Stripe: https://github.com/stripe/stripe-go/issues/940. Of a code nobody has shown it.
    { operations: ofOne, unsettable: ["coupon"], evidence: "recorded" },
    { operations: ofOne, unsettable: ["promotion_code"], evidence: "inferred" },
    { operations: /^POST \/v1\/customers\/:id\/subscriptions$/, optional: ["customer"], evidence: "recorded" },
  ],
  // https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-singular-coupon-promotion-code
  retired: [
    { ...singular, param: "coupon" },
    { ...singular, param: "promotion_code" },
  ],
};
