// What the rest of a period is worth, to the second. A change in the middle of a period gives back what is unused of
// the old price and asks for what remains of the new one; each of the two is rounded once, by itself.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Off } from "./discounts.ts";
import type { Period } from "./periods.ts";
import { halfDown, isBelow, minus, over, type Rational, ratio, times, zero } from "./rational.ts";

/** What a whole period costs; a part of it costs its part. */
export interface Share {
  /** Before discounts. */
  readonly whole: Rational;
  /** What each discount leaves of it, one after the other. */
  readonly rests: readonly Rational[];
  readonly period: Period;
}

/** Each step is rounded once, from what is exact: what is taken off is the difference of two of them. */
export interface Part {
  readonly gross: number;
  readonly taken: readonly number[];
  readonly net: number;
}

/** Of what was asked for, a part that is not used after all: below nothing, since it is given back. */
export function unused(share: Share, part: Period): Part {
  return rounded(share, part, -1);
}

/** What is to be paid for a part of the period. */
export function remaining(share: Share, part: Period): Part {
  return rounded(share, part, 1);
}

/** Every second costs the same. */
function rounded({ whole, rests, period }: Share, { start, end }: Period, sign: 1 | -1): Part {
  const fraction = ratio(sign * (end - start), period.end - period.start);
  const of = (price: Rational) => halfDown(times(price, fraction));
  const gross = of(whole);
  const nets = rests.map(of);
  return { gross, taken: nets.map((net, nth) => (nets[nth - 1] ?? gross) - net), net: nets.at(-1) ?? gross };
}

/**
 * A price after each of its discounts, each on what those before it have left, and nothing rounded yet: of 40000 less
 * 30 %, 2498046 of 2678400 seconds are 26115 (recorded).
 */
export function restsOf(gross: Rational, offs: readonly Off[]): Rational[] {
  let rest = gross;
  return offs.map((off) => {
    const net = minus(rest, off.kind === "amount" ? ratio(off.amount) : over(times(rest, off.percent), ratio(100)));
    rest = isBelow(net, zero) ? zero : net;
    return rest;
  });
}
