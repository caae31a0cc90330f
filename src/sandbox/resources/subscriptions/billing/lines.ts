// What the items of a subscription cost for their periods, as lines of an invoice.
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import type { Period } from "../../../reckoning/periods.ts";
import { costOf, type Priced, priced } from "../../../reckoning/prices.ts";
import { remaining } from "../../../reckoning/proration.ts";
import { decimalText, floor, ratio } from "../../../reckoning/rational.ts";
import type { Billing } from "../../line_items/index.ts";
import { type Price, prices, shownIdOf, termsIn } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { alignedPeriod, during, periodOf, type Stretch } from "../items/periods.ts";
import type { Subscription } from "../subscription.ts";
import { billedText, timeText, trialText } from "./descriptions.ts";

/** Whose items they are; it need not be stored yet. */
export type Biller = Pick<Subscription, "billing_cycle_anchor" | "billing_mode" | "currency" | "id" | "metadata">;

/**
 * The lines of these items for the periods that stand on them, newest item first (recorded), and of each band of a
 * tiered price one for its units and one for its flat fee. Of a period that is only a part of a whole one, what of the
 * price falls on it.
 */
export function linesOf(unit: Unit, biller: Biller, items: readonly SubscriptionItem[]): Billing[] {
  const timed = items.map((item) => {
    const whole = alignedPeriod(unit, biller.billing_cycle_anchor, item, item.current_period_start);
    return { item, stretches: [{ part: periodOf(item), whole }] };
  });
  return linesOfStretches(unit, biller, timed);
}

export interface Timed {
  readonly item: SubscriptionItem;
  /** Oldest first. */
  readonly stretches: readonly Stretch[];
}

/** The same of any time, the newest of an item first. */
export function linesOfStretches(unit: Unit, biller: Biller, timed: readonly Timed[]): Billing[] {
  return newestFirst(timed).flatMap(({ item, stretches }) =>
    newestFirst(stretches).flatMap(({ part, whole }) => {
      const then = during(item, part);
      return isWhole(then, whole) ? wholeLines(unit, biller, then) : partialLines(unit, biller, { item: then, whole });
    }),
  );
}

export function isWhole(item: SubscriptionItem, { start, end }: Period): boolean {
  return item.current_period_start === start && item.current_period_end === end;
}

/**
 * Usage is billed when its period is over; a classic subscription says before that there is none yet.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 */
export function showsUsage({ billing_mode: mode }: Biller, { quantity }: SubscriptionItem): boolean {
  return quantity !== undefined || mode.type === "classic";
}

function wholeLines(unit: Unit, biller: Biller, item: SubscriptionItem): Billing[] {
  const price = mustRead(unit, prices, item.price);
  return costsOf(price, biller.currency, item.quantity).map((cost) =>
    billing(biller, { item, price, cost, description: billedText(unit, price, biller.currency, cost) }),
  );
}

/** What a trial shows of them: they are free. */
export function trialLinesOf(unit: Unit, biller: Biller, items: readonly SubscriptionItem[]): Billing[] {
  const isFlexible = biller.billing_mode.type === "flexible";
  return newestFirst(items).flatMap((item) => {
    const price = mustRead(unit, prices, item.price);
    const quantity = item.quantity;
    if (quantity === undefined) return [];
    const free: Priced = { amount: 0, quantity: ratio(quantity), unitAmount: ratio(0), tier: null };
    const description = trialText(unit, price, quantity, isFlexible);
    return [{ ...billing(biller, { item, price, cost: free, description }), isTrial: true }];
  });
}

/** What is metered is billed by its usage, not by its time. */
function partialLines(
  unit: Unit,
  biller: Biller,
  { item, whole: period }: { readonly item: SubscriptionItem; readonly whole: Period },
): Billing[] {
  const { quantity } = item;
  if (quantity === undefined) return wholeLines(unit, biller, item);
  const price = mustRead(unit, prices, item.price);
  const whole = costOf(termsIn(price, biller.currency), ratio(quantity));
  const { net: amount } = remaining({ whole, rests: [], period }, periodOf(item));
  const cost = { amount, quantity: ratio(quantity), unitAmount: ratio(0), tier: null };
  const time = { word: "Remaining", quantity, second: item.current_period_start } as const;
  const line = billing(biller, { item, price, cost, description: timeText(unit, price, time) });
  const pricing = line.pricing && { ...line.pricing, unit_amount_decimal: null };
  return [{ ...line, pricing, isProration: true }];
}

/** What is metered costs nothing as long as no usage is known. */
function costsOf(price: Price, currency: string, quantity = 0): readonly Priced[] {
  return priced(termsIn(price, currency), ratio(quantity));
}

function newestFirst<T>(all: readonly T[]): T[] {
  return [...all].reverse();
}

interface Costing {
  readonly item: SubscriptionItem;
  readonly price: Price;
  readonly cost: Priced;
  readonly description: string;
}

function billing(biller: Biller, { item, price, cost, description }: Costing): Billing {
  const { amount, quantity, unitAmount } = cost;
  return {
    amount,
    currency: biller.currency,
    description,
    discountable: true,
    discounts: item.discounts,
    isProration: false,
    metadata: biller.metadata,
    period: periodOf(item),
    price: price.id,
    pricing: {
      type: "price_details",
      price_details: { price: shownIdOf(price), product: price.product },
      unit_amount_decimal: decimalText(unitAmount),
    },
    quantity: quantity === null ? null : floor(quantity),
    quantity_decimal: quantity === null ? null : decimalText(quantity),
    rates: item.tax_rates,
    subscription: biller.id,
    subscriptionItem: item.id,
  };
}
