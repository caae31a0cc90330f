// What stands at Stripe: products and prices, as the few fields that a catalog says something of.
import { formatMoney } from "#kit/money.ts";
import { idOf } from "../../kernel/contract/context.ts";
import type { MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { mark, marksOf } from "../marks.ts";
import { type Content, everyText } from "./definition/index.ts";
import type { SeenObject } from "./tables.ts";

/** On all that is made of a catalog: its namespace. */
export const catalogMark = "bursar_catalog";
/**
 * Stripe archives no price that is its product's default: another one takes its place first, or none.
 * https://github.com/stripe/stripe-python/issues/658
 */
export const defaultPriceField = "default_price";

export interface Standing extends MirroredRow {
  readonly active: boolean;
  /** Whose it is, by our mark. */
  readonly namespace: string | null;
  readonly content: Content;
}

export interface StandingProduct extends Standing {
  /** Which of its prices the Dashboard and payment links offer first. A catalog says nothing of it. */
  readonly defaultPrice: string | null;
}

export interface StandingPrice extends Standing {
  readonly product: string;
  readonly lookupKey: string | null;
}

/** Products and prices are nobody's in particular. */
const belongsToAll = { customer: null, parent: null } as const;

function standing(remote: Remote): Omit<Standing, "content"> {
  return {
    ...marksOf(remote),
    ...belongsToAll,
    id: remote.id,
    isFinal: false,
    active: remote.active === true,
    namespace: mark(remote, catalogMark),
  };
}

function productRow(remote: Remote): StandingProduct {
  return {
    ...standing(remote),
    defaultPrice: idOf(remote[defaultPriceField]),
    content: {
      name: textOf(remote.name),
      description: textOf(remote.description),
      unit_label: textOf(remote.unit_label),
      tax_code: idOf(remote.tax_code),
    },
  };
}

/** Undefined when its tiers are not shown: an event does not show them. */
function priceRow(remote: Remote): StandingPrice | undefined {
  const isTiered = remote.billing_scheme === "tiered";
  if (isTiered && !Array.isArray(remote.tiers)) return undefined;
  const product = idOf(remote.product);
  if (product === null) return undefined;
  const currency = String(remote.currency);
  const recurring = remote.recurring as { interval: string; interval_count: number } | null | undefined;
  return {
    ...standing(remote),
    product,
    lookupKey: textOf(remote.lookup_key),
    content: {
      product,
      currency,
      unit_amount: isTiered ? null : amountText(remote, "unit_amount", currency),
      tiers_mode: textOf(remote.tiers_mode),
      tiers: isTiered ? (remote.tiers as Fields[]).map((tier) => tierText(tier, currency)).join("; ") : null,
      recurring: recurring
        ? everyText({ interval: recurring.interval, intervalCount: recurring.interval_count })
        : null,
      tax_behavior: textOf(remote.tax_behavior),
    },
  };
}

function tierText(tier: Fields, currency: string): string {
  const end = typeof tier.up_to === "number" ? `up to ${tier.up_to}` : "beyond";
  const each = `${end}: ${amountText(tier, "unit_amount", currency) ?? formatMoney({ amount: 0, currency })} each`;
  const isFlat = Number(tier.flat_amount_decimal ?? tier.flat_amount ?? 0) !== 0;
  return isFlat ? `${each} and ${amountText(tier, "flat_amount", currency)} once` : each;
}

/** What no coin can pay is shown in minor units, as Stripe has it. */
function amountText(remote: Fields, field: string, currency: string): string | null {
  const amount = remote[field];
  if (typeof amount === "number") return formatMoney({ amount, currency });
  return textOf(remote[`${field}_decimal`]);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** What our rows live by. */
function changed(before: SeenObject | null, after: SeenObject, version: number): News<"catalog.changed">[] {
  // What was deleted and made anew under its id is another one: by another operation.
  const isSame = (field: keyof SeenObject) => before?.[field] === after[field];
  if (before !== null && isSame("name") && isSame("active") && isSame("operation")) return [];
  return [{ type: "catalog.changed", subject: after.id, transition: `${after.id}@${version}`, data: after }];
}

function productObject({ id, active, operation }: Standing): SeenObject {
  return { id, kind: "product", name: id, active: active ? 1 : 0, operation };
}

function priceObject({ id, lookupKey, active, operation }: StandingPrice): SeenObject {
  return { id, kind: "price", name: lookupKey, active: active ? 1 : 0, operation };
}

/** What stands may be redeemed, or could be once: `valid` says that its day has come, and nothing of the catalog. */
function couponRow(remote: Remote): Standing {
  const { percent_off: percent, duration_in_months: months, redeem_by: redeemBy, max_redemptions: max } = remote;
  return {
    ...standing(remote),
    active: remote.deleted !== true,
    content: {
      name: textOf(remote.name),
      percent_off: typeof percent === "number" ? String(percent) : null,
      amount_off: amountText(remote, "amount_off", String(remote.currency)),
      duration: textOf(remote.duration),
      duration_in_months: typeof months === "number" ? String(months) : null,
      redeem_by: typeof redeemBy === "number" ? new Date(redeemBy * 1000).toISOString() : null,
      max_redemptions: typeof max === "number" ? String(max) : null,
    },
  };
}

function couponObject({ id, active, operation }: Standing): SeenObject {
  return { id, kind: "coupon", name: id, active: active ? 1 : 0, operation };
}

export const couponKind = mirrorKind<Standing>({
  kind: "coupon",
  path: (id) => `/v1/coupons/${encodeURIComponent(id)}`,
  list: { path: "/v1/coupons", byCustomer: false },
  belongsTo: () => belongsToAll,
  row: couponRow,
  facts: (before, after, version) => changed(before && couponObject(before), couponObject(after), version),
});

export const productKind = mirrorKind<StandingProduct>({
  kind: "product",
  path: (id) => `/v1/products/${encodeURIComponent(id)}`,
  list: { path: "/v1/products", byCustomer: false },
  belongsTo: () => belongsToAll,
  row: productRow,
  facts: (before, after, version) => changed(before && productObject(before), productObject(after), version),
});

export const priceKind = mirrorKind<StandingPrice>({
  kind: "price",
  path: (id) => `/v1/prices/${encodeURIComponent(id)}?expand[]=tiers`,
  belongsTo: () => belongsToAll,
  row: priceRow,
  facts: (before, after, version) => changed(before && priceObject(before), priceObject(after), version),
});
