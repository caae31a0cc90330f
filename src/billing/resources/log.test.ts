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
