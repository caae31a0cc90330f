// Trials of items whose end would be a guess are not played.
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { notPlayed } from "../../../kernel/words/errors.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import type { Subscription } from "../subscription.ts";
import { alignedPeriod } from "./periods.ts";

/** One that ends within a period of its item, beside a trial of the whole, or under a schedule. */
export function refuseUnclearTrials(unit: Unit, { billing_cycle_anchor: anchor, ...subscription }: Subscription): void {
  const { items, schedule, trial_end } = subscription;
  for (const item of items) {
    const end = item.current_trial?.end_date;
    if (end === undefined || end <= secondOf(unit)) continue;
    const isEven = alignedPeriod(unit, anchor, item, end).start === end;
    if (!isEven) throw notPlayed("trial offers that end within a period", "items[current_trial]");
    if ((trial_end ?? 0) > secondOf(unit)) throw notPlayed("trial offers beside a trial", "items[current_trial]");
    if (schedule !== null) throw notPlayed("trial offers in schedules", "items[current_trial]");
  }
}

/** `what` would change, while one runs, what its item is or when its periods end. */
export function refuseInTrial(items: readonly SubscriptionItem[], what: string, param: string): void {
  if (items.some(({ current_trial: trial }) => trial !== null)) throw notPlayed(what, param);
}
