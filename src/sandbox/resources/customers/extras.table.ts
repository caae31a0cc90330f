// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const customerExtras: Extras = {
  params: [
    // `stripe trigger customer.discount.deleted` takes a discount away so; the default method is the one id that Stripe
    // lets go so. https://github.com/stripe/stripe-ruby/issues/1151
    {
      operations: /^POST \/v1\/customers\/:id$/,
      unsettable: ["coupon", "invoice_settings[default_payment_method]"],
    },
    // The declarations say string; the legacy integrations of every old tutorial send the card itself.
    { operations: /^POST \/v1\/customers(?:$|\/:id$|\/:id\/sources$)/, params: { card: "any", source: "any" } },
  ],
};
