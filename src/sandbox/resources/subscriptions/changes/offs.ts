// What discounts take off the price of an item, whole: what of it falls on a part of a period is reckoned afterwards.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { discounted, type Off } from "../../../reckoning/discounts.ts";
import { costOf } from "../../../reckoning/prices.ts";
import { halfUp, ratio } from "../../../reckoning/rational.ts";
import { couponOf, isFor, offIn } from "../../coupons/index.ts";
import { customers } from "../../customers/index.ts";
import { discounts, isSpent } from "../../discounts/index.ts";
import type { Taking } from "../../invoiceitems/index.ts";
import { prices, termsIn } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import type { Subscription } from "../subscription.ts";

export interface Taken extends Taking {
  readonly off: Off;
}

/**
 * In the order in which they are applied: those of the item come first. Classic takes an amount off each item that
 * changes, flexible what of it falls on that item (documented).
 */
export function takingsOf(unit: Unit, subscription: Subscription, item: SubscriptionItem): Taken[] {
  const { billing_mode: mode, currency, items } = subscription;
  const billed = items.filter(({ quantity }) => quantity !== undefined);
  const place = billed.findIndex(({ id }) => id === item.id);
  const all = standingOn(unit, subscription, billed);
  const taken = discounted(
    billed.map((one) => halfUp(costOf(termsIn(mustRead(unit, prices, one.price), currency), ratio(one.quantity ?? 0)))),
    all,
  );
  return all.flatMap(({ discount, isOfItem, off, lines }, nth) => {
    if (!lines.includes(place)) return [];
    const amount = taken[nth]?.[place] ?? 0;
    const share: Off = off.kind === "amount" && mode.type === "flexible" ? { kind: "amount", amount } : off;
    return [{ discount, isOfItem, off: share }];
  });
}

/**
 * Those that classic takes off what it gives back: "the last discounts used", also where that was for good
 * (https://docs.stripe.com/billing/subscriptions/billing-mode/compare). Half of 50, not of 100, is given back where 50
 * of 100 were taken off once (https://groups.google.com/a/lists.stripe.com/g/api-discuss/c/lvd7Ht4F41Y).
 */
export function lastTakingsOf(
  unit: Unit,
  subscription: Subscription,
  item: SubscriptionItem,
  billed: readonly Taking[],
): Taken[] {
  const spent = billed.filter(({ discount }) => isSpent(unit, discount));
  const withSpent = (ids: readonly string[], isOfItem: boolean) => {
    const last = spent.filter((one) => one.isOfItem === isOfItem).map(({ discount }) => discount);
    return [...new Set([...last, ...ids])];
  };
  const discounts = withSpent(subscription.discounts, false);
  const own = { ...item, discounts: withSpent(item.discounts, true) };
  const items = subscription.items.map((one) => (one.id === item.id ? own : one));
  return takingsOf(unit, { ...subscription, discounts, items }, own);
}

interface Standing extends Taken {
  /** On which of the items, by their place. */
  readonly lines: readonly number[];
}

/** Those of items, then those of all: what the customer has counts where the subscription has none (documented). */
function standingOn(unit: Unit, subscription: Subscription, items: readonly SubscriptionItem[]): Standing[] {
  const { currency, discounts: own } = subscription;
  const inherited = mustRead(unit, customers, subscription.customer).discount;
  const ofAll = own.length > 0 || inherited === null ? own : [inherited];
  const named = [
    ...items.flatMap((item, at) => item.discounts.map((discount) => ({ discount, isOfItem: true, lines: [at] }))),
    ...ofAll.map((discount) => ({ discount, isOfItem: false, lines: [...items.keys()] })),
  ];
  return named.flatMap((one) => {
    const coupon = couponOf(unit, mustRead(unit, discounts, one.discount));
    const off = offIn(coupon, currency);
    const products = items.map(({ price }) => mustRead(unit, prices, price).product);
    return off ? [{ ...one, off, lines: one.lines.filter((at) => isFor(coupon, products[at] ?? "")) }] : [];
  });
}

/** As its coupon says it; undefined where that knows of no amount in a currency. */
export function offOf(unit: Unit, discount: string, currency: string): Off | undefined {
  return offIn(couponOf(unit, mustRead(unit, discounts, discount)), currency);
}
