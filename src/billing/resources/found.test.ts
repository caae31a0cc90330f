// Who looks for an order, a refund or a customer has a status, an amount, an address or an id of Stripe's at hand, and
// finds what it belongs to and nothing beside it.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../testing/index.ts";

const on = onEachDatabase<BillingTables>;

interface Found {
  readonly data: readonly { readonly id: string }[];
}

interface Objects {
  readonly payment: string;
  readonly charge: string;
  readonly refund: string;
  readonly customer: string;
}

/** Two users with an order each, both paid and partly refunded, and an order of nobody that is not paid. */
async function sell(world: World): Promise<Objects> {
  const { customers, orders, refunds } = world.billing;
  for (const n of [1, 2]) {
    const unitAmount = n * 1000;
    await world.run(customers.ensure({ id: `user_${n}`, email: `User_${n}@example.test` }));
    const lines = [{ description: "Tea", quantity: 1, unitAmount }];
    await createOrder(world, `order_${n}`, { customerId: `user_${n}`, currency: n === 1 ? "eur" : "gbp", lines });
    await world.pay(`order_${n}`, "pm_card_visa");
    await world.advance(10 * secondMs);
    await world.run(refunds.create({ id: `r_${n}`, orderId: `order_${n}`, amount: n * 100 }));
    await world.advance(10 * secondMs);
  }
  await createOrder(world, "order_3");
  const payment = (await world.run(orders.get("order_1"))).stripe.paymentIntentId as string;
  const { latest_charge } = await world.run(world.stripe.paymentIntents.retrieve(payment));
  const refund = (await world.run(refunds.get("r_1"))).stripe.refundId as string;
  const customer = (await world.run(customers.get("user_1"))).stripeCustomerId as string;
  return { payment, charge: latest_charge as string, refund, customer };
}

on("what is looked for is found, and nothing beside it", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers, orders, refunds } = world.billing;
  const { payment, charge, refund, customer } = await sell(world);
  const row = async <Given>(list: (given: Given) => Promise<Found>, given: Given, ...ids: string[]) => {
    const { data } = await world.run(list(given));
    assert.deepEqual(
      data.map(({ id }) => id),
      ids,
      JSON.stringify(given),
    );
  };
  await row(orders.list, {}, "order_3", "order_2", "order_1");
  await row(orders.list, { status: "created" }, "order_3");
  await row(orders.list, { customerId: "user_1" }, "order_1");
  await row(orders.list, { email: "user_1@EXAMPLE.test" }, "order_1");
  await row(orders.list, { email: "user_1@EXAMPLE.test", status: "created" });
  await row(orders.list, { amount: 2000 }, "order_2");
  await row(orders.list, { currency: "GBP" }, "order_2");
  for (const stripeId of [payment, charge, refund, customer]) await row(orders.list, { stripeId }, "order_1");
  await row(orders.list, { stripeId: "pi_none" });
  await row(refunds.list, {}, "r_2", "r_1");
  await row(refunds.list, { orderId: "order_1" }, "r_1");
  await row(refunds.list, { stripeId: refund }, "r_1");
  await row(refunds.list, { amount: 200 }, "r_2");
  await row(refunds.list, { status: "failed" });
  await row(customers.list, { email: "USER_1@example.test" }, "user_1");
  await row(customers.list, { stripeId: customer }, "user_1");
  await world.close();
});
