// From the changes of a plan to the operations that make them, each with the fields that Stripe is sent. Pure.
import assert from "node:assert/strict";
import type { CatalogChange, CatalogPlan } from "../../api/index.ts";
import type { FiledOperation } from "../../kernel/contract/reacting.ts";
import type { Wanted, WantedCoupon, WantedPrice, WantedProduct } from "./definition/index.ts";
import { catalogMark, defaultPriceField } from "./standing.ts";

export interface PlannedStep extends FiledOperation {
  readonly verb: StepVerb;
}

export type StepVerb = `catalog.${"create" | "update"}${"Product" | "Price" | "Coupon"}` | "catalog.deleteCoupon";

type Fields = Readonly<Record<string, string>>;

/**
 * @param run the number of the run: the same change may rightly come again in another. In one, a product may change
 * twice: once in what it says, and once in its default price.
 */
export function stepsOf({ namespace, changes }: CatalogPlan, wanted: Wanted, run: number): PlannedStep[] {
  const made = new Set(changes.flatMap(({ action, name }) => (isNew(action) ? name : [])));
  return changes.map((change, n) => {
    const id = isNew(change.action) ? change.name : (change.stripeId ?? change.name);
    const place = { namespace, run, fields: fieldsOf(change, { wanted, made }) };
    return {
      verb: verbOf(change),
      subject: `${namespace}/${run}/${n + 1}/${id}`,
      attempt: 1,
      params: isNew(change.action) ? place : { ...place, id },
    };
  });
}

const nouns = { product: "Product", price: "Price", coupon: "Coupon" } as const;

function verbOf({ action, kind }: CatalogChange): StepVerb {
  if (isNew(action)) return `catalog.create${nouns[kind]}`;
  return kind === "coupon" && action === "archive" ? "catalog.deleteCoupon" : `catalog.update${nouns[kind]}`;
}

function isNew(action: CatalogChange["action"]): boolean {
  return action === "create" || action === "replace";
}

/** What an operation that makes something names it: an id, or a lookup key. */
export function nameIn(subject: string): string {
  return subject.split("/")[3] ?? subject;
}

/** Stands for the id of a price that an earlier step of the run makes under this lookup key. */
export function madeAs(lookupKey: string): string {
  return `made as ${lookupKey}`;
}

interface Around {
  readonly wanted: Wanted;
  /** What the run makes, by name. */
  readonly made: ReadonlySet<string>;
}

function fieldsOf({ action, kind, name, differences }: CatalogChange, { wanted, made }: Around): Fields {
  if (kind === "coupon") {
    if (action === "archive") return {};
    const coupon = wanted.coupons.find(({ id }) => id === name);
    assert.ok(coupon, "what is not archived is wanted");
    return action === "update" ? { name: coupon.name } : said(couponFields(coupon));
  }
  if (action === "archive") return { active: "false" };
  if (kind === "product") {
    const moved = differences.find(({ field }) => field === defaultPriceField);
    if (moved) return { [defaultPriceField]: priceIn(moved.after, made) };
    const product = wanted.products.find(({ id }) => id === name);
    assert.ok(product, "what is not archived is wanted");
    const fields = productFields(product);
    if (action === "create") return { id: name, ...said(fields) };
    return { ...fields, active: "true", [`metadata[${catalogMark}]`]: wanted.namespace };
  }
  if (action === "update") return { active: "true" };
  const price = wanted.prices.find(({ lookupKey }) => lookupKey === name);
  assert.ok(price, "what is not archived is wanted");
  return said(priceFields(price));
}

/** An empty text unsets. */
function priceIn(after: string | null, made: ReadonlySet<string>): string {
  if (after === null) return "";
  return made.has(after) ? madeAs(after) : after;
}

/** What is made says nothing of what it has not. */
function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}

function productFields({ name, description, unitLabel, taxCode }: WantedProduct): Fields {
  return { name, description: description ?? "", unit_label: unitLabel ?? "", tax_code: taxCode ?? "" };
}

function priceFields(price: WantedPrice): Fields {
  const { product, currency, lookupKey, unitAmount, recurring, taxBehavior } = price;
  return {
    product,
    currency,
    lookup_key: lookupKey,
    transfer_lookup_key: "true",
    ...(unitAmount === null ? tierFields(price) : { unit_amount: String(unitAmount) }),
    ...(recurring && {
      "recurring[interval]": recurring.interval,
      "recurring[interval_count]": String(recurring.intervalCount),
    }),
    tax_behavior: taxBehavior ?? "",
  };
}

function couponFields({ id, name, percentOff, amountOff, duration, months, ...coupon }: WantedCoupon): Fields {
  const [first, ...others] = Object.entries(amountOff ?? {});
  const sent = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));
  return {
    id,
    name,
    duration,
    percent_off: sent(percentOff),
    amount_off: sent(first?.[1]),
    currency: first?.[0] ?? "",
    ...Object.fromEntries(
      others.map(([currency, amount]) => [`currency_options[${currency}][amount_off]`, String(amount)]),
    ),
    duration_in_months: sent(months),
    redeem_by: sent(coupon.redeemBy),
    max_redemptions: sent(coupon.maxRedemptions),
    ...Object.fromEntries(coupon.products.map((product, n) => [`applies_to[products][${n}]`, product])),
  };
}

function tierFields({ tiersMode, tiers }: WantedPrice): Fields {
  const each = tiers.flatMap(({ upTo, unitAmount, flatAmount }, n) => [
    [`tiers[${n}][up_to]`, upTo === null ? "inf" : String(upTo)],
    [`tiers[${n}][unit_amount]`, String(unitAmount)],
    [`tiers[${n}][flat_amount]`, flatAmount ? String(flatAmount) : ""],
  ]);
  return { billing_scheme: "tiered", tiers_mode: tiersMode ?? "", ...Object.fromEntries(each) };
}
