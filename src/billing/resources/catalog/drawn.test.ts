// Catalogs by chance: whatever is applied stands, and planning it again finds nothing. What should stand is said a
// second time here, from the catalog alone, as lines; what stands is read from Stripe.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { draws } from "#kit/testing.ts";
import type { Catalog, CouponDefinition, PriceDefinition, Tier, TieredPrice } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";

type Dice = (sides: number) => number;

function amounts(dice: Dice): Record<string, number> {
  const all = { eur: dice(3) * 950, usd: 1 + dice(99_999), jpy: dice(5_000), kwd: dice(100) * 10 };
  const named = Object.entries(all).filter((_, n) => n === 0 || dice(3) === 0);
  return Object.fromEntries(named);
}

function price(dice: Dice): PriceDefinition {
  const first = amounts(dice);
  if (dice(3) > 0) return first;
  const same = () => Object.fromEntries(Object.keys(first).map((currency) => [currency, dice(200) * 10]));
  const ends = [
    ...Array.from({ length: dice(3) }, (_, n) => (n + 1) * (1 + dice(9)) * 10).toSorted((a, b) => a - b),
    "inf",
  ];
  const tiers = [...new Set(ends)].map((upTo) => ({
    upTo: upTo as number | "inf",
    unitAmount: same(),
    ...(dice(2) === 0 && { flatAmount: same() }),
  }));
  return { tiersMode: dice(2) === 0 ? "volume" : "graduated", tiers };
}

function prices(dice: Dice, more: readonly string[] = []): Record<string, PriceDefinition> {
  const names = ["month", "year", "2 weeks", "36 months", "day", ...more].filter(() => dice(3) === 0);
  return Object.fromEntries((names.length === 0 ? ["month"] : names).map((name) => [name, price(dice)]));
}

function coupon(dice: Dice, sold: readonly string[]): CouponDefinition {
  const off =
    dice(2) === 0
      ? { percentOff: [12.5, 20, 33.33, 100][dice(4)] as number }
      : { amountOff: { eur: 100, usd: 1 + dice(3) } };
  return {
    name: `Offer ${dice(3)}`,
    ...off,
    ...(dice(2) === 0 && { duration: "repeating", months: 1 + dice(3) }),
    ...(dice(3) === 0 && { maxRedemptions: 1 + dice(2) }),
    ...(dice(3) === 0 && { appliesTo: sold.slice(0, 1) }),
  };
}

function some<T>(dice: Dice, names: readonly string[], make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.filter(() => dice(3) > 0).map((name) => [name, make(name)]));
}

function catalogOf(dice: Dice, namespace: string): Catalog {
  const sold = (name: string) => ({ name: `${name} ${dice(2)}`, ...(dice(2) === 0 && { description: `d${dice(2)}` }) });
  const basic = { ...sold("basic"), prices: prices(dice), ...(dice(2) === 0 && { trialDays: 1 + dice(30) }) };
  const more = some(dice, ["pro", "team"], (name) => ({ ...sold(name), prices: prices(dice) }));
  const addOns = some(dice, ["setup", "seat"], (name) => ({ ...sold(name), prices: prices(dice, ["once"]) }));
  const coupons = some(dice, ["launch", "friends"], () => coupon(dice, ["basic"]));
  return {
    namespace,
    plans: { basic, ...more },
    addOns,
    coupons,
    ...(dice(2) === 0 && { taxBehavior: "inclusive" }),
  } as Catalog;
}

/** A line for each thing that is sold: nothing here knows of Stripe's fields. */
function wantedLines({ namespace, plans, addOns = {}, coupons = {} }: Catalog): string[] {
  const lines: string[] = [];
  for (const [name, { prices, ...one }] of Object.entries({ ...plans, ...addOns })) {
    lines.push(`${namespace}-${name}: ${one.name}, ${one.description ?? ""}`);
    for (const [every, price] of Object.entries(prices as Record<string, PriceDefinition>)) {
      const tiers = "tiers" in price && Array.isArray(price.tiers) ? price.tiers : undefined;
      for (const currency of Object.keys(tiers ? tiers[0].unitAmount : price)) {
        const said = ({ upTo, unitAmount, flatAmount }: Tier) =>
          `${upTo}=${unitAmount[currency]}+${flatAmount?.[currency] ?? 0}`;
        const cost = tiers
          ? `${(price as TieredPrice).tiersMode} ${(price as TieredPrice).tiers.map(said)}`
          : (price as Record<string, number>)[currency];
        lines.push(`${namespace}-${name}-${every.replace(" ", "_")}-${currency} costs ${cost} each ${every}`);
      }
    }
  }
  for (const { name, percentOff, amountOff, months } of Object.values(coupons)) {
    lines.push(`${name}: ${percentOff ?? JSON.stringify(amountOff)} off, ${months ?? 1} months`);
  }
  return lines.sort();
}

function everyOf({ recurring }: Stripe.Price): string {
  if (!recurring) return "once";
  return recurring.interval_count === 1 ? recurring.interval : `${recurring.interval_count} ${recurring.interval}s`;
}

/** What a buyer would find under the namespace. */
async function standingLines({ stripe, run }: World, namespace: string): Promise<string[]> {
  const isOurs = (id: string | null) => id?.startsWith(`${namespace}-`) === true;
  const all = <T>(list: Stripe.ApiListPromise<T>) => run(list.autoPagingToArray({ limit: 10_000 }));
  const products = (await all(stripe.products.list({ active: true, limit: 100 }))).filter(({ id }) => isOurs(id));
  const expand = ["data.tiers"];
  const prices = await all(stripe.prices.list({ active: true, limit: 100, expand }));
  const coupons = await all(stripe.coupons.list({ limit: 100, expand: ["data.currency_options"] }));
  return [
    ...products.map(({ id, name, description }) => `${id}: ${name}, ${description ?? ""}`),
    ...prices
      .filter(({ product }) => isOurs(product as string))
      .map((price) => {
        const tiers = price.tiers?.map(
          (one) => `${one.up_to ?? "inf"}=${one.unit_amount ?? 0}+${one.flat_amount ?? 0}`,
        );
        const cost = tiers ? `${price.tiers_mode} ${tiers}` : price.unit_amount;
        return `${price.lookup_key} costs ${cost} each ${everyOf(price)}`;
      }),
    ...coupons
      .filter(({ id }) => isOurs(id))
      .map(({ name, percent_off, currency_options, duration_in_months }) => {
        const named = Object.entries(currency_options ?? {}).map(([currency, one]) => [currency, one.amount_off]);
        const off = percent_off ?? JSON.stringify(Object.fromEntries(named));
        return `${name}: ${off} off, ${duration_in_months ?? 1} months`;
      }),
  ].sort();
}

onEachDatabase<BillingTables>(
  "whatever a catalog says stands after it was applied, and nothing else",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    for (let draw = 0; draw < draws(6, 60); draw++) {
      const random = seededRandom(draw, "catalogs");
      const dice: Dice = (sides) => random.integer(0, sides - 1);
      const namespace = `drawn_${draw}`;
      for (let step = 0; step < 3; step++) {
        const catalog = catalogOf(dice, namespace);
        const said = `draw ${draw}, step ${step}: ${JSON.stringify(catalog)}`;
        // Many changes take longer than a caller waits.
        for (let outcome = ""; outcome !== "done"; ) {
          outcome = (await world.run(world.billing.catalog.apply(catalog))).outcome;
        }
        const { text } = await world.run(world.billing.catalog.plan(catalog));
        assert.equal(text, `Stripe is as the catalog ${namespace} says.`, said);
        assert.deepEqual(await standingLines(world, namespace), wantedLines(catalog), said);
      }
    }
    await world.close();
  },
);
