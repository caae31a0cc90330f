// Where a small mistake costs money: each of these fails when one line of a money path is taken out or turned around.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, leaveCatchUp, startWorld, type World } from "../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };

async function paidOrder(world: World, id: string): Promise<string> {
  await createOrder(world, id);
  await world.pay(id, "pm_card_visa");
  await world.advance(10 * secondMs);
  return (await world.run(world.billing.orders.get(id))).stripe.paymentIntentId as string;
}

async function flagsOf(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${subject}`);
}

on("an answer that Stripe replays is a picture of then: a payment made meanwhile is not lost", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents", "unheard");
  world.fail("POST /v1/payment_intents", "lost", 5); // The replay comes long after the payment.
  const checkout = world.billing.orders.checkout("order_1");
  await world.advance(10);
  const [made] = (await world.run(world.stripe.paymentIntents.list())).data;
  await world.run(world.stripe.paymentIntents.confirm(made?.id as string, card));
  world.fail("GET /v1/payment_intents", "lost", 3);
  await world.run(checkout.catch(() => undefined));
  world.setWebhooks(true);
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "paid");
  assert.equal((await world.run(world.stripe.paymentIntents.list())).data.length, 1);
  await world.close();
});

on("a look that is owed while an older one is on its way is made all the same", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await leaveCatchUp(sql); // Nothing else tells what the look would have seen.
  const { orders, drain } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.run(drain());
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents/", 400);
  await assert.rejects(world.run(orders.capture("order_1")), { code: "stripe_refused" });
  world.fail("GET /v1/payment_intents/", "slow");
  const looking = drain();
  await world.advance(10);
  world.fail("POST /v1/payment_intents/", "unheard");
  world.fail("GET /v1/payment_intents/", "lost", 100);
  assert.equal((await world.run(orders.capture("order_1", { attempt: 2 }))).outcome, "processing");
  world.mend();
  await world.run(looking);
  await world.run(drain());
  assert.equal((await world.run(orders.get("order_1"))).status, "paid");
  await world.close();
});

on("a cancel that is wished while a capture is in the air ends with nobody charged", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents/", "unheard", 1_000);
  const captured = world.billing.orders.capture("order_1");
  await world.advance(10);
  const canceled = world.billing.orders.cancel("order_1");
  assert.deepEqual(
    [(await world.run(captured)).outcome, (await world.run(canceled)).outcome],
    ["processing", "processing"],
  );
  world.mend();
  world.setWebhooks(true);
  await world.advance(20 * minuteMs);
  const order = await world.run(orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.amountRefunded], ["canceled", 2500, 2500]);
  assert.ok(!world.facts.some(({ type }) => type === "order.paid"));
  await world.close();
});

on("a checkout is refused while a cancel of the order is wished, by whoever asks again", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "lost", 1_000);
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "stripe_unreachable" });
  assert.equal((await world.run(orders.cancel("order_1"))).outcome, "processing");
  for (const attempt of [undefined, 1, 2]) {
    await assert.rejects(world.run(orders.checkout("order_1", { attempt })), { code: "wrong_state" });
  }
  world.mend();
  await world.advance(20 * minuteMs);
  assert.equal((await world.run(orders.get("order_1"))).status, "canceled");
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "wrong_state" });
  await world.close();
});

on("more than is held is not captured, nor what the currency has no coins for", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const lines = [{ description: "Tea", quantity: 1, unitAmount: 35_200 }];
  await createOrder(world, "order_1", { capture: "manual", currency: "kwd", lines });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  for (const amount of [35_201, 35_210, 35_195, 5, 0, -10, 1.5, Number.NaN]) {
    await assert.rejects(world.run(orders.capture("order_1", { amount })), { code: "invalid_amount" }, String(amount));
  }
  assert.equal((await world.run(orders.get("order_1"))).status, "authorized");
  const captured = await world.run(orders.capture("order_1", { amount: 35_190 }));
  assert.deepEqual([captured.outcome, captured.value.amountPaid], ["done", 35_190]);
  const refund = { id: "r_1", orderId: "order_1" };
  for (const amount of [5, 35_191, 35_200, 0]) {
    await assert.rejects(world.run(world.billing.refunds.create({ ...refund, amount })), { code: "invalid_amount" });
  }
  assert.equal((await world.run(world.billing.refunds.create({ ...refund, amount: 10 }))).outcome, "done");
  await world.close();
});

on("a refund that came back does not count, neither as sent nor against what may be sent", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, refunds } = world.billing;
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_refundFail");
  await world.advance(10 * secondMs);
  await world.run(refunds.create({ id: "r_1", orderId: "order_1", amount: 2500 }));
  await world.advance(10 * secondMs);
  await assert.rejects(world.run(refunds.create({ id: "r_2", orderId: "order_1", amount: 1 })), {
    code: "invalid_amount",
  });
  await world.advance(10 * 24 * 60 * minuteMs);
  assert.equal((await world.run(refunds.get("r_1"))).status, "failed");
  assert.equal((await world.run(orders.get("order_1"))).amountRefunded, 0);
  const again = await world.run(refunds.create({ id: "r_3", orderId: "order_1", amount: 2500 }));
  assert.equal(again.value.amount.amount, 2500);
  await world.close();
});

on("when more went back than came, a human hears of it", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const payment = await paidOrder(world, "order_1");
  await sql.write("less", async (tx) => {
    await tx.updateTable("orders").set({ amount_paid: 2000 }).where("id", "=", "order_1").execute();
  });
  await world.run(world.stripe.refunds.create({ payment_intent: payment, amount: 2000 }));
  await world.advance(10 * secondMs);
  assert.deepEqual(await flagsOf(world), [], "all of it is not too much");
  await world.run(world.stripe.refunds.create({ payment_intent: payment, amount: 100 }));
  await world.advance(10 * secondMs);
  assert.deepEqual(await flagsOf(world), ["refunded_too_much order_1"]);
  await world.close();
});

on("the id of a refund that was made in the Dashboard is nobody's to give", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await paidOrder(world, "order_1");
  const foreign = await world.run(world.stripe.refunds.create({ payment_intent: payment, amount: 500 }));
  await world.advance(10 * secondMs);
  const wish = { id: foreign.id, orderId: "order_1", amount: 500 };
  await assert.rejects(world.run(world.billing.refunds.create(wish)), { code: "conflict", message: /made at Stripe/ });
  assert.equal((await world.run(world.stripe.refunds.list())).data.length, 1);
  await world.close();
});

on("what is final stays final, whatever a payload says", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await paidOrder(world, "order_1");
  await world.advance(minuteMs);
  const object = await world.run(world.stripe.paymentIntents.retrieve(payment));
  for (const status of ["requires_payment_method", "processing", "requires_capture", "canceled"]) {
    const created = Math.floor(world.ports.clock.now() / secondMs);
    const about = { object: "event", livemode: false, api_version: "2026-10-28.endive", created };
    const changed = { ...object, status, amount_received: 0 };
    const event = { ...about, id: `evt_${status}`, type: "payment_intent.processing", data: { object: changed } };
    assert.equal(await world.deliver(event), 200);
    await world.advance(5 * minuteMs);
    const order = await world.run(world.billing.orders.get("order_1"));
    assert.deepEqual([order.status, order.amountPaid], ["paid", 2500], status);
  }
  assert.deepEqual(
    world.facts.map(({ type }) => type),
    ["order.paid"],
  );
  await world.close();
});

on("an event that could not be stored is not acknowledged", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await paidOrder(world, "order_1");
  const object = await world.run(world.stripe.paymentIntents.retrieve(payment));
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const about = { id: "evt_1", object: "event", livemode: false, api_version: "2026-10-28.endive", created };
  await world.run(world.billing.close());
  const status = await world.deliver({ ...about, type: "payment_intent.succeeded", data: { object } });
  assert.ok(status >= 500, `answered ${status}`);
  await world.close();
});
