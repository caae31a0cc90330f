// Liberties of Stripe: what it takes here although its SDKs do not declare it.
import type { Extras } from "../../kernel/schema/extras.ts";

export const chargeExtras: Extras = {
  // The declarations say string; the legacy integrations of every old tutorial send the card itself.
  // Seen in answers of 2026 under clover and dahlia.
  answers: [
    "charge.destination",
    "charge.dispute",
    "charge.order",
    "charge.payment_method_details.card.ds_transaction_id",
    // Under 2020-08-27.
    "charge.amount_updates",
  ],
  params: [{ operations: /^POST \/v1\/charges$/, params: { card: "any", source: "any" } }],
};
