// READ FIRST. A coupon that was redeemed: on a customer, and what else it may stand on. It is not deleted: when it has
// ended, what it was used for still shows it. https://docs.stripe.com/api/discounts
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";

export type Discount = Stored<Omit<Stripe.Discount, "deleted" | "source">> & {
  readonly source: { readonly coupon: string; readonly type: "coupon" };
};

/** It stands on a customer or a subscription, and is for all that is billed there; others are for one invoice. */
export function isStanding({ invoice, invoice_item }: Discount): boolean {
  return invoice === null && invoice_item === null;
}

export const discounts = defineNoun<Discount, "end">({
  object: "discount",
  prefixes: ["di"],
  indices: ["source.coupon"],
  clock: "customer",
  expandable: { customer: "customer", promotion_code: "promotion_code", "source.coupon": "coupon" },
  signals: ["end"],
});
