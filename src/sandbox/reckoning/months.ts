// Calendar months of UTC: the day stays where it is, or is the last of a month that has no such day.

/**
 * `monthsAfter(second, 1)` of the 31st of January at ten is the 28th of February at ten, or the 29th.
 *
 * @param second since 1970
 */
export function monthsAfter(second: number, months: number): number {
  const from = new Date(second * 1000);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay)) / 1000;
  return midnight + (second - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()) / 1000);
}
