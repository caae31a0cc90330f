import type { VersionChange } from "./change.ts";

/** 2025-03-31: payments no longer name their invoice. https://docs.stripe.com/changelog/basil */
export const basil: VersionChange = {
  family: "basil",
  added: {
    balance_transaction: ["balance_type"],
    charge: ["billing_details.tax_id"],
    payment_intent: ["excluded_payment_method_types"],
    payment_method: ["billing_details.tax_id"],
  },
  removed: { charge: { invoice: null }, payment_intent: { invoice: null } },
};
