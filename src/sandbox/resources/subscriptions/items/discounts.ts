// What is taken off single items of a subscription, before what is taken off all of it.
// https://docs.stripe.com/billing/subscriptions/coupons
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { buyerOf, customers } from "../../customers/index.ts";
import { chosenDiscounts } from "../../discounts/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import type { Subscription } from "../subscription.ts";

/** An item's subscription, which need not be stored yet. */
export interface Owner extends Pick<Subscription, "id" | "currency" | "customer" | "discounts"> {
  /** Where the months of a discount begin, if that is not now. */
  readonly discountedSince?: number;
}

interface OfItem {
  readonly subscription: Owner;
  readonly item: Pick<SubscriptionItem, "id" | "discounts">;
  readonly at: string;
}

/** Those of a single item. Codes that ask for a minimum are for whole bills (documented). */
export function itemDiscounts(unit: Unit, sent: Params, { subscription, item, at }: OfItem) {
  const customer = mustRead(unit, customers, subscription.customer);
  const inherited = customer.discount === null ? [] : [customer.discount];
  return chosenDiscounts(unit, sent, {
    buyer: buyerOf(customer),
    on: { subscription_item: item.id },
    paid: { amount: null, currency: subscription.currency },
    known: [...item.discounts, ...subscription.discounts, ...inherited],
    at,
    since: subscription.discountedSince,
  });
}
