// From when to when an item is billed: for a whole period by the anchor of its subscription, or for what of one is left
// before an end that is named.
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { type Period, periodAt } from "../../../reckoning/periods.ts";
import { prices } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
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
