// What of an item has been billed and not been given back yet: the debits that a change credits. Billed means the lines
// of its periods, and the debits of its earlier changes, whether they wait or stand on an invoice.
// https://docs.stripe.com/billing/subscriptions/prorations
import type { Unit } from "../../../kernel/state/unit.ts";
import { among } from "../../../kernel/state/writes.ts";
import type { Period } from "../../../reckoning/periods.ts";
import type { Share } from "../../../reckoning/proration.ts";
import { ratio } from "../../../reckoning/rational.ts";
import {
  type Credited,
  creditsOf,
  debitsOf,
  type ProratedDebit,
  priceIdOf,
  type Taking,
} from "../../invoiceitems/index.ts";
import { isForNothing, type LineItem, lineItems, ownRatesOf } from "../../line_items/index.ts";

export interface Debit {
  readonly credited: Credited;
  readonly share: Share;
  /** Of which nothing has been given back. */
  readonly part: Period;
  readonly price: string;
  readonly quantity: number;
  readonly rates: readonly string[];
  /** That were taken off it, one after the other. */
  readonly takings: readonly Taking[];
}

/** Those of an item that reach beyond a second, each from there on; oldest first. */
export function openDebits(unit: Unit, item: string, from: number): Debit[] {
  return [...linesOf(unit, item), ...debitsOf(unit, item).map(ofItem)]
    .map((debit) => ({ ...debit, part: openPart(unit, debit, from) }))
    .filter(({ part }) => part.start < part.end);
}

function openPart(unit: Unit, { credited, part }: Debit, from: number): Period {
  const credits = credited.ids.flatMap((id) => creditsOf(unit, id));
  const end = Math.min(part.end, ...credits.map(({ period }) => period.start));
  return { start: Math.max(part.start, from), end };
}

/** The lines of one period are one debit, however many bands a price has. */
function linesOf(unit: Unit, item: string): Debit[] {
  const lines = among(unit, lineItems, "parent.subscription_item_details.subscription_item", item);
  const isBilled = (line: LineItem) =>
    line.parent?.subscription_item_details?.invoice_item === null && !isForNothing(line);
  const plain = lines.filter(isBilled);
  const byPeriod = Map.groupBy(plain, ({ invoice, period }) => `${invoice} ${period.start}`);
  return [...byPeriod.values()].map(ofLines);
}

function ofLines(lines: readonly LineItem[]): Debit {
  const [first] = lines as readonly [LineItem, ...LineItem[]]; // A group has a first.
  const whole = lines.reduce((sum, { amount }) => sum + amount, 0);
  const ids = new Set(lines.flatMap((line) => takenOff(line).map(({ discount }) => String(discount))));
  let rest = whole;
  const rests = [...ids].map((id) => {
    rest -= takenBy(lines, id);
    return ratio(rest);
  });
  return {
    credited: { ids: lines.map(({ id }) => id), invoice: first.invoice },
    share: { whole: ratio(whole), rests, period: first.period },
    part: first.period,
    price: priceIdOf(first),
    quantity: lines.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0),
    rates: ownRatesOf(first),
    takings: [...ids].map((discount) => ({ discount, isOfItem: first.discounts.includes(discount) })),
  };
}

function takenOff({ discount_amounts: taken }: LineItem) {
  return taken ?? [];
}

function takenBy(lines: readonly LineItem[], id: string): number {
  const taken = lines.flatMap(takenOff).filter(({ discount }) => discount === id);
  return taken.reduce((sum, { amount }) => sum + amount, 0);
}

function ofItem({ item, share, takings }: ProratedDebit): Debit {
  return {
    credited: { ids: [item.id], invoice: null },
    share,
    part: item.period,
    price: priceIdOf(item),
    quantity: item.quantity,
    rates: item.tax_rates,
    takings,
  };
}
