// What a subscription that began in the past is billed of the time that lies behind it, on its first invoice.
// https://docs.stripe.com/billing/subscriptions/backdating
import type { Unit } from "../../../kernel/state/unit.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import type { Billing } from "../../line_items/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { alignedPeriod, during } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { linesOf } from "./lines.ts";

/** Of what is billed now, and of the time before: flexible as if each period had been billed, classic in one line. */
export function linesSinceStart(unit: Unit, draft: Subscription, due: readonly SubscriptionItem[]): Billing[] {
  if (draft.start_date === draft.created) return linesOf(unit, draft, due);
  if (draft.billing_mode.type === "classic") return [...due].reverse().flatMap((item) => inOneLine(unit, draft, item));
  const all = due.flatMap((item) => [...periodsBehind(unit, draft, item), item]);
  if (all.length > linesMax) throw refusal(rows.backdatedTooFar, { limit: linesMax });
  return linesOf(unit, draft, all);
}

const linesMax = subscriptionDefaults.backdatedLinesMax.value;

/** Oldest first, and not more than too many. What is metered has used nothing yet. */
function periodsBehind(unit: Unit, draft: Subscription, item: SubscriptionItem): SubscriptionItem[] {
  const behind: SubscriptionItem[] = [];
  let start = item.quantity === undefined ? item.current_period_start : draft.start_date;
  while (start < item.current_period_start && behind.length < linesMax) {
    const { end } = alignedPeriod(unit, draft.billing_cycle_anchor, item, start);
    behind.push(during(item, { start, end }));
    start = end;
  }
  return behind;
}

/**
 * The part that it is of an interval that begins where the subscription began: from the 15th of February to the 1st of
 * March, 14 of 28 days (documented). Where an anchor is ahead, it is the only line.
 */
function inOneLine(unit: Unit, draft: Subscription, item: SubscriptionItem): Billing[] {
  if (item.quantity === undefined) return linesOf(unit, draft, [item]);
  const { current_period_end: end, current_period_start: now } = item;
  const isAhead = draft.billing_cycle_anchor > now;
  const behind = during(item, { start: draft.start_date, end: isAhead ? end : now });
  const lines = linesOf(unit, { ...draft, billing_cycle_anchor: draft.start_date }, [behind]);
  return isAhead ? lines : [...linesOf(unit, draft, [item]), ...lines];
}
