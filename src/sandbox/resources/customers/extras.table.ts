// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";
import type { Schema } from "../../kernel/schema/schema.ts";

/** The kinds of sources, each of which had addresses of its own. */
const kinds = ["bank_accounts", "cards"];
const ofSources = ["GET :", "POST :", "GET :/:id", "POST :/:id", "DELETE :/:id"];
const addressOf = (pattern: string, name: string) => pattern.replace(" :", ` /v1/customers/:id/${name}`);
const verify = "POST /v1/customers/:id/bank_accounts/:id/verify";
const sourceAddresses = kinds.flatMap((name) => ofSources.map((pattern) => addressOf(pattern, name)));

/** What is put on a customer: a token, or the thing itself, under whichever name. */
export const oldSource: Schema = {
  object: {
    "bank_account?": "any",
    "card?": "any",
    "metadata?": { map: "string" },
    "source?": "any",
    "validate?": "boolean",
  },
};

export const customerExtras: Extras = {
  declaredAs: {
    value: {
      ...Object.fromEntries(
        sourceAddresses.map((address) => [address, address.replace(/bank_accounts|cards/, "sources")]),
      ),
      [verify]: "POST /v1/customers/:id/sources/:id/verify",
    },
    evidence: "recorded",
  },
  // Recorded of 2026 by open source shops.
  oldAddresses: { value: [...sourceAddresses, verify], evidence: "recorded" },
  params: [
    // `stripe trigger customer.discount.deleted` takes a discount away so; the default method is the one id that Stripe
    // lets go so. https://github.com/stripe/stripe-ruby/issues/1151
    {
      operations: /^POST \/v1\/customers\/:id$/,
      unsettable: ["coupon", "promotion_code", "invoice_settings[default_payment_method]"],
      evidence: "recorded",
    },
    // SDKs send an empty list as an empty text, which empties lists of other nouns that are declared as plainly.
    // https://github.com/stripe/stripe-java/pull/234, https://github.com/stripe/stripe-python/issues/802
    { operations: /^POST \/v1\/customers\/:id$/, unsettable: ["preferred_locales"], evidence: "inferred" },
    // The declarations say string; the legacy integrations of every old tutorial send the card itself.
    {
      operations: /^POST \/v1\/customers(?:$|\/:id$|\/:id\/sources$)/,
      params: { card: "any", source: "any" },
      evidence: "recorded",
    },
    // Whether the bank is asked before a card is kept: https://github.com/activemerchant/active_merchant, stripe.rb.
    {
      operations: /^POST \/v1\/(?:customers(?:$|\/:id$|\/:id\/sources$)|payment_methods\/:id\/attach$)/,
      params: { validate: "boolean" },
      evidence: "recorded",
    },
  ],
  retired: [
    // https://docs.stripe.com/changelog/basil
    ...["coupon", "promotion_code"].map((param) => ({
      family: "basil" as const,
      operations: /^POST \/v1\/customers(?:$|\/:id$)/,
      param,
      evidence: "documented" as const,
    })),
    // A subscription's, from the days when a customer had one; https://docs.stripe.com/upgrades#2022-11-15
    { family: "2022-11-15", operations: /^POST \/v1\/customers\/:id$/, param: "trial_end", evidence: "documented" },
  ],
};
