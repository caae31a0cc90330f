// How often something is paid: `month`, `3 months`.
import { type Interval, intervals } from "../../../api/index.ts";

export interface Recurring {
  readonly interval: Interval;
  readonly intervalCount: number;
}

/**
 * Three years. Documented with the parameter: "Maximum of three years interval allowed (3 years, 36 months, or 156
 * weeks)". Of days the page says nothing; three years of 365 are inferred.
 */
const countMax: Readonly<Record<Interval, number>> = { day: 1095, week: 156, month: 36, year: 3 };

/** Undefined for what is not written as it should be: there is one way to say each. */
export function everyOf(text: string): Recurring | undefined {
  const [, count = "1", interval, plural] = /^(?:([1-9][0-9]{0,3}) )?([a-z]+?)(s?)$/.exec(text) ?? [];
  const known = intervals.find((one) => one === interval);
  if (known === undefined || (plural === "s") !== text.includes(" ")) return undefined;
  const intervalCount = Number(count);
  const isOne = intervalCount === 1 && text !== known;
  return isOne || intervalCount > countMax[known] ? undefined : { interval: known, intervalCount };
}

/** The same, from what Stripe says. */
export function everyText({ interval, intervalCount }: { interval: string; intervalCount: number }): string {
  return intervalCount === 1 ? interval : `${intervalCount} ${interval}s`;
}
