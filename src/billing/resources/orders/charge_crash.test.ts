// A process that is killed while it charges an order, at each of its awaits: another one goes on, the same command
// given again takes nothing twice, and the order is paid and told once. `npm test` takes a sample, the whole run all.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, saveCard, startWorld } from "../../testing/index.ts";

/** In `npm test` every so many of them. */
const step = stride(9);

onEachDatabase<BillingTables>("a charge, killed at any await, takes once and is told once", async ({ url }) => {
  const world = await startWorld({ url });
  const method = await saveCard(world, "user_1");
  const chargeIn = async (id: string, { hasPage, nth }: { hasPage: boolean; nth?: number }) => {
    await createOrder(world, id, { customerId: "user_1" });
    // Half of them are orders whose payment a page has had made.
    if (hasPage) await world.run(world.billing.orders.checkout(id));
    const { life, billing } = await world.mortalTwin(nth === undefined ? undefined : booted + nth);
    const before = life.points.length;
    await world.run(Promise.race([billing.orders.charge(id, { method }), life.death]));
    const count = life.points.length - before;
    if (nth === undefined) booted = before;
    life.kill();
    const { outcome } = await world.run(world.billing.orders.charge(id, { method }));
    assert.ok(outcome === "done" || outcome === "processing", `${id}: ${outcome}`);
    await world.advance(2 * minuteMs);
    const { status, amountPaid } = await world.run(world.billing.orders.get(id));
    assert.deepEqual([status, amountPaid], ["paid", 2500], id);
    const told = world.facts.filter(({ data }) => "orderId" in data && data.orderId === id);
    assert.deepEqual([...new Set(told.map((fact) => `${fact.type} ${fact.id}`))].length, 1, id);
    return count;
  };
  let booted = 0;
  for (const hasPage of [false, true]) {
    const count = await chargeIn(`order_${hasPage}`, { hasPage });
    assert.ok(count > 10, `only ${count} awaits`);
    for (let nth = 1; nth <= count; nth += step) await chargeIn(`order_${hasPage}_${nth}`, { hasPage, nth });
  }
  const { data: charges } = await world.run(world.stripe.charges.list({ limit: 100 }));
  const { data: intents } = await world.run(world.stripe.paymentIntents.list({ limit: 100 }));
  assert.equal(charges.length, Math.min(intents.length, 100), "one charge for each payment");
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(flags, []);
  await world.close();
});
