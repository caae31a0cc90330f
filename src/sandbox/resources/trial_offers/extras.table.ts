// What Stripe takes of offers although its SDKs declare it otherwise.
import type { Extras } from "../../kernel/schema/extras.ts";

export const trialOfferExtras: Extras = {
  params: [
    {
      operations: /^POST \/v1\/product_catalog\/trial_offers$/,
      // As the sample of Stripe's API reference leaves it out: https://docs.stripe.com/api/product-catalog/trial-offer/create
      optional: ["duration[type]"],
      evidence: "documented",
    },
  ],
};
