// Cards that are about to expire: told in time, once for each date, and only while they are there.
import assert from "node:assert/strict";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Fact } from "../../index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { customerWithCard } from "../../testing/verbs.table.ts";

const on = onEachDatabase<BillingTables>;

/** A card of the customer's with this date on it. The world begins on the second of November 2026. */
async function cardUntil(world: World, name: string, exp: { exp_month: number; exp_year: number }): Promise<string> {
  const [, id = ""] = (await customerWithCard(world, name)).split(" ");
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
