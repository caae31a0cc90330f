// From when to when a phase lasts: until a second that is named, for a duration, or for so many periods of its prices.
import { secondMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, hash, integer, text } from "../../../kernel/words/params.ts";
import { monthsAfter } from "../../../reckoning/months.ts";
import { type Interval, type Period, wholeFrom } from "../../../reckoning/periods.ts";
import { rows } from "../refusals.table.ts";

export interface Timing {
  /** By which the subscription is billed, so that months end where its periods do. */
  readonly anchor: number;
  readonly start: number;
  readonly now: number;
  /** The shortest of its prices. */
  readonly interval: Interval;
  /** `phases[0]` */
  readonly at: string;
}

/** Where nothing is said of its end it lasts for one period (inferred). */
export function periodOfPhase(sent: Params, { anchor, at, interval, now, start }: Timing): Period {
  const end = integer(sent, "end_date") ?? (text(sent, "end_date") === "now" ? now : undefined);
  const other = ["duration", "iterations"].find((name) => sent[name] !== undefined);
  if (end !== undefined && other !== undefined) {
    throw refusal(rows.phaseEndTwice, { param: other }, { param: `${at}[end_date]` });
  }
  if (end !== undefined && end <= start) throw refusal(rows.phaseBackwards, {}, { param: `${at}[end_date]` });
  return { start, end: end ?? endAfter(lengthOf(sent, interval), anchor, start) };
}

/** What begins on the last of February ends on the 31st of March, if it is billed on the 31st. */
function endAfter({ interval, interval_count: count }: Interval, anchor: number, start: number): number {
  if (interval === "day" || interval === "week") return wholeFrom({ interval, interval_count: count }, start).end;
  const months = count * (interval === "year" ? 12 : 1);
  const passed = monthsBetween(anchor, start);
  return monthsAfter(anchor, passed) === start ? monthsAfter(anchor, passed + months) : monthsAfter(start, months);
}

function monthsBetween(anchor: number, start: number): number {
  const [from, to] = [new Date(anchor * secondMs), new Date(start * secondMs)];
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
}

function lengthOf(sent: Params, interval: Interval): Interval {
  const duration = hash(sent, "duration");
  const iterations = integer(sent, "iterations") ?? 1;
  if (!duration) return { ...interval, interval_count: interval.interval_count * iterations };
  const named = (text(duration, "interval") ?? "month") as Interval["interval"]; // Its schema requires one of these.
  return { interval: named, interval_count: integer(duration, "interval_count") ?? 1 };
}

/** The second at which a trial within the phase ends. */
export function trialEndOf(sent: Params, { start, end }: Period, { at, now }: Timing): number | null {
  const isWhole = boolean(sent, "trial") === true;
  const named = integer(sent, "trial_end") ?? (text(sent, "trial_end") === "now" ? now : undefined);
  const param = `${at}[trial_end]`;
  if (isWhole && named !== undefined) throw refusal(rows.phaseTrialTwice, {}, { param });
  const trialEnd = isWhole ? end : named;
  if (trialEnd === undefined) return null;
  if (trialEnd < start || trialEnd > end) throw refusal(rows.phaseTrialOutside, {}, { param });
  if (text(sent, "billing_cycle_anchor") === "phase_start") {
    throw refusal(rows.phaseTrialAnchored, {}, { param: `${at}[billing_cycle_anchor]` });
  }
  return trialEnd;
}
