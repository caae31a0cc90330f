// What discounts take off lines. Each takes its part of what those before it have left.
// https://docs.stripe.com/billing/subscriptions/coupons#stacking
import { halfUp, over, type Rational, ratio, times } from "./rational.ts";

/** A part in a hundred, or an amount in minor units. */
export type Off =
  | { readonly kind: "percent"; readonly percent: Rational }
  | { readonly kind: "amount"; readonly amount: number };

export interface Discounting {
  readonly off: Off;
  /** Which lines it applies to, by their index. */
  readonly lines: readonly number[];
}

/**
 * What each discounting takes off each line, in the order of the discountings: `taken[discounting][line]`. Those of
 * single items come first, then those of the whole invoice. No line falls below nothing, and a credit is left alone.
 */
export function discounted(gross: readonly number[], discountings: readonly Discounting[]): readonly number[][] {
  const rest = gross.map((amount) => Math.max(amount, 0));
  return discountings.map(({ off, lines }) => {
    const taken = rest.map(() => 0);
    const parts = partsOf(
      off,
      lines.map((line) => rest[line] ?? 0),
    );
    for (const [index, line] of lines.entries()) {
      const part = parts[index] ?? 0;
      taken[line] = part;
      rest[line] = (rest[line] ?? 0) - part;
    }
    return taken;
  });
}

/** A percentage is rounded on each line, halves up (inferred). */
function partsOf(off: Off, rest: readonly number[]): number[] {
  if (off.kind === "amount") return spread(off.amount, rest);
  return rest.map((amount) => halfUp(times(ratio(amount), over(off.percent, ratio(100)))));
}

/**
 * In proportion, rounded down, and the whole remainder on the last line: 500 off 1000 and 2000 is 166 and 334
 * (https://docs.stripe.com/billing/subscriptions/prorations). What a line cannot give, the one before it gives.
 */
function spread(amount: number, rest: readonly number[]): number[] {
  const whole = rest.reduce((sum, one) => sum + one, 0);
  if (whole === 0) return rest.map(() => 0);
  const shared = Math.min(amount, whole);
  const parts = rest.map((one) => Number((BigInt(shared) * BigInt(one)) / BigInt(whole)));
  let remainder = shared - parts.reduce((sum, one) => sum + one, 0);
  for (let index = rest.length - 1; remainder > 0; index--) {
    const more = Math.min(remainder, (rest[index] ?? 0) - (parts[index] ?? 0));
    parts[index] = (parts[index] ?? 0) + more;
    remainder -= more;
  }
  return parts;
}
