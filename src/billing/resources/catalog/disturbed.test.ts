// Deploys on bad days: clocks that differ, answers that take long, no webhooks, no workers. Whatever happens, one
// catalog stands whole in the end, and nothing was made twice.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Catalog } from "../../api/index.ts";
import { type Billing, createBilling } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { optionsFor, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const at = (eur: number, name = "Pro"): Catalog => ({
  plans: { pro: { name, prices: { month: { eur }, year: { eur: eur * 10 } } } },
  coupons: { launch: { name: "Launch", percentOff: eur / 100 } },
});
const upToDate = "Stripe is as the catalog bursar says.";

/** What is sold, and how often each came to be: a price that was made twice stands twice. */
async function sold({ stripe, run }: World): Promise<string[]> {
  const prices = (await run(stripe.prices.list({ active: true, limit: 100 }))).data;
  const coupons = (await run(stripe.coupons.list({ limit: 100 }))).data;
  const lines = prices.map(({ lookup_key, unit_amount }) => `${lookup_key} ${unit_amount}`);
  return [...lines, ...coupons.map(({ percent_off }) => `launch ${percent_off}`)].sort();
}

function soldAs(eur: number): string[] {
  return [`bursar-pro-month-eur ${eur}`, `bursar-pro-year-eur ${eur * 10}`, `launch ${eur / 100}`].sort();
}

/** As a deploy is repeated: until it is done. */
async function untilDone(world: World, billing: Pick<Billing, "catalog">, catalog: Catalog): Promise<void> {
  let outcome = "";
  for (let tries = 0; tries < 20 && outcome !== "done"; tries++) {
    outcome = (await world.run(billing.catalog.apply(catalog))).outcome;
    if (outcome !== "done") await world.advance(secondMs);
  }
  assert.equal(outcome, "done");
}

on("two processes whose clocks differ apply two catalogs at once, and one of them stands whole", async ({ url }) => {
  const world = await startWorld({ url });
  for (const [n, aheadMs] of [-3, 30].map((seconds, index) => [index + 1, seconds * secondMs] as const)) {
    const { ports } = world.life();
    const clock = { ...ports.clock, now: () => ports.clock.now() + aheadMs };
    const other = await createBilling(optionsFor(url), { ...ports, clock });
    const [ours, theirs] = [at(1000 * n), at(1500 * n, "Professional")];
    await world.run(Promise.all([world.billing.catalog.apply(ours), other.catalog.apply(theirs)]));
    await world.advance(minuteMs);
    const stands = await sold(world);
    const isOurs = stands.includes(`bursar-pro-month-eur ${1000 * n}`);
    assert.deepEqual(stands, soldAs(isOurs ? 1000 * n : 1500 * n), `${aheadMs} ms ahead`);
    // Either may be applied again, by either.
    await untilDone(world, other, ours);
    await untilDone(world, world.billing, theirs);
    assert.deepEqual(await sold(world), soldAs(1500 * n));
    assert.equal((await world.run(other.catalog.plan(theirs))).text, upToDate);
    await other.close();
  }
  await world.close();
});

on("answers that take 25 seconds make nothing twice", async ({ url }) => {
  const world = await startWorld({ url });
  await untilDone(world, world.billing, at(900));
  for (const request of ["POST /v1/products/", "POST /v1/prices", "POST /v1/coupons", "DELETE /v1/coupons/"]) {
    world.fail(request, "slow");
  }
  await untilDone(world, world.billing, at(1200, "Professional"));
  assert.deepEqual(await sold(world), soldAs(1200));
  assert.equal((await world.run(world.stripe.prices.list({ limit: 100 }))).data.length, 4);
  assert.equal((await world.run(world.billing.catalog.plan(at(1200, "Professional")))).text, upToDate);
  await world.close();
});

on("a day without webhooks, and without workers, costs no catalog anything", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const headers = { authorization: `Bearer ${bootstrapKey}`, "content-type": "application/json" };
  const other = await createBilling({ ...optionsFor(url), bootstrapKey }, world.life().ports);
  /** By `fetch` alone, as a host without a process of its own does it. */
  const apply = async (catalog: Catalog) => {
    const body = JSON.stringify(catalog);
    const request = new Request("http://127.0.0.1:12112/v1/catalog/apply", { method: "POST", headers, body });
    return (await (await world.run(Promise.resolve(other.fetch(request)))).json()) as { outcome: string };
  };
  world.fail("POST /v1/prices", "lost", 1_000);
  assert.equal((await apply(at(900))).outcome, "processing");
  world.mend();
  for (let tick = 0; tick < 10; tick++) {
    await world.advance(minuteMs);
    await world.run(other.tick({ maxMs: secondMs }));
  }
  assert.deepEqual(await sold(world), soldAs(900), "ticks have brought it to its end");
  assert.equal((await apply(at(1200))).outcome, "done");
  await world.advance(dayMs);
  await world.run(other.tick({ maxMs: secondMs }));
  assert.deepEqual(await sold(world), soldAs(1200));
  const { prices, coupons } = await world.run(other.catalog.get());
  assert.deepEqual([Object.keys(prices).length, Object.keys(coupons)], [2, ["launch"]]);
  assert.equal((await world.run(other.catalog.plan(at(1200)))).text, upToDate);
  assert.deepEqual((await world.run(other.flags.list({ state: "open" }))).data, []);
  await other.close();
  await world.close();
});

const bootstrapKey = `bk_test_${"catalog".repeat(7)}`;
