// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const promotionCodeExtras: Extras = {
  params: [
    // `stripe trigger promotion_code.created` names the coupon alone, under any version.
    {
      operations: /^POST \/v1\/promotion_codes$/,
      params: { coupon: "string" },
      optional: ["promotion", "coupon"],
      evidence: "recorded",
    },
  ],
};
