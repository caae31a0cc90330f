import type { VersionChange } from "./change.ts";

/** 2025-09-30. https://docs.stripe.com/changelog/clover */
export const clover: VersionChange = {
  family: "clover",
  added: {
    customer: ["customer_account"],
    payment_intent: ["customer_account"],
    payment_method: ["customer_account"],
  },
};
