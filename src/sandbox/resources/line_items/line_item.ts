// READ FIRST. A line of an invoice. It shows what an invoice item says or bills an item of a subscription for a period,
// and what discounts and taxes made of it; its id is its own. https://docs.stripe.com/api/invoice-line-item
import type Stripe from "stripe";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change, erase, read } from "../../kernel/state/writes.ts";
import { creditsOf, type InvoiceItem, invoiceItems, type Pricing, pricedBy, priceIdOf } from "../invoiceitems/index.ts";

/** Left out by Stripe, or stored otherwise. */
type Otherwise = "discounts" | "pricing" | "quantity_decimal" | "subscription";

export type LineItem = Omit<Stored<Stripe.InvoiceLineItem>, Otherwise> & {
  readonly discounts: readonly string[];
  readonly pricing: Pricing | null;
  readonly quantity_decimal: string | null;
};

export const lineItems = defineNoun<LineItem>({
  object: "line_item",
  prefixes: ["il"],
  label: "line item",
  indices: ["invoice", "hidden.item", "parent.subscription_item_details.subscription_item"],
  expandable: {
    discounts: "discount",
    "pricing.price_details.price": "price",
    subscription: "subscription",
    subscription_item: "subscription_item",
  } as object,
});

/** What the sandbox remembers about a line. */
interface Memory {
  /** Lines stand in the order of it. */
  readonly place: number;
  /** The invoice item that it shows; of a subscription's line there is none. */
  readonly item: string | null;
  /** Of the item of a subscription that it bills. */
  readonly rates: readonly string[];
  /** Somebody has given it metadata that are not its subscription's. */
  readonly hasOwnMetadata?: true;
  /** The free time of a trial. */
  readonly isTrial?: boolean;
  /** It is not asked for any more, as if it had never been. */
  readonly isTakenBack?: true;
  /** Its taxes, where a caller has reckoned them. */
  readonly taxAmounts?: readonly TaxAmount[];
}

/** A tax that a caller has reckoned. */
export interface TaxAmount {
  readonly rate: string;
  readonly amount: number;
  readonly taxable: number;
  readonly reason: string | undefined;
}

function memoryOf(line: LineItem): Memory {
  return line[hidden] as unknown as Memory; // Written by this file only.
}

/** As they stand on the invoice. */
export function linesOf(unit: Unit, invoice: string): LineItem[] {
  return among(unit, lineItems, "invoice", invoice).sort((one, other) => memoryOf(one).place - memoryOf(other).place);
}

export function lineOf(unit: Unit, item: string): LineItem | undefined {
  return among(unit, lineItems, "hidden.item", item)[0];
}

/** The invoice item that it shows; null of what bills a subscription. */
export function itemOf(line: LineItem): string | null {
  return memoryOf(line).item;
}

/** The rates of what it bills of a subscription; those of an invoice item are the item's. */
export function ownRatesOf(line: LineItem): readonly string[] {
  return memoryOf(line).rates;
}

/** Those that somebody has named for it alone. */
export function namedRates(unit: Unit, line: LineItem): readonly string[] {
  const item = itemOf(line);
  return item === null ? ownRatesOf(line) : (read(unit, invoiceItems, item)?.tax_rates ?? []);
}

/** Nothing was asked for, or is any more, so that nothing of it is given back. */
export function isForNothing(line: LineItem): boolean {
  const { isTakenBack, isTrial } = memoryOf(line);
  return isTrial === true || isTakenBack === true;
}

export function takeBackLine(unit: Unit, line: LineItem): LineItem {
  return change(unit, lineItems, line, { [hidden]: { ...memoryOf(line), isTakenBack: true } }, null);
}

/** What it shows will stand on another invoice. */
export function leaveItem(unit: Unit, line: LineItem): LineItem {
  const memory = { ...memoryOf(line), item: null, hasOwnMetadata: true, isTakenBack: true };
  return change(unit, lineItems, line, { [hidden]: memory }, null);
}

/**
 * What waited for the invoice stands newest first, what is put on the draft later comes behind it, oldest first
 * (declared); what comes by `add_lines` stands before all (recorded).
 */
export function addLine(unit: Unit, invoice: string, item: InvoiceItem, where: "before" | "behind"): LineItem {
  const places = linesOf(unit, invoice).map((line) => memoryOf(line).place);
  const place = where === "behind" ? Math.max(0, ...places) + 1 : Math.min(0, ...places) - 1;
  const line = add(unit, lineItems, lineFor(unit, invoice, item, place), null);
  for (const credit of creditsOf(unit, item.id)) nameCredited(unit, credit);
  return line;
}

/** What is credited has its line later on the same invoice. */
function nameCredited(unit: Unit, credit: InvoiceItem): void {
  const line = lineOf(unit, credit.id);
  if (line) change(unit, lineItems, line, { parent: parentOf(unit, credit) }, null);
}

/** What an item of a subscription costs for a period. */
export interface Billing extends Shown {
  readonly currency: string;
  readonly isProration: boolean;
  readonly isTrial?: boolean;
  /** That it is billed by; another one may have the id that it shows. */
  readonly price: string;
  readonly rates: readonly string[];
  readonly subscription: string;
  readonly subscriptionItem: string;
}

/** Behind all that is there. */
export function addBilling(unit: Unit, invoice: string, billing: Billing): LineItem {
  const { currency, isTrial, rates } = billing;
  const memory = { place: linesOf(unit, invoice).length + 1, item: null, rates, ...(isTrial && { isTrial }) };
  const line = lineShowing(unit, billing, { invoice, currency, parent: parentBilled(billing), memory });
  return add(unit, lineItems, pricedBy(line, billing.price), null);
}

function parentBilled({ isProration, subscription, subscriptionItem }: Billing): LineItem["parent"] {
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: isProration,
      proration_details: { credited_items: null },
      subscription,
      subscription_item: subscriptionItem,
    },
    type: "subscription_item_details",
  };
}

interface Around extends Pick<LineItem, "currency" | "parent"> {
  readonly invoice: string;
  readonly memory: Memory;
}

/** No discount and no tax has made anything of it yet. */
function lineShowing(unit: Unit, shown: Shown, { currency, invoice, memory, parent }: Around): LineItem {
  return {
    id: unit.world.ids.after("il_1", 23),
    object: "line_item",
    discount_amounts: [],
    invoice,
    livemode: false,
    pretax_credit_amounts: [],
    taxes: [],
    amount: shown.amount,
    currency,
    description: shown.description,
    discountable: shown.discountable,
    discounts: shown.discounts,
    metadata: shown.metadata,
    period: shown.period,
    pricing: shown.pricing,
    quantity: shown.quantity,
    quantity_decimal: shown.quantity_decimal,
    parent,
    subtotal: shown.amount,
    [hidden]: { ...memory },
  };
}

function lineFor(unit: Unit, invoice: string, item: InvoiceItem, place: number): LineItem {
  const { currency } = item;
  const around = { invoice, currency, parent: parentOf(unit, item), memory: { place, item: item.id, rates: [] } };
  return pricedBy(lineShowing(unit, shownOf(item), around), priceIdOf(item));
}

/** Where it comes from: from an item of a subscription that has changed, or from nobody but its caller. */
function parentOf(unit: Unit, item: InvoiceItem): LineItem["parent"] {
  const { subscription = null, subscription_item } = item.parent?.subscription_details ?? {};
  const proration_details = { credited_items: creditedBy(unit, item) };
  const details = { invoice_item: item.id, proration: item.proration, proration_details, subscription };
  if (subscription_item === undefined) {
    return { invoice_item_details: details, subscription_item_details: null, type: "invoice_item_details" };
  }
  const ofItem = { ...details, subscription_item };
  return { invoice_item_details: null, subscription_item_details: ofItem, type: "subscription_item_details" };
}

/** Lines of an invoice, or by now the line of what waited when it was credited (recorded). */
function creditedBy(unit: Unit, { proration_details: details }: InvoiceItem) {
  const { invoice_item: waited, invoice_line_item_details: known } = details?.credited_items ?? {};
  if (known) return known;
  const line = waited === undefined ? undefined : lineOf(unit, waited);
  return line ? { invoice: line.invoice ?? "", invoice_line_items: [line.id] } : null;
}

type Shown = Pick<LineItem, "amount" | "description" | "discountable" | "discounts" | "metadata" | "period"> &
  Pick<LineItem, "pricing" | "quantity" | "quantity_decimal">;

function shownOf(item: InvoiceItem): Shown {
  const { amount, description, discountable, discounts, metadata, period, pricing, quantity, quantity_decimal } = item;
  const shown = { amount, description, discountable, discounts, period, pricing, quantity, quantity_decimal };
  return { ...shown, metadata: metadata ?? {} };
}

/** The item has changed. */
export function followItem(unit: Unit, line: LineItem, item: InvoiceItem): LineItem {
  return change(unit, lineItems, line, shownOf(item), null);
}

/** What discounts and taxes have made of it. */
export type LineTotals = Pick<LineItem, "discount_amounts" | "pretax_credit_amounts" | "subtotal" | "taxes">;

export function setTotals(unit: Unit, line: LineItem, totals: LineTotals): LineItem {
  return change(unit, lineItems, line, totals, null);
}

export function setDiscounts(unit: Unit, line: LineItem, discounts: readonly string[]): LineItem {
  return change(unit, lineItems, line, { discounts }, null);
}

/** What bills a subscription has its metadata as they are now, unless somebody has given it others (declared). */
export function followMetadata(unit: Unit, line: LineItem, metadata: LineItem["metadata"]): void {
  const { hasOwnMetadata, item } = memoryOf(line);
  if (item === null && !hasOwnMetadata) change(unit, lineItems, line, { metadata }, null);
}

/** They take the place of those that it had, all of them (declared). */
export function ownMetadata(unit: Unit, line: LineItem, metadata: LineItem["metadata"]): LineItem {
  return change(unit, lineItems, line, { metadata, [hidden]: { ...memoryOf(line), hasOwnMetadata: true } }, null);
}

/** Undefined where nobody has reckoned them. */
export function taxAmountsOn(line: LineItem): readonly TaxAmount[] | undefined {
  return memoryOf(line).taxAmounts;
}

/** None: its taxes follow from rates again. */
export function setTaxAmounts(unit: Unit, line: LineItem, amounts: readonly TaxAmount[]): LineItem {
  const { taxAmounts: _before, ...memory } = memoryOf(line);
  const after = { ...memory, ...(amounts.length > 0 && { taxAmounts: amounts }) };
  return change(unit, lineItems, line, { [hidden]: after }, null);
}

export function removeLine(unit: Unit, line: LineItem): void {
  erase(unit, lineItems, line, null);
}
