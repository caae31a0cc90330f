// What the rest of a period is worth, to the second. A change in the middle of a period gives back what is unused of
// the old price and asks for what remains of the new one; each of the two is rounded once, by itself.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Off } from "./discounts.ts";
import type { Period } from "./periods.ts";
import { halfDown, isBelow, minus, over, type Rational, ratio, times, zero } from "./rational.ts";

/** What a whole period costs, after discounts; a part of it costs its part. */
export interface Share {
  readonly whole: Rational;
  readonly period: Period;
}

/** Of what was asked for, a part that is not used after all: below nothing, since it is given back. */
export function unused(share: Share, part: Period): number {
  return halfDown(times(ratio(-1), priceOf(share, part)));
}

/** What is to be paid for a part of the period. */
export function remaining(share: Share, part: Period): number {
  return halfDown(priceOf(share, part));
}

/** Every second costs the same. */
function priceOf({ whole, period }: Share, { start, end }: Period): Rational {
  return times(whole, ratio(end - start, period.end - period.start));
}

/**
 * A price after its discounts, each on what those before it have left, and nothing rounded yet: of 40000 less 30 %,
 * 2498046 of 2678400 seconds are 26115 (recorded).
 */
export function netOf(gross: Rational, offs: readonly Off[]): Rational {
  return offs.reduce((rest, off) => {
    const less = off.kind === "amount" ? ratio(off.amount) : over(times(rest, off.percent), ratio(100));
    const net = minus(rest, less);
    return isBelow(net, zero) ? zero : net;
  }, gross);
}
