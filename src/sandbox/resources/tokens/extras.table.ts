// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import { type Extras, ofStripeJs } from "../../kernel/schema/extras.ts";

export const tokenExtras: Extras = {
  params: [{ operations: / \/v1\/tokens/, params: ofStripeJs }],
  unsetsNothing: /^POST \/v1\/tokens/,
};
