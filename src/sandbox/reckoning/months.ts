// Calendar months of UTC: the day stays where it is, or is the last of a month that has no such day.
import { dayMs, secondMs } from "#kit/clock.ts";

/**
 * `monthsAfter(second, 1)` of the 31st of January at ten is the 28th of February at ten, or the 29th.
 *
 * @param second since 1970
 */
export function monthsAfter(second: number, months: number): number {
  const from = new Date(second * secondMs);
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const first = Date.UTC(year, month, 1);
  const daysThere = (Date.UTC(year, month + 1, 1) - first) / dayMs;
  const days = Math.min(from.getUTCDate(), daysThere) - 1;
  const sinceMidnight = (((second * secondMs) % dayMs) + dayMs) % dayMs;
  return (first + days * dayMs + sinceMidnight) / secondMs;
}
