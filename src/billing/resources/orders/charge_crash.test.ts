// A process that is killed while it charges an order, at each of its awaits: another one goes on, the same command
// given again takes nothing twice, and the order is paid and told once.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, saveCard, startWorld } from "../../testing/index.ts";
import { killAtEachAwait } from "../../testing/killed.ts";

onEachDatabase<BillingTables>("a charge, killed at any await, takes once and is told once", async ({ url }) => {
  const world = await startWorld({ url });
  const method = await saveCard(world, "user_1");
  // Half of them are orders whose payment a page has had made.
  for (const hasPage of [false, true]) {
    const orderOf = (name: string) => `${name}_${hasPage}`;
    await killAtEachAwait(world, {
      oneIn: 9,
      async prepare(name) {
        const { id } = await createOrder(world, orderOf(name), { customerId: "user_1" });
        if (hasPage) await world.run(world.billing.orders.checkout(id));
        return (billing) => billing.orders.charge(id, { method });
      },
      async verify(name, { outcome }) {
        const id = orderOf(name);
        assert.ok(outcome === "done" || outcome === "processing", `${id}: ${outcome}`);
        const { status, amountPaid } = await world.run(world.billing.orders.get(id));
        assert.deepEqual([status, amountPaid], ["paid", 2500], id);
        const told = world.facts.filter(({ data }) => "orderId" in data && data.orderId === id);
        assert.equal(new Set(told.map((fact) => `${fact.type} ${fact.id}`)).size, 1, id);
      },
    });
  }
  const { data: charges } = await world.run(world.stripe.charges.list({ limit: 100 }));
  const { data: intents } = await world.run(world.stripe.paymentIntents.list({ limit: 100 }));
  assert.equal(charges.length, Math.min(intents.length, 100), "one charge for each payment");
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(flags, []);
  await world.close();
});
