// Cards that are about to expire: told in time, once for each date, and only while they are there.
import assert from "node:assert/strict";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Fact } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { saveCard, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

/** A card of the customer's with this date on it. The world begins on the second of November 2026. */
async function cardUntil(world: World, name: string, exp: { exp_month: number; exp_year: number }): Promise<string> {
  const id = await saveCard(world, `user_${name}`, { isDefault: false });
  await world.run(world.stripe.paymentMethods.update(id, { card: exp }));
  await world.advance(minuteMs);
  return id;
}

const isOfExpiry = (fact: Fact): fact is Fact<"method.expiring"> => fact.type === "method.expiring";
const told = (world: World) => world.facts.filter(isOfExpiry).map(({ data }) => data);

on("a card is told thirty days before its month ends, once, and again for the date that follows", async ({ url }) => {
  const world = await startWorld({ url });
  const methodId = await cardUntil(world, "1", { exp_month: 12, exp_year: 2026 });
  await world.run(world.billing.methods.setDefault("user_1", methodId, { id: "choice_1" }));
  await world.advance(29 * dayMs);
  assert.deepEqual(told(world), [], "the first of December");
  await world.advance(dayMs);
  const expiring = { customerId: "user_1", methodId, expMonth: 12, expYear: 2026, isDefault: true };
  assert.deepEqual(told(world), [expiring], "the second of December");
  await world.run(world.stripe.paymentMethods.update(methodId, { metadata: { seen: "yes" } }));
  await world.advance(5 * dayMs);
  assert.equal(told(world).length, 1);
  await world.run(world.stripe.paymentMethods.update(methodId, { card: { exp_month: 2, exp_year: 2027 } }));
  await world.advance(60 * dayMs);
  assert.deepEqual(told(world), [expiring, { ...expiring, expMonth: 2, expYear: 2027 }]);
  await world.close();
});

on("a card that is removed, renewed or expired long ago is not told, and a late one at once", async ({ url }) => {
  const world = await startWorld({ url });
  const date = { exp_month: 12, exp_year: 2026 };
  const removed = await cardUntil(world, "1", date);
  const renewed = await cardUntil(world, "2", date);
  const detached = await cardUntil(world, "3", date);
  await cardUntil(world, "4", { exp_month: 10, exp_year: 2026 });
  const late = await cardUntil(world, "5", { exp_month: 11, exp_year: 2026 });
  assert.deepEqual(
    told(world).map(({ methodId }) => methodId),
    [late],
  );
  await world.run(world.billing.methods.remove("user_1", removed));
  await world.run(world.stripe.paymentMethods.update(renewed, { card: { exp_month: 12, exp_year: 2029 } }));
  await world.run(world.stripe.paymentMethods.detach(detached));
  await world.advance(90 * dayMs);
  assert.equal(told(world).length, 1);
  await world.close();
});

on("a customer of a test clock is told by the clock, however far it is from today", async ({ url }) => {
  const world = await startWorld({ url });
  const { testHelpers, customers, paymentMethods } = world.stripe;
  const at = (iso: string) => Date.parse(iso) / 1_000;
  const clock = await world.run(
    testHelpers.testClocks.create({ frozen_time: at("2030-03-01T00:00:00Z") }).then((one) => one),
  );
  const { id: customer } = await world.run(customers.create({ test_clock: clock.id }).then((one) => one));
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  await world.advance(minuteMs);
  const card = await world.run(
    paymentMethods.create({ type: "card", card: { number: "4242424242424242", exp_month: 4, exp_year: 2030 } }),
  );
  await world.run(paymentMethods.attach(card.id, { customer }).then((one) => one));
  await world.advance(20 * dayMs);
  assert.deepEqual(told(world), [], "the clock stands");
  for (const [day, count] of [
    ["2030-03-31", 0],
    ["2030-04-02", 1],
    ["2030-04-20", 1],
  ] as const) {
    await world.run(
      testHelpers.testClocks.advance(clock.id, { frozen_time: at(`${day}T00:00:00Z`) }).then((one) => one),
    );
    await world.advance(minuteMs);
    assert.equal(told(world).length, count, day);
  }
  const date = { expMonth: 4, expYear: 2030 };
  assert.deepEqual(told(world), [{ customerId: "user_1", methodId: card.id, ...date, isDefault: false }]);
  await world.close();
});
