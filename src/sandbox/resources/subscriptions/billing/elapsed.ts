// What a subscription that began in the past is billed of the time that lies behind it, on its first invoice.
// https://docs.stripe.com/billing/subscriptions/backdating
import type { Unit } from "../../../kernel/state/unit.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import type { Billing } from "../../line_items/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { type Stretch, stretchesFrom } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { linesOfStretches } from "./lines.ts";

/** Of what is billed now, and of the time before. */
export function linesSinceStart(unit: Unit, draft: Subscription, due: readonly SubscriptionItem[]): Billing[] {
  return linesOfAll(unit, draft, due, (stretches) => stretches);
}

/** Of the time before alone: what is on trial now is free. */
export function linesBehind(unit: Unit, draft: Subscription, items: readonly SubscriptionItem[]): Billing[] {
  const { created } = draft;
  return linesOfAll(unit, draft, items, (stretches) => stretches.filter(({ part }) => part.start < created));
}

type Choosing = (stretches: readonly Stretch[]) => readonly Stretch[];

/** What is metered has used nothing yet. */
function linesOfAll(unit: Unit, draft: Subscription, items: readonly SubscriptionItem[], choose: Choosing): Billing[] {
  const timed = items.map((item) => {
    const from = item.quantity === undefined ? item.current_period_start : draft.start_date;
    return { item, stretches: choose(stretchesFrom(unit, draft, item, from)) };
  });
  const limit = subscriptionDefaults.backdatedLinesMax.value;
  if (timed.flatMap(({ stretches }) => stretches).length > limit) throw refusal(rows.backdatedTooFar, { limit });
  return linesOfStretches(unit, draft, timed);
}
