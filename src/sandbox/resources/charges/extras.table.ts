// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";
import { level3 } from "../payment_methods/extras.table.ts";

export const chargeExtras: Extras = {
  answers: {
    value: [
      // Seen in answers of 2026 under clover and dahlia.
      "charge.destination",
      "charge.dispute",
      "charge.order",
      "charge.payment_method_details.card.ds_transaction_id",
      // Under 2020-08-27.
      "charge.amount_updates",
    ],
    evidence: "recorded",
  },
  params: [
    // The declarations say string; the legacy integrations of every old tutorial send the card itself.
    { operations: /^POST \/v1\/charges$/, params: { card: "any", source: "any" }, evidence: "recorded" },
    // https://github.com/activemerchant/active_merchant, lib/active_merchant/billing/gateways/stripe.rb, whose remote
    // tests run against test mode. A recurring charge is one without its payer, and so is each of these.
    {
      operations: /^POST \/v1\/charges$/,
      params: { level3, recurring: "boolean", "radar_options[skip_rules]": { list: "string" } },
      evidence: "recorded",
    },
    { operations: /^POST \/v1\/charges\/:id$/, params: { level3 }, evidence: "recorded" },
  ],
};
