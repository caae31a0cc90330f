// From lines to what an invoice is for: discounts, then taxes. https://docs.stripe.com/invoicing/integration
import { type Discounting, discounted, type Off } from "./discounts.ts";
import { containedTax, type Rate, type Tax, taxed } from "./taxes.ts";

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

export interface Totals {
  readonly lines: readonly LineTotals[];
  readonly discounts: readonly Taken[];
  readonly taxes: readonly Tax[];
  readonly subtotal: number;
  readonly subtotalExcludingTax: number;
  readonly total: number;
  readonly totalExcludingTax: number;
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
}

/** All sums of an invoice before the customer's balance has its say. */
export function totalsOf(lines: readonly Line[], { discounts, paysTaxes, taxRounding }: Reckoning): Totals {
  const ordered = [...discounts.filter(({ isOfItem }) => isOfItem), ...discounts.filter(({ isOfItem }) => !isOfItem)];
  const taken = discounted(
    lines.map(({ amount }) => amount),
    ordered.map(({ off, lines: on }): Discounting => ({ off, lines: on.filter((at) => lines[at]?.isDiscountable) })),
  );
  const takenOff = (at: number, isCounted: (discount: Discount) => boolean) =>
    sum(ordered.map((discount, nth) => (isCounted(discount) ? (taken[nth]?.[at] ?? 0) : 0)));
  const subtotals = lines.map((line, at) => {
    const before = sum(line.taken.map(({ amount, isOfItem }) => (isOfItem ? amount : 0)));
    return line.amount - before - takenOff(at, ({ isOfItem }) => isOfItem);
  });
  const taxable = lines.map((line, at) => {
    const before = sum(line.taken.map(({ amount }) => amount));
    return { net: line.amount - before - takenOff(at, () => true), rates: line.rates, fixed: line.fixed };
  });
  const taxation = taxed(taxable, { pays: paysTaxes, rounding: taxRounding });
  const net = sum(taxable.map((line) => line.net)) - sum(taxation.relief);
  const inside = sum(taxation.totals.map(({ rate, amount }) => (rate.isInclusive ? amount : 0)));
  const onTop = sum(taxation.totals.map(({ rate, amount }) => (rate.isInclusive ? 0 : amount)));
  return {
    lines: lines.map((_, at) => ({
      subtotal: subtotals[at] ?? 0,
      discounts: [
        ...(lines[at]?.taken ?? []).map(({ amount, discount }) => ({ discount, amount })),
        ...ordered.flatMap(({ id, lines: on }, nth) =>
          on.includes(at) && lines[at]?.isDiscountable ? [{ discount: id, amount: taken[nth]?.[at] ?? 0 }] : [],
        ),
      ],
      taxes: taxation.lines[at] ?? [],
    })),
    discounts: together([
      ...ordered.map(({ id }, nth) => ({ discount: id, amount: sum(taken[nth] ?? []) })),
      ...lines.flatMap((line) => line.taken),
    ]),
    taxes: taxation.totals,
    subtotal: sum(subtotals),
    subtotalExcludingTax: sum(lines.map((line, at) => without(subtotals[at] ?? 0, line))),
    total: net + onTop,
    totalExcludingTax: net - inside,
  };
}

/** Each once, in the order in which they are met. */
function together(all: readonly Taken[]): Taken[] {
  const byDiscount = Map.groupBy(all, ({ discount }) => discount);
  return [...byDiscount].map(([discount, of]) => ({ discount, amount: sum(of.map(({ amount }) => amount)) }));
}

/** A price without the tax it contains, whoever pays that. */
function without(amount: number, { rates, fixed }: Line): number {
  return amount - containedTax({ net: amount, rates, fixed });
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((whole, amount) => whole + amount, 0);
}
