// When a subscription is billed: from its creation, from an anchor that its caller names, or from the end of a trial.
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { hash, integer } from "../../kernel/words/params.ts";
import { type AnchorConfig, anchorOf, type Interval, wholeFrom } from "../../reckoning/periods.ts";
import { rows } from "./refusals.table.ts";
import type { Subscription } from "./subscription.ts";

type Anchored = Pick<
  Subscription,
  "billing_cycle_anchor" | "billing_cycle_anchor_config" | "trial_end" | "trial_start"
>;

interface Chosen {
  /** The shortest. */
  readonly interval: Interval;
  readonly trialEnd: number | null;
  /** Where it begins, and whence it is billed where nothing else is said. */
  readonly start: number;
  readonly natural: number;
}

/** A trial that is chosen moves the anchor to its end, unless another is named (recorded). */
export function anchoring(unit: Unit, params: Params, { interval, natural, start, trialEnd }: Chosen): Anchored {
  const created = secondOf(unit);
  const config = configOf(params, interval);
  if (config && start !== created) throw refusal(rows.backdateConfig);
  const sent = integer(params, "billing_cycle_anchor");
  if (sent !== undefined && config) throw refusal(rows.anchorTwice);
  if (sent !== undefined) refuseFar(sent, interval, created);
  const anchor = sent ?? (config ? anchorOf(config, interval, created) : (trialEnd ?? natural));
  return {
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: config,
    trial_end: trialEnd,
    trial_start: trialEnd === null ? null : created,
  };
}

/** Now, or in the past. */
export function startOf(unit: Unit, params: Params): number {
  const created = secondOf(unit);
  const start = integer(params, "backdate_start_date") ?? created;
  if (start > created) throw refusal(rows.backdateAhead);
  return start;
}

/** It is ahead, and before the subscription would be billed without it. */
function refuseFar(anchor: number, interval: Interval, created: number): void {
  if (anchor < created) throw refusal(rows.anchorPast);
  const { end } = wholeFrom(interval, created);
  if (anchor > end) throw refusal(rows.anchorTooLate, { date: end });
}

/** Of prices in months and years; a month of the year only where the interval is longer than one. */
function configOf(params: Params, interval: Interval): AnchorConfig | null {
  const sent = hash(params, "billing_cycle_anchor_config");
  if (!sent) return null;
  const field = (name: string) => integer(sent, name) ?? null;
  const isMonthly = interval.interval === "month" && interval.interval_count === 1;
  const inDays = interval.interval === "day" || interval.interval === "week";
  const limits = [
    [field("day_of_month"), 1, 31],
    [field("month"), 1, 12],
    [field("hour"), 0, 23],
    [field("minute"), 0, 59],
    [field("second"), 0, 59],
  ] as const;
  const isOff = limits.some(([value, least, most]) => value !== null && (value < least || value > most));
  if (isOff || inDays || (isMonthly && field("month") !== null)) throw refusal(rows.anchorConfigWrong);
  return {
    day_of_month: field("day_of_month") ?? 1,
    hour: field("hour"),
    minute: field("minute"),
    month: field("month"),
    second: field("second"),
  };
}
