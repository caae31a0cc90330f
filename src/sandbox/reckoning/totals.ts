// From lines to what an invoice is for: discounts, then taxes, and what it costs to send things.
// https://docs.stripe.com/invoicing/integration
import { type Discounting, discounted, type Off } from "./discounts.ts";
import { containedTax, type Rate, type Tax, type Taxable, type Taxation, taxed } from "./taxes.ts";

export interface Line {
  readonly amount: number;
  /** No discount touches what is not discountable. */
  readonly isDiscountable: boolean;
  readonly rates: readonly Rate[];
  /** Its taxes, where somebody else has reckoned them. */
  readonly fixed?: readonly Tax[] | undefined;
  /** What was taken off it when it was made, whatever its invoice takes off. */
  readonly taken: readonly TakenBefore[];
}

export interface TakenBefore extends Taken {
  readonly isOfItem: boolean;
}

export interface Discount {
  readonly id: string;
  readonly off: Off;
  /** The lines it may apply to: those of one item, or those whose product its coupon is for. */
  readonly lines: readonly number[];
  /** Of an item, not of the whole invoice: the subtotal has it taken off already (recorded). */
  readonly isOfItem: boolean;
}

/** What a discount takes. */
export interface Taken {
  readonly discount: string;
  readonly amount: number;
}

/** What it costs to send things: no line, so that no discount touches it and the subtotal is without it (declared). */
export interface Shipping {
  readonly amount: number;
  readonly rates: readonly Rate[];
}

export interface ShippingTotals {
  readonly taxes: readonly Tax[];
  /** With its taxes. */
  readonly total: number;
}

export interface Totals {
  readonly lines: readonly LineTotals[];
  readonly discounts: readonly Taken[];
  readonly taxes: readonly Tax[];
  readonly subtotal: number;
  readonly subtotalExcludingTax: number;
  readonly total: number;
  readonly totalExcludingTax: number;
  /** Undefined where nothing is sent. */
  readonly shipping: ShippingTotals | undefined;
}

interface LineTotals {
  /** After its item's discounts. */
  readonly subtotal: number;
  readonly discounts: readonly Taken[];
  readonly taxes: readonly Tax[];
}

interface Reckoning {
  /** In their order; those of items come first whatever their place. */
  readonly discounts: readonly Discount[];
  /** Whether the customer pays taxes. */
  readonly paysTaxes: boolean;
  readonly taxRounding: "line" | "invoice";
  readonly shipping?: Shipping | undefined;
}

/** All sums of an invoice before the customer's balance has its say. */
export function totalsOf(lines: readonly Line[], { discounts, paysTaxes, taxRounding, shipping }: Reckoning): Totals {
  if (discounts.length === 0 && shipping === undefined && lines.every(isPlain)) return plainTotals(lines);
  const ordered = discounts.toSorted((one, other) => Number(other.isOfItem) - Number(one.isOfItem));
  const taken = discounted(
    lines.map(({ amount }) => amount),
    ordered.map(({ off, lines: on }): Discounting => ({ off, lines: on.filter((at) => lines[at]?.isDiscountable) })),
  );
  const reduced = lines.map((line, at): Reduced => {
    const own = ordered.flatMap(({ id, isOfItem, lines: on }, nth) =>
      line.isDiscountable && on.includes(at) ? { discount: id, amount: taken[nth]?.[at] ?? 0, isOfItem } : [],
    );
    const offs = [...line.taken, ...own];
    const { amount, fixed, rates } = line;
    const subtotal = amount - sumOf(offs, ofItem);
    return { offs, subtotal, net: amount - sumOf(offs, amountOf), rates, fixed };
  });
  const taxables = [...reduced, ...(shipping ? [{ net: shipping.amount, rates: shipping.rates }] : [])];
  const taxation = taxed(taxables, { pays: paysTaxes, rounding: taxRounding });
  const net = sumOf(taxables, netOf) - sumOf(taxation.relief, itself);
  return {
    lines: reduced.map(({ offs, subtotal }, at) => ({
      subtotal,
      discounts: offs.map(({ amount, discount }) => ({ discount, amount })),
      taxes: taxation.lines[at] ?? [],
    })),
    discounts: together([
      ...ordered.map(({ id }, nth) => ({ discount: id, amount: sumOf(taken[nth] ?? [], itself) })),
      ...lines.flatMap((line) => line.taken),
    ]),
    taxes: taxation.totals,
    subtotal: sumOf(reduced, subtotalOf),
    subtotalExcludingTax: sumOf(reduced, withoutTax),
    total: net + sumOf(taxation.totals, onTop),
    totalExcludingTax: net - sumOf(taxation.totals, inside),
    shipping: shipping && shippingTotals(shipping, taxation, lines.length),
  };
}

/** It stands behind the lines. */
function shippingTotals({ amount }: Shipping, { lines, relief }: Taxation, at: number): ShippingTotals {
  const taxes = lines[at] ?? [];
  return { taxes, total: amount - (relief[at] ?? 0) + sumOf(taxes, onTop) };
}

/** Nothing has been taken off it, and no tax is asked for. */
function isPlain({ rates, fixed, taken }: Line): boolean {
  return rates.length === 0 && fixed === undefined && taken.length === 0;
}

/** Most invoices come to what their lines say. */
function plainTotals(lines: readonly Line[]): Totals {
  const total = sumOf(lines, amountOf);
  return {
    lines: lines.map(({ amount }) => ({ subtotal: amount, discounts: [], taxes: [] })),
    discounts: [],
    taxes: [],
    subtotal: total,
    subtotalExcludingTax: total,
    total,
    totalExcludingTax: total,
    shipping: undefined,
  };
}

/** A line with what is taken off it. */
interface Reduced extends Taxable {
  readonly subtotal: number;
  readonly offs: readonly TakenBefore[];
}

/** Each once, in the order in which they are met. */
function together(all: readonly Taken[]): Taken[] {
  const sums = new Map<string, number>();
  for (const { discount, amount } of all) sums.set(discount, (sums.get(discount) ?? 0) + amount);
  return Array.from(sums, ([discount, amount]) => ({ discount, amount }));
}

/** A price without the tax it contains, whoever pays that. */
function withoutTax({ subtotal, rates, fixed }: Reduced): number {
  return subtotal - containedTax({ net: subtotal, rates, fixed });
}

function sumOf<T>(all: readonly T[], amountIn: (one: T) => number): number {
  return all.reduce((whole, one) => whole + amountIn(one), 0);
}

// What sums are of.
const itself = (amount: number): number => amount;
const amountOf = ({ amount }: { readonly amount: number }): number => amount;
const ofItem = ({ amount, isOfItem }: TakenBefore): number => (isOfItem ? amount : 0);
const netOf = ({ net }: Taxable): number => net;
const subtotalOf = ({ subtotal }: Reduced): number => subtotal;
const onTop = ({ rate, amount }: Tax): number => (rate.isInclusive ? 0 : amount);
const inside = ({ rate, amount }: Tax): number => (rate.isInclusive ? amount : 0);
