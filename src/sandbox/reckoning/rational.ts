// Exact fractions. Whatever decides a cent is reckoned with these and rounded once, by a rule that has a name; a float
// would decide 0.1 + 0.2 for us.
import assert from "node:assert/strict";

/** In lowest terms; the denominator is above zero. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** `ratio(1, 3)` is a third, `ratio(7)` is seven. */
export function ratio(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const below = BigInt(denominator);
  assert(below !== 0n, "nothing is divided by zero");
  const above = BigInt(numerator);
  if (below === 1n) return { numerator: above, denominator: below };
  const shared = commonDivisor(above, below) * (below < 0n ? -1n : 1n);
  return { numerator: above / shared, denominator: below / shared };
}

export const zero: Rational = ratio(0);

/** `decimal("3.6")` is 18/5: amounts, quantities and percentages as Stripe writes them. */
export function decimal(text: string): Rational {
  const [, whole = "", after = ""] = /^(-?\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  assert(/\d/.test(whole + after), `${JSON.stringify(text)} is not a decimal`);
  return after === "" ? ratio(BigInt(whole)) : ratio(BigInt(whole + after), 10n ** BigInt(after.length));
}

/** `decimalText(ratio(18, 5))` is "3.6"; of what has no end, twelve decimals, as many as Stripe takes. */
export function decimalText(value: Rational): string {
  const { numerator, denominator } = value;
  if (denominator === 1n) return numerator.toString();
  const scaled = (numerator * 10n ** decimalsMax) / denominator;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(Number(decimalsMax) + 1, "0");
  const after = digits.slice(-Number(decimalsMax)).replace(/0+$/, "");
  return `${scaled < 0n ? "-" : ""}${digits.slice(0, -Number(decimalsMax))}${after === "" ? "" : `.${after}`}`;
}

const decimalsMax = 12n;

export function plus(one: Rational, other: Rational): Rational {
  return ratio(
    one.numerator * other.denominator + other.numerator * one.denominator,
    one.denominator * other.denominator,
  );
}

export function minus(one: Rational, other: Rational): Rational {
  return plus(one, { ...other, numerator: -other.numerator });
}

export function times(one: Rational, other: Rational): Rational {
  return ratio(one.numerator * other.numerator, one.denominator * other.denominator);
}

export function over(one: Rational, other: Rational): Rational {
  return ratio(one.numerator * other.denominator, one.denominator * other.numerator);
}

export function isBelow(one: Rational, other: Rational): boolean {
  return one.numerator * other.denominator < other.numerator * one.denominator;
}

/** The next whole number below. What is beyond the safe integers is beyond every currency's maximum too. */
export function floor({ numerator, denominator }: Rational): number {
  const cut = numerator / denominator;
  return Number(cut * denominator > numerator ? cut - 1n : cut);
}

export function ceiling({ numerator, denominator }: Rational): number {
  return -floor({ numerator: -numerator, denominator }) || 0; // Never minus zero.
}

/** The nearest whole number; an exact half goes up: 22.5 is 23, -2.5 is -2. So taxes, prices and percentages round. */
export function halfUp(value: Rational): number {
  return value.denominator === 1n ? Number(value.numerator) : floor(plus(value, half));
}

/** The nearest whole number; an exact half goes down: 4.5 is 4, -2.5 is -3. So prorations round (recorded). */
export function halfDown(value: Rational): number {
  return ceiling(minus(value, half));
}

const half = ratio(1, 2);

function commonDivisor(one: bigint, other: bigint): bigint {
  let [a, b] = [one < 0n ? -one : one, other < 0n ? -other : other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
