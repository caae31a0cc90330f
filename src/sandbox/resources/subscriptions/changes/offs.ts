// What discounts take off the price of an item, whole: what of it falls on a part of a period is reckoned afterwards.
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import type { Off } from "../../../reckoning/discounts.ts";
import { couponOf, isFor, offIn } from "../../coupons/index.ts";
import { discounts } from "../../discounts/index.ts";
import type { Price } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import type { Subscription } from "../subscription.ts";

/** In the order in which they are applied: those of the item come first. */
export function discountsOf(subscription: Subscription, item: SubscriptionItem): readonly string[] {
  return [...item.discounts, ...subscription.discounts];
}

export function offsOf(unit: Unit, ids: readonly string[], price: Price, currency: string): readonly Off[] {
  return ids.flatMap((id) => {
    const coupon = couponOf(unit, mustRead(unit, discounts, id));
    return isFor(coupon, price.product) ? (offIn(coupon, currency) ?? []) : [];
  });
}
