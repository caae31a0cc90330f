// What entitlements go by.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const entitlementDefaults = {
  /**
   * That a pause takes away what a subscription grants is documented: https://docs.stripe.com/billing/subscriptions/pause.
   * Who has not paid yet keeps it until retries are given up: as
   * https://docs.stripe.com/billing/subscriptions/overview says when a product is to be provided, and when not.
   */
  grantingStatuses: usual(
    "statuses of subscriptions that grant the features of their products",
    ["trialing", "active", "past_due"],
    "inferred",
  ),
  /** https://docs.stripe.com/billing/entitlements; who changes the price of an item does not wait for it. */
  attachedLater: usual(
    "what a feature waits for that is attached to a product, or detached, of those who have subscribed already",
    "next period",
    "documented",
  ),
} satisfies Defaults;
