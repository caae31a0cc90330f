import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, startWorld } from "../testing/index.ts";

const on = onEachDatabase<BillingTables>;

on("the log says of a call what its verb is about: an order, a refund or a customer", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers, orders } = world.billing;
  await world.run(customers.ensure({ id: "user_1", email: "ada@example.com" }));
  await createOrder(world, "order_1");
  await world.run(orders.checkout("order_1"));
  const lines = world.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = lines
    .filter(({ event, method }) => event === "stripe.call" && method === "POST")
    .map(({ customerId, orderId }) => ({ customerId, orderId }));
  assert.deepEqual(said, [
    { customerId: "user_1", orderId: undefined },
    { customerId: undefined, orderId: "order_1" },
  ]);
  await world.close();
});

on("the log says once that an order was created, however often it is asked for", async ({ url }) => {
  const world = await startWorld({ url });
  for (let time = 0; time < 2; time += 1) await createOrder(world, "order_1");
  const lines = world.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const created = lines.filter(({ event }) => event === "order.created");
  assert.deepEqual(
    created.map(({ orderId, amount, customerId }) => ({ orderId, amount, customerId })),
    [{ orderId: "order_1", amount: { amount: 2_500, currency: "eur" }, customerId: null }],
  );
  await world.close();
});
