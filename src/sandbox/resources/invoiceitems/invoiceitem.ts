// READ FIRST. Something that is to be billed: it waits for its customer's next invoice, or stands on one already. It
// has no status; whether it may still change is for its invoice to say. https://docs.stripe.com/api/invoiceitems
import type Stripe from "stripe";
import {
  defineNoun,
  type Hidden,
  hidden,
  meaning,
  meantBy,
  type Noun,
  type Stored,
  type StripeObject,
} from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { all, among, change } from "../../kernel/state/writes.ts";

export type InvoiceItem = Omit<
  Stored<Stripe.InvoiceItem>,
  "deleted" | "pricing" | "quantity_decimal" | "discounts" | "tax_rates"
> & {
  readonly discounts: readonly string[];
  /** As on the wire, where the SDK makes a Decimal of it. */
  readonly pricing: Pricing | null;
  readonly quantity_decimal: string;
  readonly tax_rates: readonly string[];
};

export interface Pricing {
  readonly type: "price_details";
  readonly price_details: { readonly price: string; readonly product: string };
  readonly unit_amount_decimal: string | null;
}

/** `create` and `change` of one that stands on an invoice reach it; so does `remove`. */
export const invoiceItems = defineNoun<InvoiceItem, "create" | "change" | "remove">({
  object: "invoiceitem",
  prefixes: ["ii"],
  label: "invoiceitem",
  indices: ["customer", "invoice", "hidden.item", "hidden.credits"],
  clock: "customer",
  expandable: {
    customer: "customer",
    discounts: "discount",
    invoice: "invoice",
    "pricing.price_details.price": "price",
    test_clock: "test_helpers.test_clock",
  },
  signals: ["create", "change", "remove"],
});

const pricePath = "pricing.price_details.price";

type Priced = Hidden & { readonly pricing: Pricing | null };

/** The price that an item, or a line, was billed by: another one may have the id that it shows. */
export function priceIdOf(priced: Priced): string {
  return meantBy(priced)?.[pricePath] ?? priced.pricing?.price_details.price ?? "";
}

/** What shows a price, and means the one with that id. */
export function pricedBy<T extends Priced>(shown: T, price: string): T {
  return price === priceIdOf(shown) ? shown : { ...shown, ...meaning(shown, { [pricePath]: price }) };
}

/** Another one is made under the id of a price: what was billed by that one means it still. */
export function meanAside<O extends StripeObject & Priced>(unit: Unit, noun: Noun<O>, before: string, aside: string) {
  for (const priced of all(unit, noun)) {
    if (priceIdOf(priced) !== before) continue;
    const { [hidden]: memory } = pricedBy(priced, aside);
    change(unit, noun, priced, { [hidden]: memory } as Partial<O>, null); // What every object may have.
  }
}

/** Those that wait for a customer's next invoice, in its currency or in any, newest first: so they stand on it. */
export function pendingItems(unit: Unit, customer: string, currency?: string): InvoiceItem[] {
  const isPending = (item: InvoiceItem) => item.invoice === null && item.currency === (currency ?? item.currency);
  return among(unit, invoiceItems, "customer", customer).filter(isPending).reverse();
}

/** Puts pending ones on an invoice, which knows of it. No event says so: the SDKs declare none. */
export function sweep(unit: Unit, items: readonly InvoiceItem[], invoice: string): InvoiceItem[] {
  return items.map((item) => change(unit, invoiceItems, item, { invoice }, null));
}

/** Takes one off its invoice, so that it waits for another. */
export function release(unit: Unit, item: InvoiceItem): InvoiceItem {
  return change(unit, invoiceItems, item, { invoice: null }, null);
}

/** It is used up elsewhere. No event says so: the SDKs declare none. */
export function withoutDiscount(unit: Unit, item: InvoiceItem, discount: string): InvoiceItem {
  return change(unit, invoiceItems, item, { discounts: item.discounts.filter((id) => id !== discount) }, null);
}

/** For those who stand above: its invoice. */
export function tell(unit: Unit, name: "create" | "change" | "remove", before: InvoiceItem, after: InvoiceItem): void {
  if (after.invoice !== null) signal(unit, invoiceItems, name, before, after);
}
