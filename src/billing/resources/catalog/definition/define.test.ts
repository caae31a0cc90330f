// A catalog is checked twice: its names by the compiler, its content when it is defined, each refusal with its place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isProblem, type Problem, problemTable } from "#kit/problems.ts";
import type { AddOnName, Catalog, EveryOf, FeatureName, PlanName, SubscriptionChange } from "../../../api/index.ts";
import { defineCatalog } from "./define.ts";
import { everyOf } from "./every.ts";
import { shop } from "./testing.ts";

/** Takes what its type takes. */
function named<T>(...names: T[]): T[] {
  return names;
}

test("the names of a catalog are types", () => {
  named<PlanName<typeof shop>>("basic", "pro");
  named<EveryOf<typeof shop, "pro">>("month", "3 months");
  named<AddOnName<typeof shop>>("setup");
  named<FeatureName<typeof shop>>("export", "projects", "seats");
  named<SubscriptionChange<typeof shop>["every"]>("month", "3 months");
  named<SubscriptionChange["every"]>("any text");
  // @ts-expect-error -- there is no such plan
  named<PlanName<typeof shop>>("por");
  // @ts-expect-error -- basic is not sold by the quarter
  named<EveryOf<typeof shop, "basic">>("3 months");
  // @ts-expect-error -- nothing is sold by the week
  named<SubscriptionChange<typeof shop>["every"]>("week");
  // @ts-expect-error -- there is no such plan
  named<SubscriptionChange<typeof shop>["plan"]>("por");
  // @ts-expect-error -- a plan is not an add-on
  named<keyof NonNullable<SubscriptionChange<typeof shop>["addOns"]>>("pro");
  // @ts-expect-error -- a plan is not an add-on
  named<AddOnName<typeof shop>>("pro");
  // @ts-expect-error -- there is no such feature
  named<FeatureName<typeof shop>>("exports");
  const any: Catalog = shop;
  assert.equal(any, shop);
});

test("a misspelt name inside a catalog does not compile, and is refused", () => {
  const prices = { month: { eur: 1900 } } as const;
  const features = { export: "boolean" } as const;
  // @ts-expect-error -- there is no such feature
  const exports = () => defineCatalog({ features, plans: { pro: { name: "Pro", prices, features: { exprt: true } } } });
  assert.throws(exports, /plans\.pro\.features\.exprt is not a feature of this catalog/);
  // @ts-expect-error -- that is there or not
  const many = () => defineCatalog({ features, plans: { pro: { name: "Pro", prices, features: { export: 3 } } } });
  assert.throws(many, /plans\.pro\.features\.export is true or false/);
  // @ts-expect-error -- nothing is paid by the mont
  const mont = () => defineCatalog({ plans: { pro: { name: "Pro", prices: { ...prices, mont: { eur: 1 } } } } });
  assert.throws(mont, /plans\.pro\.prices\.mont is not how often something is paid/);
  // @ts-expect-error -- a plan is not paid once
  const once = () => defineCatalog({ plans: { pro: { name: "Pro", prices: { once: { eur: 1 } } } } });
  assert.throws(once, /plans\.pro\.prices\.once is not how often/);
});

/** The place of the refusal, by what the plan "pro", or the catalog, says otherwise. */
const refusedPlans: readonly (readonly [more: object, place: string])[] = [
  [{ name: "" }, "plans.pro.name"],
  [{ name: undefined }, "plans.pro.name"],
  [{ unitLabel: "much too long a label" }, "plans.pro.unitLabel"],
  [{ taxCode: "books" }, "plans.pro.taxCode"],
  [{ trialDays: 0 }, "plans.pro.trialDays"],
  [{ trialDays: 731 }, "plans.pro.trialDays"],
  [{ trialDay: 7 }, "plans.pro.trialDay"],
  [{ group: "" }, "plans.pro.group"],
  [{ group: "our-support" }, "plans.pro.group"],
  [{ features: { projects: -1 } }, "plans.pro.features.projects"],
  [{ features: { seats: 0 } }, "plans.pro.features.seats"],
  [{ features: { toString: true } }, "plans.pro.features.toString"],
  [{ prices: {} }, "plans.pro.prices"],
  [{ prices: { month: {} } }, "plans.pro.prices.month"],
  [{ prices: { month: 1900 } }, "plans.pro.prices.month"],
  [{ prices: { "1 months": { eur: 1 } } }, "plans.pro.prices.1 months"],
  [{ prices: { "37 months": { eur: 1 } } }, "plans.pro.prices.37 months"],
  [{ prices: { month: { EUR: 1 } } }, "plans.pro.prices.month.EUR"],
  [{ prices: { month: { eur: 19.5 } } }, "plans.pro.prices.month.eur"],
  [{ prices: { month: { eur: -1 } } }, "plans.pro.prices.month.eur"],
  [{ prices: { month: { isk: 150 } } }, "plans.pro.prices.month.isk"],
  [{ prices: { month: { tiers: [] } } }, "plans.pro.prices.month.tiersMode"],
  [{ prices: { month: { tiersMode: "volume", tiers: [] } } }, "plans.pro.prices.month.tiers"],
];

const tier = (upTo: number | "inf", more: object = {}) => ({ upTo, unitAmount: { eur: 100 }, ...more });
const refusedTiers: readonly (readonly [tiers: readonly object[], place: string])[] = [
  [[tier(10)], "tiers[0].upTo"],
  [[tier("inf"), tier("inf")], "tiers[0].upTo"],
  [[tier(10), tier(10), tier("inf")], "tiers[1].upTo"],
  [[tier(10), tier("inf", { unitAmount: { usd: 1 } })], "tiers[1].unitAmount"],
  [[tier("inf", { flatAmount: { eur: 1, usd: 1 } })], "tiers[0].flatAmount"],
];

const refusedCoupons: readonly (readonly [more: object, place: string])[] = [
  [{ name: undefined }, ".name"],
  [{ name: "much too long a name for what stands on an invoice" }, ".name"],
  [{ percentOff: undefined }, ""],
  [{ amountOff: { eur: 100 } }, ""],
  [{ percentOff: 0 }, ".percentOff"],
  [{ percentOff: 100.01 }, ".percentOff"],
  [{ percentOff: 12.345 }, ".percentOff"],
  [{ percentOff: "20" }, ".percentOff"],
  [{ percentOff: undefined, amountOff: { eur: 0 } }, ".amountOff.eur"],
  [{ percentOff: undefined, amountOff: { eur: 0.5 } }, ".amountOff.eur"],
  [{ duration: "always" }, ".duration"],
  [{ duration: "repeating" }, ".months"],
  [{ months: 3 }, ".months"],
  [{ duration: "repeating", months: 0 }, ".months"],
  [{ redeemBy: "2027-12-31" }, ".redeemBy"],
  [{ redeemBy: "2027-13-31T00:00:00Z" }, ".redeemBy"],
  [{ maxRedemptions: 0 }, ".maxRedemptions"],
  [{ appliesTo: [] }, ".appliesTo"],
  [{ appliesTo: ["por"] }, ".appliesTo[0]"],
  [{ appliesTo: ["pro", "pro"] }, ".appliesTo[1]"],
  [{ percentOf: 20 }, ".percentOf"],
];

const refusedCatalogs: readonly (readonly [more: object, place: string])[] = [
  [{ namespace: "my-shop" }, "namespace"],
  [{ taxBehavior: "none" }, "taxBehavior"],
  [{ plan: {} }, "plan"],
  [{ plans: {} }, "plans"],
  [{ plans: undefined }, "plans"],
  [{ plans: { "pro-plan": {} } }, "plans.pro-plan"],
  [{ features: { export: "flag" } }, "features.export"],
  [{ addOns: { pro: { name: "Pro", prices: { once: { eur: 1 } } } } }, "addOns.pro"],
];

test("what Stripe would refuse is refused with its place, before anything is asked", () => {
  const pro = { name: "Pro", prices: { month: { eur: 1900 } } };
  const features = { export: "boolean", projects: "number", seats: "seats" };
  const rows = [
    ...refusedPlans.map(([more, place]) => [{ features, plans: { pro: { ...pro, ...more } } }, place] as const),
    ...refusedTiers.map(([tiers, place]) => {
      const prices = { month: { tiersMode: "volume", tiers } };
      return [{ plans: { pro: { ...pro, prices } } }, `plans.pro.prices.month.${place}`] as const;
    }),
    ...refusedCoupons.map(([more, place]) => {
      const launch = { name: "Launch", percentOff: 20, ...more };
      return [{ plans: { pro }, coupons: { launch } }, `coupons.launch${place}`] as const;
    }),
    ...refusedCatalogs.map(([more, place]) => [{ plans: { pro }, ...more }, place] as const),
  ];
  for (const [catalog, place] of rows) {
    assert.throws(
      () => defineCatalog(catalog as never),
      (refusal: Problem) => {
        assert.equal(refusal.details?.field, place, refusal.message);
        assert.ok(refusal.hint !== "" && problemTable[refusal.code].status === 422, refusal.message);
        return true;
      },
      place,
    );
  }
});

test("how often something is paid is written in one way", () => {
  const good = { day: "day 1", month: "month 1", "2 weeks": "week 2", "36 months": "month 36", "3 years": "year 3" };
  for (const [text, said] of Object.entries(good)) {
    const every = everyOf(text);
    assert.equal(every && `${every.interval} ${every.intervalCount}`, said);
  }
  const wrong = ["", "months", "1 month", "1 months", "2 month", "02 months", "0 days", "4 years", "1.5 years", "once"];
  for (const text of wrong) assert.equal(everyOf(text), undefined, text);
});

const junk = [undefined, null, 0, -1, Number.NaN, 10n, true, "", "nul\0", "half \ud800", Symbol("s"), [], {}, () => 1];

/** The same with something else in one place: each place in turn. */
function* withJunk(value: unknown): Generator<unknown> {
  yield* junk;
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    for (const one of withJunk(inner)) {
      yield Array.isArray(value) ? value.map((own, n) => (String(n) === name ? one : own)) : { ...value, [name]: one };
    }
  }
}

const coupons = {
  launch: { name: "Launch", percentOff: 20, duration: "repeating", months: 3, appliesTo: ["pro"] },
  five: { name: "Five", amountOff: { eur: 500 }, redeemBy: "2027-12-31T23:59:59Z", maxRedemptions: 10 },
};

test("whatever stands anywhere in a catalog, it is taken or refused by name", () => {
  for (const catalog of withJunk({ namespace: "shop", taxBehavior: "inclusive", ...shop, coupons })) {
    try {
      defineCatalog(catalog as never);
    } catch (error) {
      assert.ok(isProblem(error), String(error));
    }
  }
});
