// What would be changed at Stripe, read as a person reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Catalog, CouponDefinition } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld } from "../../testing/index.ts";
import { couponContent, priceContent, productContent, type Wanted, wantedOf } from "./definition/index.ts";
import { shop } from "./definition/testing.ts";
import { type AtStripe, appliedOf, planOf } from "./plan.ts";

const on = onEachDatabase<BillingTables>;

const ours = { customer: null, parent: null, instance: null, operation: null, isFinal: false, active: true };

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** As Stripe stands when this catalog was applied. */
function appliedAt({ namespace, products, prices }: Wanted): Mutable<AtStripe> {
  return {
    products: products.map((one) => ({
      ...ours,
      namespace,
      id: one.id,
      defaultPrice: null,
      content: productContent(one),
    })),
    prices: prices.map((one) => {
      const { lookupKey, product } = one;
      return { ...ours, namespace, id: `price_of_${lookupKey}`, product, lookupKey, content: priceContent(one) };
    }),
    coupons: [],
  };
}

const wanted = wantedOf(shop);
const first = { applied: null, isApplied: false, now: 0 };
const small: Catalog = { plans: { pro: { name: "Pro", prices: { month: { eur: 1900 } } } } };

function lines(catalog: Catalog, atStripe: AtStripe, before: Catalog | null = null): string[] {
  const applied = before && appliedOf(wantedOf(before));
  return planOf(wantedOf(catalog), atStripe, { applied, isApplied: true, now: 0 }).text.split("\n");
}

test("of an empty account all is created, products before their prices", () => {
  assert.deepEqual(lines(shop, { products: [], prices: [], coupons: [] }), [
    "+ create product bursar-basic",
    "    name: Basic",
    "+ create product bursar-pro",
    "    name: Pro",
    "    description: For teams",
    "    unit_label: seat",
    "+ create product bursar-setup",
    "    name: Setup",
    "+ create price bursar-basic-month-eur",
    "    product: bursar-basic",
    "    currency: eur",
    "    unit_amount: 9.00 EUR",
    "    recurring: month",
    "+ create price bursar-pro-month-eur",
    "    product: bursar-pro",
    "    currency: eur",
    "    unit_amount: 19.00 EUR",
    "    recurring: month",
    "+ create price bursar-pro-month-usd",
    "    product: bursar-pro",
    "    currency: usd",
    "    unit_amount: 21.00 USD",
    "    recurring: month",
    "+ create price bursar-pro-3_months-eur",
    "    product: bursar-pro",
    "    currency: eur",
    "    tiers_mode: graduated",
    "    tiers: up to 10: 18.00 EUR each and 5.00 EUR once; beyond: 15.00 EUR each",
    "    recurring: 3 months",
    "+ create price bursar-setup-once-eur",
    "    product: bursar-setup",
    "    currency: eur",
    "    unit_amount: 49.00 EUR",
  ]);
});

test("where Stripe is as the catalog says, there is nothing to do", () => {
  assert.deepEqual(lines(shop, appliedAt(wanted), shop), ["Stripe is as the catalog bursar says."]);
});

test("a price is replaced and never edited, and the one before it is archived after that", () => {
  const dearer: Catalog = { plans: { pro: { name: "Pro+", prices: { month: { eur: 2100 } } } } };
  assert.deepEqual(lines(dearer, appliedAt(wantedOf(small)), small), [
    "~ update product bursar-pro",
    "    name: Pro → Pro+",
    "± replace price bursar-pro-month-eur (price_of_bursar-pro-month-eur)",
    "    unit_amount: 19.00 EUR → 21.00 EUR",
    "- archive price bursar-pro-month-eur (price_of_bursar-pro-month-eur)",
  ]);
});

type Sold = Catalog["plans"][string]["prices"];

test("a default price that goes hands its place on first: to the one in its stead, else to none", () => {
  const { products, prices } = appliedAt(wantedOf(small));
  const standing = {
    products: products.map((one) => ({ ...one, defaultPrice: prices[0]?.id ?? null })),
    prices,
    coupons: [],
  };
  const sold = (price: Sold): Catalog => ({ plans: { pro: { name: "Pro", prices: price } } });
  const moved = (price: Sold) =>
    planOf(wantedOf(sold(price)), standing, first).changes.flatMap(({ action, name, differences }) => [
      `${action} ${name}`,
      ...differences.filter(({ field }) => field === "default_price").map(({ after }) => `default price: ${after}`),
    ]);
  assert.deepEqual(moved({ month: { eur: 2100 } }), [
    "replace bursar-pro-month-eur",
    "update bursar-pro",
    "default price: bursar-pro-month-eur",
    "archive bursar-pro-month-eur",
  ]);
  assert.deepEqual(moved({ year: { eur: 9900 } }), [
    "create bursar-pro-year-eur",
    "update bursar-pro",
    "default price: null",
    "archive bursar-pro-month-eur",
  ]);
  assert.deepEqual(moved({ month: { eur: 1900 } }), []);
});

test("a coupon with other terms is another one, which takes the place of the one before it", () => {
  const { products, prices } = appliedAt(wantedOf(small));
  const launch = { name: "Launch", percentOff: 20, duration: "repeating", months: 3, appliesTo: ["pro"] } as const;
  const of = (coupon: CouponDefinition): Wanted => wantedOf({ ...small, coupons: { launch: coupon } });
  const standing = of(launch).coupons.map((one) => ({
    ...ours,
    namespace: "bursar",
    id: one.id,
    content: couponContent(one),
  }));
  const planned = (wanted: Wanted, coupons = standing) =>
    planOf(wanted, { products, prices, coupons }, { ...first, now: Date.parse("2027-01-01T00:00:00Z") })
      .text.replaceAll(/launch-[0-9a-f]{8}/g, (id) => (id === standing[0]?.id.slice(7) ? "launch-1" : "launch-2"))
      .split("\n");
  assert.deepEqual(planned(of(launch), []), [
    "+ create coupon bursar-launch-1",
    "    name: Launch",
    "    percent_off: 20",
    "    duration: repeating",
    "    duration_in_months: 3",
    "    applies_to: bursar-pro",
  ]);
  assert.deepEqual(planned(of({ ...launch, name: "Offer" })), [
    "~ update coupon bursar-launch-1",
    "    name: Launch → Offer",
  ]);
  assert.deepEqual(planned(of({ ...launch, percentOff: 25 })), [
    "± replace coupon bursar-launch-2 (bursar-launch-1)",
    "    id: bursar-launch-1 → bursar-launch-2",
    "    percent_off: 20 → 25",
    "- archive coupon bursar-launch-1",
  ]);
  assert.deepEqual(planned(wantedOf(small)), ["- archive coupon bursar-launch-1"]);
  // Whose day has passed is kept where it stands, and made nowhere.
  const past = of({ ...launch, redeemBy: "2026-12-31T23:59:59Z" });
  assert.deepEqual(planned(past, [])[0], "Stripe is as the catalog bursar says.");
});

test("a lookup key that a price of another product bears is taken over, and that price is left alone", () => {
  const { products, prices } = appliedAt(wantedOf(small));
  const elsewhere = prices.map((one) => ({
    ...one,
    namespace: null,
    product: "prod_1",
    content: { ...one.content, product: "prod_1" },
  }));
  const { changes } = planOf(wantedOf(small), { products, prices: elsewhere, coupons: [] }, first);
  assert.deepEqual(
    changes.map(({ action, differences }) => [action, differences]),
    [["replace", [{ field: "product", before: "prod_1", after: "bursar-pro" }]]],
  );
});

test("what is sold no more is archived, its prices before it and both last", () => {
  const { products, prices } = appliedAt(wanted);
  const before = { products: products.slice(1), prices: prices.slice(1), coupons: [] }; // "basic" is new
  const catalog: Catalog = { plans: { basic: shop.plans.basic, pro: shop.plans.pro } };
  assert.deepEqual(
    planOf(wantedOf(catalog), before, first).changes.map(({ action, name }) => `${action} ${name}`),
    ["create bursar-basic", "create bursar-basic-month-eur", "archive bursar-setup-once-eur", "archive bursar-setup"],
  );
});

test("what somebody changed at Stripe is told from what the catalog changed", () => {
  const standing = appliedAt(wantedOf(small));
  const renamed = standing.products.map((one) => ({ ...one, content: { ...one.content, name: "Professional" } }));
  const archived = standing.prices.map((one) => ({ ...one, active: false }));
  const atStripe = { products: renamed, prices: archived, coupons: [] };
  assert.deepEqual(lines(small, atStripe, small), [
    "~ update product bursar-pro, which was changed at Stripe since it was applied",
    "    name: Professional → Pro",
    `~ update price bursar-pro-month-eur (${archived[0]?.id}), which was changed at Stripe since it was applied`,
    "    active: false → true",
  ]);
  assert.deepEqual(lines(small, { products: renamed, prices: standing.prices, coupons: [] }), [
    "~ update product bursar-pro",
    "    name: Professional → Pro",
  ]);
});

test("a price that lost its lookup key is made anew, and what somebody else made is left alone", () => {
  const { products, prices } = appliedAt(wantedOf(small));
  const keyless = prices.map((one) => ({ ...one, id: "price_1", lookupKey: null }));
  const foreign = keyless.map((one) => ({ ...one, id: "price_2", namespace: null }));
  assert.deepEqual(lines(small, { products, prices: [...keyless, ...foreign], coupons: [] }, small), [
    "+ create price bursar-pro-month-eur, which was changed at Stripe since it was applied",
    "    product: bursar-pro",
    "    currency: eur",
    "    unit_amount: 19.00 EUR",
    "    recurring: month",
    "- archive price price_1, which was changed at Stripe since it was applied",
    "  left alone: price price_2 of bursar-pro, made by somebody else",
  ]);
});

test("two catalogs on one account leave each other's products alone", () => {
  const atStripe = appliedAt(wantedOf({ ...shop, namespace: "other" }));
  const { changes } = planOf(wantedOf(small), atStripe, first);
  assert.deepEqual(
    changes.map(({ action, name }) => `${action} ${name}`),
    ["create bursar-pro", "create bursar-pro-month-eur"],
  );
});

on("a plan reads Stripe as it is, and changes nothing there", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { stripe, billing } = world;
  const metadata = { bursar_catalog: "bursar" };
  await world.run(stripe.products.create({ id: "bursar-pro", name: "Pro", metadata }));
  const recurring = { interval: "month" } as const;
  const price = { product: "bursar-pro", currency: "eur", recurring, metadata };
  await world.run(stripe.prices.create({ ...price, unit_amount: 1900, lookup_key: "bursar-pro-month-eur" }));
  const tiers = [{ up_to: "inf" as const, unit_amount: 100 }];
  const tiered = { ...price, billing_scheme: "tiered", tiers_mode: "volume", tiers } as const;
  const second = await world.run(stripe.prices.create({ ...tiered, lookup_key: "bursar-pro-year-eur" }));
  assert.deepEqual((await world.run(billing.catalog.plan(small))).text.split("\n"), [
    `- archive price bursar-pro-year-eur (${second.id})`,
  ]);
  const cheaper: Catalog = { plans: { pro: { name: "Pro", prices: { month: { eur: 900 } } } } };
  const { changes } = await world.run(billing.catalog.plan(cheaper));
  assert.deepEqual(
    changes
      .map(({ action, name }) => `${action} ${name}`)
      .toSorted()
      .reverse(),
    ["replace bursar-pro-month-eur", "archive bursar-pro-year-eur", "archive bursar-pro-month-eur"],
  );
  assert.deepEqual(
    world.requests.filter((line) => line.startsWith("POST")),
    [],
  );
  // What was read is known from then on, though another hand made it: it is heard of.
  const names = () =>
    sql.read("names", (reader) =>
      reader.selectFrom("catalog_objects").select(["name", "active"]).orderBy("name").execute(),
    );
  assert.deepEqual(await names(), [
    { name: "bursar-pro", active: 1 },
    { name: "bursar-pro-month-eur", active: 1 },
    { name: "bursar-pro-year-eur", active: 1 },
  ]);
  await world.run(stripe.prices.update(second.id, { active: false }));
  await world.advance(60_000);
  assert.deepEqual((await names()).at(-1), { name: "bursar-pro-year-eur", active: 0 });
  await world.close();
});
