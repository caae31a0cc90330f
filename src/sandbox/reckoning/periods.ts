// The calendar of a subscription: boundaries that lie whole intervals before and after an anchor, in UTC, exact to the
// second. What is anchored on the 31st is billed on the last day of shorter months, and on the 31st again.
// https://docs.stripe.com/billing/subscriptions/billing-cycle
import { dayMs, secondMs } from "#kit/clock.ts";
import { monthsAfter } from "./months.ts";

/** Every so many days, weeks, months or years. */
export interface Interval {
  readonly interval: "day" | "week" | "month" | "year";
  readonly interval_count: number;
}

export interface Cycle extends Interval {
  /** A second since 1970 at which a period begins. */
  readonly anchor: number;
}

/** From its first second to the one that is no more part of it. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

const daySeconds = dayMs / secondMs;

/** Of those that count in days, how many; the others count in months. */
const days = { day: 1, week: 7 } as const;
const months = { month: 1, year: 12 } as const;

/** The boundary that many intervals after the anchor; before it when below nothing. */
export function boundary({ anchor, interval, interval_count: count }: Cycle, nth: number): number {
  return interval === "day" || interval === "week"
    ? anchor + nth * count * days[interval] * daySeconds
    : monthsAfter(anchor, nth * count * months[interval]);
}

/** The whole period that a second lies in: `periodAt({ anchor, interval: "month", interval_count: 1 }, now).end`. */
export function periodAt(cycle: Cycle, second: number): Period {
  let nth = Math.floor((second - cycle.anchor) / longest(cycle));
  let start = boundary(cycle, nth);
  while (start > second) start = boundary(cycle, --nth);
  let end = boundary(cycle, ++nth);
  while (end <= second) {
    start = end;
    end = boundary(cycle, ++nth);
  }
  return { start, end };
}

/** No period is longer, so that a search by it begins between the anchor and where it ends. */
function longest({ interval, interval_count: count }: Cycle): number {
  return count * daySeconds * { day: 1, week: 7, month: 31, year: 366 }[interval];
}

/** How long an interval is that begins at a second: of the 15th of February, 28 days. */
export function wholeFrom(interval: Interval, start: number): Period {
  return { start, end: boundary({ ...interval, anchor: start }, 1) };
}

/** `billing_cycle_anchor_config`; what is not said of the hour is that of the creation. */
export interface AnchorConfig {
  readonly day_of_month: number;
  readonly hour: number | null;
  readonly minute: number | null;
  readonly month: number | null;
  readonly second: number | null;
}

/**
 * The anchor that a configuration means for what is created at a second. The first boundary is the first date it fits;
 * the anchor is the first boundary that has the very day: every two months on the 31st, that is August when the first
 * is in February (documented). Where no boundary ever has it, it is the first.
 */
export function anchorOf(config: AnchorConfig, { interval, interval_count: count }: Interval, created: number): number {
  const step = count * (interval === "year" ? 12 : 1);
  const from = new Date(created * secondMs);
  const year = from.getUTCFullYear();
  const pace = config.month === null ? 1 : Math.min(step, 12);
  let first = config.month === null ? from.getUTCMonth() : ((config.month - 1) % pace) - pace;
  while (dateIn(first, config, from) < created) first += pace;
  for (let month = first; month < first + leapMonthsMax + step; month += step) {
    if (lastDay(year, month) >= config.day_of_month) return dateIn(month, config, from);
  }
  return dateIn(first, config, from);
}

/** Between two 29ths of February there are at most eight years, and then the interval may have to fit. */
const leapMonthsMax = 12 * 28;

/** The months are those of the year of `from`, or before and after it. */
function dateIn(month: number, config: AnchorConfig, from: Date): number {
  const year = from.getUTCFullYear();
  const day = Math.min(config.day_of_month, lastDay(year, month));
  const hour = config.hour ?? from.getUTCHours();
  const minute = config.minute ?? from.getUTCMinutes();
  return Date.UTC(year, month, day, hour, minute, config.second ?? from.getUTCSeconds()) / secondMs;
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
