// What a change in the middle of a subscription's period is billed by: a credit for what is unused, a debit for what
// remains. It waits for the next invoice like any other item; its amount stands. What a debit is a part of is
// remembered, so that a later change can give back the right part of it.
// https://docs.stripe.com/billing/subscriptions/prorations
import { hidden } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, change } from "../../kernel/state/writes.ts";
import type { Period } from "../../reckoning/periods.ts";
import type { Part, Share } from "../../reckoning/proration.ts";
import { type Rational, ratio } from "../../reckoning/rational.ts";
import type { TakenBefore } from "../../reckoning/totals.ts";
import { type Price, shownIdOf } from "../prices/index.ts";
import { type InvoiceItem, invoiceItems, pricedBy } from "./invoiceitem.ts";

export interface Prorated {
  readonly part: Part;
  /** Those that take something off, in the order in which they do. */
  readonly takings: readonly Taking[];
  /** Whether amounts have discounts in them, or stand beside them; a classic subscription does not say (declared). */
  readonly shows: "classic" | "included" | "itemized";
  readonly currency: string;
  readonly customer: string;
  readonly description: string;
  readonly period: Period;
  readonly price: Price;
  readonly quantity: number;
  readonly taxRates: readonly string[];
  /** Null once there is no such item any more (recorded of a subscription that was canceled). */
  readonly of: { readonly subscription: string; readonly subscription_item: string } | null;
  /** The debit that it gives back a part of. */
  readonly credited: Credited | null;
  /** Of a debit: what it is a part of. */
  readonly share: Share | null;
}

export interface Taking {
  readonly discount: string;
  /** Of a single item, not of all that is billed. */
  readonly isOfItem: boolean;
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
  readonly takings: readonly TakenBefore[];
  readonly shows: Prorated["shows"];
  readonly share: { readonly whole: Exact; readonly rests: readonly Exact[]; readonly period: Period } | null;
}

type Exact = readonly [above: string, below: string];

export function makeProrated(unit: Unit, item: string, given: Prorated): InvoiceItem {
  const { part, currency, customer, credited, description, period, quantity, shows } = given;
  const amount = shows === "itemized" ? part.gross : part.net;
  const memory = memoryFor(item, given);
  const taken = memory.takings.map(({ discount, amount: off }) => ({ amount: off, discount }));
  const prorated: InvoiceItem = {
    id: unit.world.ids.after("ii_1", 23),
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
    net_amount: part.net,
    parent: given.of && { subscription_details: given.of, type: "subscription_details" },
    ...(given.of && {
      proration_details: {
        credited_items: credited && shownCredit(credited),
        discount_amounts: shows === "classic" ? [] : taken,
      },
    }),
    period: { start: period.start, end: period.end },
    pricing: {
      type: "price_details",
      price_details: { price: shownIdOf(given.price), product: given.price.product },
      unit_amount_decimal: null,
    },
    proration: true,
    quantity,
    quantity_decimal: String(quantity),
    tax_rates: given.taxRates,
    test_clock: unit.timeline.id,
    [hidden]: { ...memory },
  };
  return add(unit, invoiceItems, pricedBy(prorated, given.price.id), "invoiceitem.created");
}

function shownCredit({ ids, invoice }: Credited) {
  if (invoice === null) return { type: "invoice_item", invoice_item: ids[0] ?? "" };
  const invoice_line_item_details = { invoice, invoice_line_items: [...ids] };
  return { type: "invoice_line_items", invoice_line_item_details };
}

function memoryFor(item: string, { credited, part, share, shows, takings }: Prorated): Memory {
  const amountOf = (nth: number) => (shows === "itemized" ? (part.taken[nth] ?? 0) : 0);
  return {
    item,
    credits: credited?.ids ?? [],
    takings: takings.map(({ discount, isOfItem }, nth) => ({ discount, isOfItem, amount: amountOf(nth) })),
    shows,
    share: share && { whole: exact(share.whole), rests: share.rests.map(exact), period: share.period },
  };
}

function exact({ numerator, denominator }: Rational): Exact {
  return [String(numerator), String(denominator)];
}

function rational([above, below]: Exact): Rational {
  return ratio(BigInt(above), BigInt(below));
}

export interface ProratedDebit {
  readonly item: InvoiceItem;
  readonly share: Share;
  readonly takings: readonly Taking[];
}

/** The debits of a subscription's item that its changes have made, oldest first. */
export function debitsOf(unit: Unit, item: string): ProratedDebit[] {
  return among(unit, invoiceItems, "hidden.item", item).flatMap((one) => {
    const { takings, share } = one[hidden] as unknown as Memory; // Written by this file only: so it was found.
    if (!share) return [];
    const { period, rests, whole } = share;
    return [{ item: one, takings, share: { whole: rational(whole), rests: rests.map(rational), period } }];
  });
}

/**
 * What was taken off an item when it was made, as its line shows it: nothing more, where the amount has it in it, and
 * then only of what is for more than that item.
 * https://docs.stripe.com/changelog/clover/2025-09-30/itemize-proration-discount-amounts
 */
export function discountsWithin(item: InvoiceItem): readonly TakenBefore[] {
  if (!item.proration) return [];
  const { shows, takings } = item[hidden] as unknown as Memory;
  return shows === "itemized" ? takings : takings.filter(({ isOfItem }) => !isOfItem);
}

/** What it was made for is given up: it credits nothing, and nothing of it is to be credited. */
export function forgetProration(unit: Unit, item: InvoiceItem): InvoiceItem {
  const memory = { ...(item[hidden] as unknown as Memory), credits: [], share: null }; // Written by this file only.
  return change(unit, invoiceItems, item, { [hidden]: memory }, null);
}

/** What was given back of a debit, by the id of the item that waited or of the line. */
export function creditsOf(unit: Unit, id: string): InvoiceItem[] {
  return among(unit, invoiceItems, "hidden.credits", id);
}
