// Free until a second that a caller names, in days, or as the price says.
// https://docs.stripe.com/billing/subscriptions/trials
import { dayMs, secondMs } from "#kit/clock.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { boolean, integer, text } from "../../kernel/words/params.ts";
import type { Price } from "../prices/index.ts";
import { subscriptionDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

/** The second at which it ends; null for no trial, undefined where nothing is said of one. */
export function trialEndOf(unit: Unit, params: Params, list: readonly Price[]): number | null | undefined {
  const end = integer(params, "trial_end");
  const days = integer(params, "trial_period_days");
  const isNow = text(params, "trial_end") === "now";
  const fromPlan = boolean(params, "trial_from_plan") === true;
  if (fromPlan && (end !== undefined || isNow || days !== undefined)) throw refusal(rows.trialTwice);
  if (isNow) return null;
  const named = days ?? (fromPlan ? longestOf(list) : undefined);
  if (end === undefined && named === undefined) return undefined;
  const second = secondOf(unit);
  const at = end ?? second + ((named ?? 0) * dayMs) / secondMs;
  const limit = subscriptionDefaults.trialDaysMax.value;
  if (at > second + (limit * dayMs) / secondMs) throw refusal(rows.trialTooLong, { days: limit });
  if (at < second) throw refusal(rows.trialPast);
  return at === second ? null : at;
}

/** A price's own trial counts only where it is asked for (documented). */
function longestOf(list: readonly Price[]): number | undefined {
  const days = list.map(({ recurring }) => recurring?.trial_period_days ?? 0);
  return Math.max(0, ...days) || undefined;
}
