// What is given back of something that was billed, part by part: of a line's amount by its quantity, of its discounts
// and taxes by its amount. https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
import { halfUp, ratio, times } from "./rational.ts";

/** Of a line with a tax of 19: how much of it goes with so much of the line, when some has gone before. */
export interface Given {
  /** How much of the line is given back then, with all that was before. */
  readonly credited: number;
  /** The whole of the line. */
  readonly of: number;
  /** What has gone already of that which is divided. */
  readonly before: number;
}

/**
 * The next part of a whole, so that all parts together are the whole in proportion, halves up, and whoever gives back
 * all gives back the whole to the cent: a third of 100 and two more are 33, 34 and 33. No part goes the other way, even
 * where parts were taken back in between (inferred).
 */
export function nextPart(whole: number, { credited, of, before }: Given): number {
  if (of === 0) return 0;
  const rest = halfUp(times(ratio(whole), ratio(credited, of))) - before;
  return whole < 0 ? Math.min(rest, 0) : Math.max(rest, 0);
}
