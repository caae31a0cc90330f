// Where answers come from besides a life that billing has seen: what was there before, other clocks, other catalogs,
// other processes.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { applied, catalog, listen, short } from "../../testing/access.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { payer, payWith, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;
const day = dayMs / secondMs;

/** At Stripe, and not ours. */
async function stranger({ stripe, run }: World, params: { test_clock?: string; metadata?: { user_id: string } } = {}) {
  return (await run(stripe.customers.create(params).then((made) => made))).id;
}

on("an account that is imported has its answers, and nothing of it is told", async ({ url }) => {
  const world = await startWorld({ url });
  const told = listen(world);
  const priceOf = await applied(world);
  const customer = await stranger(world, { metadata: { user_id: "user_1" } });
  await payWith(world, customer, "pm_card_visa");
  await subscribe(world, customer, { items: [{ price: priceOf("pro"), quantity: 3 }] });
  await world.run(world.billing.import({ idFrom: { metadata: "user_id" } }));
  await world.advance(minuteMs);
  assert.deepEqual((await world.run(world.billing.access.list("user_1"))).map(short), [
    [true, "active", null],
    [true, "active", 10],
    [true, "active", 3],
  ]);
  assert.deepEqual(told(), []);
  await world.close();
});

on("what a Customer has is known as soon as it is linked, and told", async ({ url }) => {
  const world = await startWorld({ url });
  const told = listen(world);
  const priceOf = await applied(world);
  const customer = await stranger(world);
  await payWith(world, customer, "pm_card_visa");
  await subscribe(world, customer, { items: [{ price: priceOf("basic") }] });
  await world.advance(dayMs);
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  await world.advance(minuteMs);
  assert.deepEqual(short(await world.run(world.billing.access.check("user_1", "projects"))), [true, "active", 3]);
  assert.deepEqual(told(), ["access.granted projects: none to active"]);
  await world.close();
});

for (const [where, frozenTime] of Object.entries({ past: 1_577_880_000, future: 1_893_456_000 })) {
  on(`of who lives in the ${where} now is what the clock says`, async ({ url }) => {
    const world = await startWorld({ url });
    const told = listen(world);
    const { stripe, run, billing } = world;
    const priceOf = await applied(world);
    const clock = (await run(stripe.testHelpers.testClocks.create({ frozen_time: frozenTime }).then((made) => made)))
      .id;
    const customer = await stranger(world, { test_clock: clock });
    await payWith(world, customer, "pm_card_visa");
    await run(billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
    await subscribe(world, customer, { items: [{ price: priceOf("basic") }], trial_period_days: 10 });
    const goTo = async (days: number) => {
      const frozen_time = frozenTime + days * day;
      await run(stripe.testHelpers.testClocks.advance(clock, { frozen_time }).then((moved) => moved));
      await world.advance(minuteMs);
    };
    const check = () => run(billing.access.check("user_1", "projects"));
    await world.advance(minuteMs);
    const trial = await check();
    assert.deepEqual([...short(trial), trial.until?.getTime()], [true, "trial", 3, (frozenTime + 10 * day) * secondMs]);
    await world.advance(20 * dayMs); // Our own time is nobody's here.
    assert.deepEqual(short(await check()), [true, "trial", 3]);
    await goTo(12);
    assert.deepEqual(short(await check()), [true, "active", 3]);
    await goTo(50);
    assert.deepEqual(short(await check()), [true, "active", 3]);
    await payWith(world, customer, "pm_card_chargeCustomerFail");
    await goTo(72.5);
    const grace = await check();
    assert.deepEqual(short(grace), [true, "grace", 3]);
    await goTo(74);
    assert.deepEqual((await check()).until, grace.until);
    await goTo(82);
    assert.deepEqual(short(await check()), [false, "unpaid", 0]);
    assert.deepEqual(told(), [
      "access.granted projects: none to trial",
      "access.changed projects: trial to active",
      "access.changed projects: active to grace",
      "access.revoked projects: grace to unpaid",
    ]);
    await world.close();
  });
}

on("another catalog and another policy are other answers, read at once and told by and by", async ({ url }) => {
  const world = await startWorld({ url, options: { access: { whilePaused: true } } });
  const told = listen(world);
  const { billing, run, stripe } = world;
  const priceOf = await applied(world);
  const customer = await payer(world, "user_1");
  const { id } = await subscribe(world, customer, { items: [{ price: priceOf("basic") }] });
  await world.advance(minuteMs);
  told();
  const basic = { name: "Basic", prices: { month: { eur: 900 } }, features: { projects: 5, export: true } };
  await run(billing.catalog.apply({ ...catalog, plans: { ...catalog.plans, basic } }));
  assert.deepEqual(short(await run(billing.access.check("user_1", "projects"))), [true, "active", 5]);
  await world.advance(minuteMs);
  assert.deepEqual(told().toSorted(), [
    "access.changed projects: active to active",
    "access.granted export: none to active",
  ]);
  await run(stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } }).then((made) => made));
  await world.advance(35 * dayMs);
  assert.deepEqual(short(await run(billing.access.check("user_1", "projects"))), [true, "paused", 5]);
  await world.close();
  const other = await startWorld({ url, options: { access: { whilePaused: false } } });
  await other.close();
});

on(
  "of two processes that see an invoice and its end at once, none tells what the other has told",
  async ({ url, engine }) => {
    const world = await startWorld({ url });
    const told = listen(world);
    const { run } = world;
    const priceOf = await applied(world);
    const twin = await world.twin();
    if (engine === "postgres") await twin.start(); // One process works on a file.
    const customers = await Promise.all(["user_1", "user_2", "user_3"].map((id) => payer(world, id)));
    for (const customer of customers) {
      await subscribe(world, customer, { items: [{ price: priceOf("basic") }], trial_period_days: 3 });
    }
    await world.advance(40 * dayMs);
    const checks = ["user_1", "user_2", "user_3"].map((id) => run(twin.access.check(id, "projects")));
    for (const answer of await Promise.all(checks)) assert.deepEqual(short(answer), [true, "active", 3]);
    assert.deepEqual(told().toSorted(), [
      ...Array.from({ length: 3 }, () => "access.changed projects: trial to active"),
      ...Array.from({ length: 3 }, () => "access.granted projects: none to trial"),
    ]);
    await world.close();
  },
);

on("a dispute holds what its payment paid, and a debit that fails late takes it back", async ({ url }) => {
  const world = await startWorld({ url });
  const { billing, run } = world;
  const priceOf = await applied(world);
  const disputing = await payer(world, "user_1", "pm_card_createDispute");
  await subscribe(world, disputing, { items: [{ price: priceOf("pro") }] });
  await world.advance(minuteMs);
  assert.deepEqual(short(await run(billing.access.check("user_1", "projects"))), [false, "disputed", 0]);
  await world.close();
});
