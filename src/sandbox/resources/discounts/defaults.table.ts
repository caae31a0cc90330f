// What holds of discounts.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const discountDefaults = {
  /** https://docs.stripe.com/billing/subscriptions/coupons#stacking */
  stacked: usual("discounts that stand on one thing at most", 20, "documented"),
} satisfies Defaults;
