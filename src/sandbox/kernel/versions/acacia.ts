import type { VersionChange } from "./change.ts";

/** 2024-09-30. https://docs.stripe.com/changelog/acacia */
export const acacia: VersionChange = {
  family: "acacia",
  added: {
    charge: [
      "outcome.advice_code",
      "outcome.network_advice_code",
      "outcome.network_decline_code",
      "payment_method_details.card.network_transaction_id",
      "payment_method_details.card.regulated_status",
    ],
    payment_method: ["card.regulated_status"],
  },
};
