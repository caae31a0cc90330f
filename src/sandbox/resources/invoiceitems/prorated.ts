// What a change in the middle of a subscription's period is billed by: a credit for what is unused, a debit for what
// remains. It waits for the next invoice like any other item; its amount stands. What a debit is a part of is
// remembered, so that a later change can give back the right part of it.
// https://docs.stripe.com/billing/subscriptions/prorations
import { hidden } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among } from "../../kernel/state/writes.ts";
import type { Period } from "../../reckoning/periods.ts";
import type { Share } from "../../reckoning/proration.ts";
import { ratio } from "../../reckoning/rational.ts";
import { type InvoiceItem, invoiceItems, type Pricing } from "./invoiceitem.ts";

export interface Prorated {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly description: string;
  readonly period: Period;
  readonly price: Pricing["price_details"];
  readonly quantity: number;
  /** Those that the amount is net of. */
  readonly discounts: readonly string[];
  readonly taxRates: readonly string[];
  /** Null once there is no such item any more (recorded of a subscription that was canceled). */
  readonly of: { readonly subscription: string; readonly subscription_item: string } | null;
  /** The debit that it gives back a part of. */
  readonly credited: Credited | null;
  /** Of a debit: what it is a part of. */
  readonly share: Share | null;
}

export interface Credited {
  /** An invoice item that waits, or the lines of an invoice. */
  readonly ids: readonly string[];
  readonly invoice: string | null;
}

/** What the sandbox remembers about one. */
interface Memory {
  readonly item: string;
  readonly credits: readonly string[];
  readonly discounts: readonly string[];
  readonly share: { readonly whole: readonly [string, string]; readonly period: Period } | null;
}

export function makeProrated(unit: Unit, item: string, given: Prorated): InvoiceItem {
  const { amount, currency, customer, credited, description, period, quantity } = given;
  const prorated: InvoiceItem = {
    id: `ii_1${unit.world.ids.text(23)}`,
    object: "invoiceitem",
    amount,
    currency,
    customer,
    customer_account: null,
    date: secondOf(unit),
    description,
    discountable: false,
    discounts: [],
    frozen_fields: ["pricing", "quantity", "discounts"],
    invoice: null,
    invoicing_rules: [],
    livemode: false,
    metadata: {},
    net_amount: amount,
    parent: given.of && { subscription_details: given.of, type: "subscription_details" },
    ...(given.of && {
      proration_details: { credited_items: credited && shownCredit(credited), discount_amounts: [] },
    }),
    period: { start: period.start, end: period.end },
    pricing: { type: "price_details", price_details: given.price, unit_amount_decimal: null },
    proration: true,
    quantity,
    quantity_decimal: String(quantity),
    tax_rates: given.taxRates,
    test_clock: unit.timeline.id,
    [hidden]: { ...memoryFor(item, given) },
  };
  return add(unit, invoiceItems, prorated, "invoiceitem.created");
}

function shownCredit({ ids, invoice }: Credited) {
  if (invoice === null) return { type: "invoice_item", invoice_item: ids[0] ?? "" };
  const invoice_line_item_details = { invoice, invoice_line_items: [...ids] };
  return { type: "invoice_line_items", invoice_line_item_details };
}

function memoryFor(item: string, { credited, discounts, share }: Prorated): Memory {
  const whole = share && ([String(share.whole.numerator), String(share.whole.denominator)] as const);
  return { item, credits: credited?.ids ?? [], discounts, share: share && whole && { whole, period: share.period } };
}

export interface ProratedDebit {
  readonly item: InvoiceItem;
  readonly share: Share;
  readonly discounts: readonly string[];
}

/** The debits of a subscription's item that its changes have made, oldest first. */
export function debitsOf(unit: Unit, item: string): ProratedDebit[] {
  return among(unit, invoiceItems, "hidden.item", item).flatMap((one) => {
    const { discounts, share } = one[hidden] as unknown as Memory; // Written by this file only: so it was found.
    if (!share) return [];
    const [above, below] = share.whole;
    return [{ item: one, discounts, share: { ...share, whole: ratio(BigInt(above), BigInt(below)) } }];
  });
}

/** Those that an item's amount is net of. */
export function discountsWithin(item: InvoiceItem): readonly string[] {
  return item.proration ? ((item[hidden] as unknown as Memory).discounts ?? []) : [];
}

/** What was given back of a debit, by the id of the item that waited or of the line. */
export function creditsOf(unit: Unit, id: string): InvoiceItem[] {
  return among(unit, invoiceItems, "hidden.credits", id);
}
