// Taxes of manual rates: out of what an inclusive price contains first, then on top of what is left of it.
// https://docs.stripe.com/billing/taxes/tax-rates
import { halfUp, minus, over, plus, type Rational, ratio, times, zero } from "./rational.ts";

export interface Rate {
  readonly id: string;
  /** Of a hundred. */
  readonly percentage: Rational;
  readonly isInclusive: boolean;
}

export interface Taxable {
  /** What is left after discounts; below nothing for a credit, whose tax is below nothing too. */
  readonly net: number;
  readonly rates: readonly Rate[];
  /** What somebody else has reckoned; its line has no rates then. */
  readonly fixed?: readonly Tax[] | undefined;
}

export interface Tax {
  readonly rate: Rate;
  readonly amount: number;
  readonly taxable: number;
  /** Why it is so, of one that somebody else has reckoned. */
  readonly reason?: string | undefined;
}

export interface Taxation {
  /** Of each line, in the order of its rates. */
  readonly lines: readonly (readonly Tax[])[];
  /** Of each rate, in the order in which they are met. */
  readonly totals: readonly Tax[];
  /** By how much each line is lowered, since its price contained a tax that this customer does not pay. */
  readonly relief: readonly number[];
}

interface Taxing {
  /** False: the customer is exempt, or owes the tax in their own country. */
  readonly pays: boolean;
  /** Where halves go up: on each line, or once on the sum of a rate. Accounts choose; lines are the default. */
  readonly rounding: "line" | "invoice";
}

export function taxed(lines: readonly Taxable[], { pays, rounding }: Taxing): Taxation {
  if (!pays) return spared(lines);
  const rounded = lines.map(roundedTaxes);
  const totals = rounding === "line" ? totalsOf(rounded.flat()) : totalsOf(lines.flatMap(exactTaxes));
  return { lines: rounded, totals, relief: lines.map(() => 0) };
}

/** The inclusive part of a price; what the net would be without it is not asked for here. */
export function containedTax({ net, rates, fixed }: Taxable): number {
  if (fixed) return fixed.reduce((sum, { amount, rate }) => sum + (rate.isInclusive ? amount : 0), 0);
  return rounded(contained(net, rates));
}

function rounded(parts: readonly { readonly amount: Rational }[]): number {
  return parts.reduce((sum, { amount }) => sum + halfUp(amount), 0);
}

function spared(lines: readonly Taxable[]): Taxation {
  const none = lines.map(({ rates, fixed }) => fixed ?? rates.map((rate): Tax => ({ rate, amount: 0, taxable: 0 })));
  return {
    lines: none,
    totals: totalsOf(none.flat()),
    relief: lines.map((one) => (one.fixed ? 0 : containedTax(one))),
  };
}

/** 5 % on 450 is 23. */
function roundedTaxes(line: Taxable): readonly Tax[] {
  if (line.fixed) return line.fixed;
  const inside = contained(line.net, line.rates);
  const base = line.net - rounded(inside);
  return line.rates.map((rate) => {
    const amount = inside.find((one) => one.rate === rate)?.amount ?? onTop(ratio(base), rate);
    return { rate, amount: halfUp(amount), taxable: base };
  });
}

interface ExactTax extends Pick<Tax, "rate" | "reason"> {
  readonly amount: Rational | number;
  readonly taxable: Rational | number;
}

function exactTaxes({ net, rates, fixed }: Taxable): readonly ExactTax[] {
  if (fixed) return fixed;
  const inside = contained(net, rates);
  const base = inside.reduce((rest, { amount }) => minus(rest, amount), ratio(net));
  return rates.map((rate) => {
    const amount = inside.find((one) => one.rate === rate)?.amount ?? onTop(base, rate);
    return { rate, amount, taxable: base };
  });
}

/** What of a price its inclusive rates are: a tenth on top is an eleventh of the whole. */
function contained(net: number, rates: readonly Rate[]): { readonly rate: Rate; readonly amount: Rational }[] {
  const inclusive = rates.filter(({ isInclusive }) => isInclusive);
  if (inclusive.length === 0) return [];
  const whole = inclusive.reduce((sum, { percentage }) => plus(sum, percentage), ratio(100));
  return inclusive.map((rate) => ({ rate, amount: over(times(ratio(net), rate.percentage), whole) }));
}

function onTop(base: Rational, { percentage }: Rate): Rational {
  return over(times(base, percentage), ratio(100));
}

function totalsOf(taxes: readonly ExactTax[]): Tax[] {
  const byRate = Map.groupBy(taxes, ({ rate }) => rate.id);
  return [...byRate.values()].map((ofRate) => ({
    ...(({ rate, reason }) => ({ rate, reason }))(ofRate[0] as ExactTax), // A group has a first.
    amount: roundedSum(ofRate.map(({ amount }) => amount)),
    taxable: roundedSum(ofRate.map(({ taxable }) => taxable)),
  }));
}

function roundedSum(parts: readonly (Rational | number)[]): number {
  return halfUp(parts.reduce<Rational>((sum, part) => plus(sum, typeof part === "number" ? ratio(part) : part), zero));
}
