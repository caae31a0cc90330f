// A catalog is applied: what stands at Stripe afterwards, what a second deploy does, and a run that was stopped.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { draws } from "#kit/testing.ts";
import type { Catalog, CatalogProgress } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { shop } from "./definition/testing.ts";

const on = onEachDatabase<BillingTables>;
const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
const dearer: Catalog = { plans: { pro: { name: "Pro", prices: { month: { eur: 2100 } } } } };
const upToDate = "Stripe is as the catalog bursar says.";

const apply = (world: World, catalog: Catalog) => world.run(world.billing.catalog.apply(catalog));

/** Each price of Stripe's, oldest first: what it costs, and whether it is sold under its key. */
async function pricesOf(world: World): Promise<string[]> {
  const { data } = await world.run(world.stripe.prices.list({ limit: 100 }));
  const lines = data.map(({ lookup_key, unit_amount, active }) => `${lookup_key} ${unit_amount} ${active}`);
  return lines.sort();
}

on("what a catalog says stands at Stripe, and applying it again does nothing", async ({ url }) => {
  const world = await startWorld({ url });
  const told: string[] = [];
  const onChange = ({ change, n, of }: CatalogProgress) => told.push(`${n}/${of} ${change.action} ${change.name}`);
  const first = await world.run(world.billing.catalog.apply(shop, { onChange }));
  assert.equal(first.outcome, "done");
  assert.deepEqual(
    told,
    first.value.changes.map(({ action, name }, n) => `${n + 1}/8 ${action} ${name}`),
  );
  assert.equal(first.value.changes.length, 8);
  assert.equal((await world.run(world.billing.catalog.plan(shop))).text, upToDate);
  const sent = world.requests.filter((line) => line.startsWith("POST /v1/pr")).length;
  const again = await apply(world, shop);
  assert.deepEqual([again.outcome, again.value.changes], ["done", []]);
  assert.equal(world.requests.filter((line) => line.startsWith("POST /v1/pr")).length, sent);
  const product = await world.run(world.stripe.products.retrieve("bursar-pro"));
  assert.deepEqual([product.name, product.description, product.unit_label], ["Pro", "For teams", "seat"]);
  const { data } = await world.run(
    world.stripe.prices.list({ lookup_keys: ["bursar-pro-3_months-eur"], expand: ["data.tiers"] }),
  );
  assert.deepEqual(
    data[0]?.tiers?.map(({ up_to, unit_amount, flat_amount }) => [up_to, unit_amount, flat_amount]),
    [
      [10, 1800, 500],
      [null, 1500, null],
    ],
  );
  const { catalog, prices } = await world.run(world.billing.catalog.get());
  assert.deepEqual(catalog, shop);
  assert.equal(prices["bursar-pro-3_months-eur"], data[0]?.id);
  assert.equal(Object.keys(prices).length, 5);
  await world.close();
});

on("a price is replaced, and whoever pays the old one goes on", async ({ url }) => {
  const world = await startWorld({ url });
  await apply(world, { plans });
  assert.equal((await apply(world, dearer)).outcome, "done");
  assert.deepEqual(await pricesOf(world), ["bursar-pro-month-eur 2100 true", "null 1900 false"]);
  await apply(world, { plans });
  assert.deepEqual(await pricesOf(world), ["bursar-pro-month-eur 1900 true", "null 1900 false", "null 2100 false"]);
  await world.close();
});

on("the default price of a product is replaced by the next, and unset when there is none", async ({ url }) => {
  const world = await startWorld({ url });
  await apply(world, { plans });
  const defaultPrice = async () => (await world.run(world.stripe.products.retrieve("bursar-pro"))).default_price;
  const sold = async () => (await world.run(world.billing.catalog.get())).prices["bursar-pro-month-eur"] ?? "";
  await world.run(world.stripe.products.update("bursar-pro", { default_price: await sold() }));
  const before = await sold();
  assert.equal((await apply(world, dearer)).outcome, "done");
  assert.equal(await defaultPrice(), await sold());
  assert.notEqual(await sold(), before);
  const yearly: Catalog = { plans: { pro: { name: "Pro", prices: { year: { eur: 9900 } } } } };
  assert.equal((await apply(world, yearly)).outcome, "done");
  assert.equal(await defaultPrice(), null);
  assert.equal((await world.run(world.billing.catalog.plan(yearly))).text, upToDate);
  await world.close();
});

on("what was applied once is read by its ids, whatever else the account sells", async ({ url }) => {
  const world = await startWorld({ url });
  for (let n = 0; n < 101; n++) await world.run(world.stripe.products.create({ name: `Other ${n}` }));
  const read = async (catalog: Catalog) => {
    const before = world.requests.length;
    await world.run(world.billing.catalog.plan(catalog));
    return world.requests.slice(before).filter((line) => /^GET \/v1\/(products|prices)/.test(line)).length;
  };
  assert.equal(await read({ plans }), 3, "all products, and who else bears a lookup key");
  await apply(world, { plans });
  assert.equal(await read({ plans }), 2, "one for ids, one for each product");
  const team = { name: "Team", prices: { year: { eur: 9900 } } };
  await apply(world, { plans: { ...plans, team } });
  await world.run(world.billing.catalog.plan({ plans })).then(({ changes }) =>
    assert.deepEqual(
      changes.map(({ action, name }) => `${action} ${name}`),
      ["archive bursar-team-year-eur", "archive bursar-team"],
      "what the catalog names no more is known",
    ),
  );
  await world.close();
});

on("what somebody has agreed to is applied, and nothing else", async ({ url }) => {
  const world = await startWorld({ url });
  const { digest, isApplied } = await world.run(world.billing.catalog.plan({ plans }));
  const agreed = (catalog: Catalog) => world.run(world.billing.catalog.apply(catalog, { ifPlan: digest }));
  await assert.rejects(agreed(dearer), { code: "conflict" });
  assert.deepEqual([isApplied, await pricesOf(world)], [false, []]);
  assert.equal((await agreed({ plans })).outcome, "done");
  assert.equal((await agreed({ plans })).outcome, "done", "nothing needs nobody's consent");
  const trial: Catalog = { plans: { pro: { ...plans.pro, trialDays: 7 } } };
  const { changes, ...ours } = await world.run(world.billing.catalog.plan(trial));
  assert.deepEqual([changes, ours.isApplied], [[], false], "a trial is ours alone");
  await apply(world, trial);
  assert.equal((await world.run(world.billing.catalog.plan(trial))).isApplied, true);
  await world.close();
});

on("what goes is archived last, and comes back under its own id", async ({ url }) => {
  const world = await startWorld({ url });
  const both: Catalog = { plans: { ...plans, team: { name: "Team", prices: { year: { eur: 9900 } } } } };
  await apply(world, both);
  world.fail("POST /v1/prices", 400);
  await assert.rejects(apply(world, dearer), { code: "stripe_refused", message: /^Catalog bursar: / });
  assert.ok(
    (await pricesOf(world)).every((line) => line.endsWith("true")),
    "nothing is archived by what was refused",
  );
  await apply(world, dearer);
  assert.equal((await world.run(world.stripe.products.retrieve("bursar-team"))).active, false);
  const { value } = await apply(world, { plans: { ...dearer.plans, team: both.plans.team as never } });
  assert.deepEqual(
    value.changes.map(({ action, name }) => `${action} ${name}`),
    ["update bursar-team", "update bursar-team-year-eur"],
  );
  assert.equal((await world.run(world.stripe.products.retrieve("bursar-team"))).active, true);
  await world.close();
});

on("what somebody changed in the Dashboard is shown as that, and set right", async ({ url }) => {
  const world = await startWorld({ url });
  await apply(world, { plans });
  await world.run(world.stripe.products.update("bursar-pro", { name: "Professional" }));
  const { changes } = await world.run(world.billing.catalog.plan({ plans }));
  assert.deepEqual(
    changes.map(({ name, isDrift }) => [name, isDrift]),
    [["bursar-pro", true]],
  );
  await apply(world, { plans });
  assert.equal((await world.run(world.billing.catalog.plan({ plans }))).text, upToDate);
  await world.close();
});

on("two deploys at one moment come one after the other, and the second finds what is left", async ({ url }) => {
  const world = await startWorld({ url });
  const other = await world.twin();
  const outcomes = await world.run(
    Promise.all([world.billing.catalog.apply(dearer), other.catalog.apply(dearer), other.catalog.apply(dearer)]),
  );
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ["done", "done", "done"],
  );
  assert.deepEqual(await pricesOf(world), ["bursar-pro-month-eur 2100 true"]);
  await world.close();
});

on("a run whose caller was answered goes on by itself", async ({ url }) => {
  const world = await startWorld({ url });
  world.fail("POST /v1/products", "lost", 1_000);
  const { outcome, value } = await apply(world, { plans });
  assert.deepEqual([outcome, value.changes.length], ["processing", 2]);
  world.mend();
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(world.billing.catalog.plan({ plans }))).text, upToDate);
  await world.close();
});

/** A price of before is replaced and a product archived by a process that is killed at this of its awaits. */
async function applyAndDie(world: World, namespace: string, killAt?: number) {
  const team = { name: "Team", prices: { year: { eur: 9900 } } };
  await apply(world, { namespace, plans: { ...plans, team } });
  const { life, billing } = await world.mortalTwin(killAt);
  const before = life.points.length;
  await world.run(Promise.race([billing.catalog.apply({ ...dearer, namespace }), life.death]));
  const points = { before, after: life.points.length };
  life.kill();
  await world.advance(70 * secondMs); // the leases of the dead one end
  return points;
}

on("killed at any of its awaits, a run is brought to its end, and makes nothing twice", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { before, after } = await applyAndDie(world, "alive");
  assert.ok(after - before > 40, `${after - before} awaits`);
  const step = Math.ceil((after - before) / draws(8, after - before));
  for (let point = before + 1; point <= after; point += step) {
    const namespace = `killed_${point}`;
    await applyAndDie(world, namespace, point);
    assert.equal((await apply(world, { ...dearer, namespace })).outcome, "done", `killed at await ${point}`);
    const { text } = await world.run(world.billing.catalog.plan({ ...dearer, namespace }));
    assert.equal(text, `Stripe is as the catalog ${namespace} says.`);
    const { data } = await world.run(world.stripe.prices.list({ product: `${namespace}-pro` }));
    assert.deepEqual(
      data.map(({ unit_amount, active }) => [unit_amount, active]),
      [
        [2100, true],
        [1900, false],
      ],
      `killed at await ${point}`,
    );
  }
  await world.close();
});
