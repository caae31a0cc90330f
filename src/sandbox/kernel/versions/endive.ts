import type { VersionChange } from "./change.ts";

/** 2026-09-30. https://docs.stripe.com/changelog/endive */
export const endive: VersionChange = {
  family: "endive",
  added: {
    charge: ["payment_method_details.card.electronic_commerce_indicator"],
    payment_intent: ["payment_record"],
  },
};
