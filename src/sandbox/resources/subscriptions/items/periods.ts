// From when to when an item is billed: for a whole period by the anchor of its subscription, or for what of one is left
// before an end that is named.
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { type Period, periodAt, wholeFrom } from "../../../reckoning/periods.ts";
import { prices } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import type { Subscription } from "../subscription.ts";
import { intervalOf } from "./named.ts";

export function periodOf({ current_period_start: start, current_period_end: end }: SubscriptionItem): Period {
  return { start, end };
}

export function during(item: SubscriptionItem, { start, end }: Period): SubscriptionItem {
  return { ...item, current_period_end: end, current_period_start: start };
}

/** The whole period of an item that a second lies in, by the anchor of its subscription. */
export function alignedPeriod(unit: Unit, anchor: number, item: { readonly price: string }, second: number): Period {
  return periodAt({ anchor, ...intervalOf(mustRead(unit, prices, item.price)) }, second);
}

/** An end at a second of its own cuts a period short, one at the end of a period none. */
export function cutShort(
  { cancel_at: cut, cancel_at_period_end }: Pick<Subscription, "cancel_at" | "cancel_at_period_end">,
  { start, end }: Period,
): Period {
  return cut !== null && !cancel_at_period_end && start < cut && cut < end ? { start, end: cut } : { start, end };
}

/** Time that an item is billed for, and the whole period of whose price that is a part. */
export interface Stretch {
  readonly part: Period;
  readonly whole: Period;
}

/**
 * The first second that prorations may reach: that of the period that runs, or, while the first one runs of what began
 * in the past, that beginning. https://docs.stripe.com/billing/subscriptions/backdating#backdating-an-update
 */
export function reachOf(
  { created, start_date }: Subscription,
  { current_period_start: start }: SubscriptionItem,
): number {
  return start <= created ? Math.min(start, start_date) : start;
}

/**
 * The time of an item from a second to the end of its period, oldest first. Of what lies behind the period a flexible
 * subscription has each natural period by itself. A classic one has it as a whole, as a part of an interval that begins
 * where the subscription began: from the 15th of February to the 1st of March, 14 of 28 days (documented). Where an
 * anchor is ahead, the period that runs belongs to it.
 */
export function stretchesFrom(unit: Unit, subscription: Subscription, item: SubscriptionItem, from: number): Stretch[] {
  const { billing_cycle_anchor: anchor, billing_mode: mode, start_date, trial_end } = subscription;
  const { current_period_end: end, current_period_start: now } = item;
  const running = { part: { start: Math.max(from, now), end }, whole: alignedPeriod(unit, anchor, item, now) };
  if (from >= now) return [running];
  if (mode.type === "flexible") return [...naturalPeriods(unit, anchor, item, { start: from, end: now }), running];
  const whole = wholeFrom(intervalOf(mustRead(unit, prices, item.price)), start_date);
  const isAhead = anchor > now && trial_end === null;
  return isAhead ? [{ part: { start: from, end }, whole }] : [{ part: { start: from, end: now }, whole }, running];
}

/** Not more than are too many on one invoice. */
function naturalPeriods(
  unit: Unit,
  anchor: number,
  item: { readonly price: string },
  { start, end }: Period,
): Stretch[] {
  const stretches: Stretch[] = [];
  let from = start;
  while (from < end && stretches.length < subscriptionDefaults.backdatedLinesMax.value) {
    const whole = alignedPeriod(unit, anchor, item, from);
    const part = { start: from, end: Math.min(whole.end, end) };
    stretches.push({ part, whole });
    from = part.end;
  }
  return stretches;
}
