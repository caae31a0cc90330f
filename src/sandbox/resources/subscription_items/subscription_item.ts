// READ FIRST. What a subscription bills: a price, so many times, for a period of its own. Its subscription owns it and
// is what is stored; nobody finds an item but through it. https://docs.stripe.com/api/subscription_items
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";

type Unstored = "deleted" | "discounts" | "plan" | "price" | "tax_rates";

export type SubscriptionItem = Omit<Stored<Stripe.SubscriptionItem>, Unstored> & {
  readonly discounts: readonly string[];
  /** Ids of one price, which is shown under its older name too. */
  readonly plan: string;
  readonly price: string;
  readonly tax_rates: readonly string[];
};

export const subscriptionItems = defineNoun<SubscriptionItem>({
  object: "subscription_item",
  prefixes: ["si"],
  label: "subscription_item",
  owner: { object: "subscription", field: "items.id" },
  expandable: { discounts: "discount", plan: "plan", price: "price" },
});
