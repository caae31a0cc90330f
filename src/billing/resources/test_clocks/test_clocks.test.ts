// Customers who live by a clock of their own: in the past, in the future, and without webhooks.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { assertMirrored, mirrored, monthly, payWith, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;
const day = dayMs / secondMs;

async function onClock({ stripe, run }: World, frozenTime: number) {
  const clock = (await run(stripe.testHelpers.testClocks.create({ frozen_time: frozenTime }).then((made) => made))).id;
  const customer = (await run(stripe.customers.create({ test_clock: clock }).then((made) => made))).id;
  return { clock, customer };
}

async function advanceClock(world: World, clock: string, frozenTime: number): Promise<void> {
  const { stripe, run } = world;
  await run(stripe.testHelpers.testClocks.advance(clock, { frozen_time: frozenTime }).then((moved) => moved));
  await world.advance(minuteMs);
}

for (const [where, frozenTime] of Object.entries({ past: 1_577_880_000, future: 1_893_456_000 })) {
  on(`who lives in the ${where} is followed, and what is due comes by that clock`, async ({ url, sql }) => {
    const world = await startWorld({ url });
    const { clock, customer } = await onClock(world, frozenTime);
    await payWith(world, customer, "pm_card_visa");
    await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
    const price = await monthly(world, 1000);
    const { id } = await subscribe(world, customer, { items: [{ price }], trial_period_days: 10 });
    await world.advance(minuteMs);
    await assertMirrored(world, sql, customer);
    assert.equal((await mirrored(sql, clock)).frozenTime, frozenTime);
    await advanceClock(world, clock, frozenTime + 6 * day);
    await world.advance(20 * dayMs); // Our own time is nobody's here.
    const types = () => world.facts.map(({ type }) => type);
    assert.ok(!types().includes("trial.ending"));
    await advanceClock(world, clock, frozenTime + 8 * day);
    assert.equal(types().filter((type) => type === "trial.ending").length, 1);
    await advanceClock(world, clock, frozenTime + 12 * day);
    await assertMirrored(world, sql, customer);
    await advanceClock(world, clock, frozenTime + 45 * day);
    await assertMirrored(world, sql, customer);
    await world.run(world.stripe.subscriptions.cancel(id).then((made) => made));
    await world.advance(minuteMs);
    await assertMirrored(world, sql, customer);
    assert.deepEqual(
      types().filter((type) => !/^(invoice|method)\./.test(type)),
      ["subscription.started", "trial.ending", "subscription.activated", "subscription.ended"],
    );
    assert.deepEqual(types().filter((type) => type === "invoice.paid").length, 3);
    const invoices = await world.run(world.stripe.invoices.list({ customer }).then((list) => list.data));
    const hours = invoices.map(({ created, status_transitions: { finalized_at } }) => (finalized_at ?? 0) - created);
    assert.ok(
      hours.every((seconds) => seconds >= 0 && seconds <= 3_700),
      "their drafts have had an hour of the clock",
    );
    await world.close();
  });
}

/** A customer of the past who pays by the month; from now on nothing is heard of them. */
async function unheardOnClock(world: World) {
  const frozenTime = 1_577_880_000;
  const { clock, customer } = await onClock(world, frozenTime);
  await payWith(world, customer, "pm_card_visa");
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  const price = await monthly(world, 1000);
  await subscribe(world, customer, { items: [{ price }] });
  await world.advance(minuteMs);
  world.setWebhooks(false);
  return { clock, customer, frozenTime };
}

on("the clock's own event is enough to learn what became of all that hangs on it", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { clock, customer, frozenTime } = await unheardOnClock(world);
  await advanceClock(world, clock, frozenTime + 40 * day);
  const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
  const ready = data.find(({ type }) => type === "test_helpers.test_clock.ready");
  assert.equal(await world.deliver(ready), 200);
  await world.advance(5 * minuteMs);
  await assertMirrored(world, sql, customer);
  await world.close();
});

on("what a lost jump of a clock in the past has billed is known and told by the next one", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { clock, customer, frozenTime } = await unheardOnClock(world);
  await advanceClock(world, clock, frozenTime + 60 * day); // Two periods begin.
  await world.advance(10 * dayMs); // Stripe has given up telling.
  world.setWebhooks(true);
  await advanceClock(world, clock, frozenTime + 65 * day); // Three days for drafts nobody has heard of.
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  const invoices = await world.run(world.stripe.invoices.list({ customer, limit: 100 }).then((list) => list.data));
  const told = (type: string) =>
    world.facts.flatMap((fact) => (fact.type === type && "invoiceId" in fact.data ? fact.data.invoiceId : []));
  const ids = invoices.map(({ id }) => id).toSorted();
  assert.deepEqual([ids.length, told("invoice.finalized").toSorted(), told("invoice.paid").toSorted()], [3, ids, ids]);
  await world.close();
});
