// What a draft asks for: its lines, what is taken off and put on, and what the customer's balance makes of it.
import { minimumAmount } from "#kit/money.ts";
import type { Hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, mustRead, read } from "../../kernel/state/writes.ts";
import { hasChanged } from "../../kernel/store/previous.ts";
import { type Settled, settle } from "../../reckoning/balance.ts";
import type { Rate, Tax } from "../../reckoning/taxes.ts";
import { type Discount as Discounting, type Taken, type TakenBefore, totalsOf } from "../../reckoning/totals.ts";
import { couponOf, isFor, offIn } from "../coupons/index.ts";
import { balanceIn, buyerOf, type Customer, customers } from "../customers/index.ts";
import { chosenDiscounts, type Discount, discounts } from "../discounts/index.ts";
import { discountsWithin, invoiceItems } from "../invoiceitems/index.ts";
import {
  itemOf,
  type LineItem,
  type LineTotals,
  linesOf,
  namedRates,
  setTotals,
  taxAmountsOn,
} from "../line_items/index.ts";
import { type AutomaticTaxing, automaticOn } from "./billing/automatic_tax.ts";
import type { Invoice } from "./invoice.ts";
import { rateOf, shownTax } from "./rates.ts";
import { shippingOn, shownShipping } from "./shipping.ts";

export type Amounts = Pick<
  Invoice,
  | ("amount_due" | "amount_remaining" | "starting_balance" | "subtotal" | "subtotal_excluding_tax" | "total")
  | ("total_discount_amounts" | "total_excluding_tax" | "total_pretax_credit_amounts" | "total_taxes")
  | ("amount_shipping" | "automatic_tax" | "shipping_cost")
> &
  Hidden;

type Reckoned = Hidden &
  Pick<Invoice, "automatic_tax" | "id" | "currency" | "default_tax_rates" | "discounts" | "shipping_cost">;

/** The sums of an invoice; its lines are told their parts. */
export function reckon(unit: Unit, invoice: Reckoned, customer: Customer): Amounts {
  const lines = linesOf(unit, invoice.id);
  const before = lines.map((line) => takenBefore(unit, line));
  const automatic = automaticOn(unit, invoice, customer);
  const totals = totalsOf(
    lines.map((line, at) => ({
      amount: line.amount,
      isDiscountable: line.discountable,
      rates: ratesOf(unit, automatic, invoice, line),
      fixed: taxAmountsOn(line)?.map(({ rate, ...tax }) => ({ ...tax, rate: rateOf(unit, rate) })),
      taken: before[at]?.filter(({ amount }) => amount !== 0) ?? [],
    })),
    {
      discounts: discountsOn(unit, invoice, lines),
      paysTaxes: customer.tax_exempt === "none",
      // Automatic tax is summed first, whatever an account has chosen for rates that it names (documented).
      taxRounding: !automatic && unit.world.billing.taxRounding === "line_level" ? "line" : "invoice",
      shipping: shippingOn(unit, invoice, automatic),
    },
  );
  const usual = automatic ? "standard_rated" : "not_available";
  const shown = (taxes: readonly Tax[] = []) => taxes.map((tax) => shownTax(tax, customer, usual));
  for (const [at, line] of lines.entries()) {
    const part = totals.lines[at];
    const taxes = shown(part?.taxes);
    if (!part) continue;
    const named = before[at]?.filter(({ amount }) => amount === 0) ?? [];
    const taken = takenOff([...named, ...part.discounts]);
    tellLine(unit, line, { ...taken, subtotal: part.subtotal, taxes });
  }
  const { discount_amounts: total_discount_amounts, pretax_credit_amounts } = takenOff(totals.discounts);
  const { amountDue } = settled(invoice.currency, totals.total, customer);
  return {
    amount_due: amountDue,
    amount_remaining: amountDue,
    starting_balance: balanceIn(customer, invoice.currency),
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotalExcludingTax,
    total: totals.total,
    total_discount_amounts,
    total_excluding_tax: totals.totalExcludingTax,
    total_pretax_credit_amounts: pretax_credit_amounts,
    automatic_tax: automatic ? { ...invoice.automatic_tax, status: automatic.status } : invoice.automatic_tax,
    total_taxes: shown(totals.taxes),
    ...shownShipping(invoice, totals.shipping, shown(totals.shipping?.taxes)),
  };
}

function tellLine(unit: Unit, line: LineItem, totals: LineTotals): void {
  const { discount_amounts, pretax_credit_amounts, subtotal, taxes } = line;
  const before = { discount_amounts, pretax_credit_amounts, subtotal, taxes };
  if (hasChanged(before, totals)) setTotals(unit, line, totals);
}

/** What a proration is net of takes nothing off it any more, and is named with it (recorded). */
function takenBefore(unit: Unit, line: LineItem): readonly TakenBefore[] {
  const id = itemOf(line);
  const item = id === null ? undefined : read(unit, invoiceItems, id);
  return item ? discountsWithin(item) : [];
}

/** As lines and invoices have it (recorded). */
function takenOff(taken: readonly Taken[]) {
  return {
    discount_amounts: taken.map(({ discount, amount }) => ({ amount, discount })),
    pretax_credit_amounts: taken.map(({ discount, amount }) => ({ amount, discount, type: "discount" as const })),
  };
}

/** Which discounts the parameters name for an invoice; `known`: those that may be kept. */
export function discountsOf(
  unit: Unit,
  params: Params,
  { invoice, known }: { readonly invoice: Invoice; readonly known: readonly string[] },
): readonly string[] | undefined {
  const { id, currency } = invoice;
  const buyer = buyerOf(mustRead(unit, customers, invoice.customer));
  const amount = linesOf(unit, id).reduce((sum, line) => sum + line.amount, 0);
  return chosenDiscounts(unit, params, { buyer, on: { invoice: id }, paid: { amount, currency }, known });
}

/** Those of single lines, and those of the invoice on the lines whose product they are for. */
function discountsOn(
  unit: Unit,
  { discounts: ids, currency, id: invoice }: Reckoned,
  lines: readonly LineItem[],
): Discounting[] {
  const named = lines.flatMap((line, at) => line.discounts.map((id) => ({ id, at })));
  if (ids.length === 0 && named.length === 0) return [];
  const ofItems = Map.groupBy(named, ({ id }) => id);
  const products = lines.map(({ pricing }) => pricing?.price_details.product ?? "");
  const order = inOrderMade(unit, invoice, lines);
  const all = [
    ...[...ofItems].map(([id, on]) => ({ id, isOfItem: true, lines: on.map(({ at }) => at) })),
    ...ids.map((id) => ({ id, isOfItem: false, lines: order })),
  ];
  return all.flatMap((one) => {
    const discount = mustRead(unit, discounts, one.id);
    const coupon = couponOf(unit, discount);
    const off = offIn(coupon, currency); // None where a customer's is for another currency.
    const isOn = (at: number) => isFor(coupon, products[at] ?? "") && isInTime(discount, lines[at]);
    return off ? [{ ...one, off, lines: one.lines.filter(isOn) }] : [];
  });
}

/**
 * Months that lie behind a subscription are not those that are billed ahead: a coupon for two months takes something
 * off the two that lie behind only (documented). What is billed of a period that has begun in its months has all of it.
 */
function isInTime({ end }: Discount, line: LineItem | undefined): boolean {
  return end === null || line === undefined || itemOf(line) !== null || line.period.start < end;
}

/**
 * By what they bill, oldest first, however the invoice shows them: what waited for it, then a subscription's items. An
 * amount that is shared leaves its remainder on the last of them: of items of 1000 and 2000, in this order, 500 off
 * is 166 and 334 (https://docs.stripe.com/billing/subscriptions/prorations).
 */
function inOrderMade(unit: Unit, invoice: string, lines: readonly LineItem[]): readonly number[] {
  const made = among(unit, invoiceItems, "invoice", invoice);
  const places = new Map(made.map(({ id }, place) => [id, place]));
  const ranks = lines.map((line, at) => places.get(itemOf(line) ?? "") ?? made.length + lines.length - at);
  const rankOf = (at: number) => ranks[at] ?? 0;
  return [...lines.keys()].sort((one, other) => rankOf(one) - rankOf(other));
}

export function settled(currency: string, total: number, customer: Customer): Settled {
  return settle({ total, startingBalance: balanceIn(customer, currency), minimum: minimumAmount(currency) });
}

/** A line's own rates replace all of the invoice's. https://docs.stripe.com/billing/taxes/tax-rates */
function ratesOf(
  unit: Unit,
  automatic: AutomaticTaxing | undefined,
  invoice: Pick<Invoice, "default_tax_rates">,
  line: LineItem,
): readonly Rate[] {
  if (automatic) {
    const rate = automatic.rateOn(line);
    return rate === undefined ? [] : [rateOf(unit, rate)];
  }
  const own = namedRates(unit, line);
  return (own.length > 0 ? own : invoice.default_tax_rates).map((id) => rateOf(unit, id));
}
