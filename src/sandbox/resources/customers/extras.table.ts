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
    // Whether the bank is asked before a card is kept: https://github.com/activemerchant/active_merchant, stripe.rb.
    {
      operations: /^POST \/v1\/(?:customers(?:$|\/:id$|\/:id\/sources$)|payment_methods\/:id\/attach$)/,
      params: { validate: "boolean" },
    },
  ],
  retired: [
    // https://docs.stripe.com/changelog/basil
    ...["coupon", "promotion_code"].map((param) => ({
      family: "basil" as const,
      operations: /^POST \/v1\/customers(?:$|\/:id$)/,
      param,
    })),
    // A subscription's, from the days when a customer had one; https://docs.stripe.com/upgrades#2022-11-15
    { family: "2022-11-15", operations: /^POST \/v1\/customers\/:id$/, param: "trial_end" },
  ],
};
