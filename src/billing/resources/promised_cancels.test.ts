// A cancel that was answered before Stripe did: it holds, whatever the buyer does meanwhile, or it is refused.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../testing/index.ts";

const on = onEachDatabase<BillingTables>;

async function held(world: World): Promise<void> {
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
}

async function openFlags(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${subject}`);
}

on("a cancel that was answered before Stripe did holds, though the buyer pays meanwhile", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  const { clientSecret } = await world.run(orders.checkout("order_1"));
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  assert.equal((await world.run(orders.cancel("order_1", { reason: "abandoned" }))).outcome, "processing");
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "wrong_state" });
  const intent = clientSecret.split("_secret_")[0] as string;
  const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
  await world.run(world.stripe.paymentIntents.confirm(intent, card));
  await world.advance(10 * secondMs);
  world.mend();
  await world.advance(10 * minuteMs);
  const order = await world.run(orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.amountRefunded], ["canceled", 2500, 2500]);
  const told = world.facts.map(({ type }) => type).sort();
  assert.deepEqual(told, ["order.canceled", "order.paid_after_cancel", "order.refunded", "refund.succeeded"]);
  assert.deepEqual(await openFlags(world), []);
  assert.equal((await world.run(orders.cancel("order_1"))).outcome, "done");
  await world.close();
});

on("what is held is not captured while its cancel is under way", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await held(world);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  assert.equal((await world.run(orders.cancel("order_1"))).outcome, "processing");
  await assert.rejects(world.run(orders.capture("order_1")), { code: "wrong_state", message: /is being canceled/ });
  world.mend();
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(orders.get("order_1"))).status, "canceled");
  await world.close();
});

on("a cancel that comes too late, and whose caller still waits, is refused, and the order is paid", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  const { clientSecret } = await world.run(orders.checkout("order_1"));
  world.setWebhooks(false);
  const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
  await world.run(world.stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, card));
  await assert.rejects(world.run(orders.cancel("order_1")), { code: "wrong_state", message: /paid meanwhile/ });
  assert.equal((await world.run(orders.get("order_1"))).status, "paid");
  await world.advance(minuteMs);
  assert.deepEqual(
    world.facts.map(({ type }) => type),
    ["order.paid"],
  );
  await world.close();
});

on("the refund of what came after a cancel is Bursar's, and a human hears when it fails", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, refunds } = world.billing;
  await createOrder(world, "order_0");
  await world.pay("order_0", "pm_card_visa");
  await createOrder(world, "order_1");
  const { clientSecret } = await world.run(orders.checkout("order_1"));
  await world.advance(10 * secondMs);
  const taken = { id: "order_1:cancel", orderId: "order_0", amount: 100 };
  await assert.rejects(world.run(refunds.create(taken)), { code: "invalid_params" });
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  await world.run(orders.cancel("order_1"));
  const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
  await world.run(world.stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, card));
  world.mend();
  world.fail("POST /v1/refunds", 400);
  await world.advance(10 * minuteMs);
  assert.deepEqual(await openFlags(world), ["cancel_refund_failed order_1"]);
  const own = await world.run(refunds.create({ id: "r_1", orderId: "order_1" }));
  assert.deepEqual([own.outcome, own.value.amount.amount], ["done", 2500]);
  await world.close();
});
