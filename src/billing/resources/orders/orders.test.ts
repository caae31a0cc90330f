import assert from "node:assert/strict";
import { dayMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

on("a card pays an order once, and it is told once", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(60_000);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.equal(order.status, "paid");
  assert.equal(order.amountPaid, 2500);
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.paid"],
  );
  await world.close();
});

on("a declined card leaves the order payable by another one", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await assert.rejects(world.pay("order_1", "pm_card_chargeDeclinedInsufficientFunds"), { code: "card_declined" });
  await world.advance(10_000);
  const declined = await world.run(world.billing.orders.get("order_1"));
  assert.equal(declined.status, "failed");
  assert.equal(declined.lastFailure?.declineCode, "insufficient_funds");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  const paid = await world.run(world.billing.orders.get("order_1"));
  assert.equal(paid.status, "paid");
  assert.equal(paid.lastFailure, null);
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.failed", "order.paid"],
  );
  await world.close();
});

on("two declines are two facts", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  for (let decline = 0; decline < 2; decline++) {
    await assert.rejects(world.pay("order_1", "pm_card_chargeDeclined"));
    await world.advance(10_000);
  }
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.failed", "order.failed"],
  );
  await world.close();
});

on("a manual capture takes a part, and the order is paid with that", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "authorized");
  const captured = await world.run(world.billing.orders.capture("order_1", { amount: 2000 }));
  assert.equal(captured.outcome, "done");
  assert.equal(captured.value.amountPaid, 2000);
  const again = await world.run(world.billing.orders.capture("order_1", { amount: 2000 }));
  assert.equal(again.outcome, "done", "the same capture is the same capture");
  await assert.rejects(world.run(world.billing.orders.capture("order_1", { amount: 100 })), { code: "conflict" });
  await world.advance(10_000);
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.authorized", "order.paid"],
  );
  await world.close();
});

on("as much as is held may be captured by its amount", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  const captured = await world.run(world.billing.orders.capture("order_1", { amount: 2500 }));
  assert.deepEqual([captured.outcome, captured.value.amountPaid], ["done", 2500]);
  await world.close();
});

on("an order is canceled before its checkout without Stripe", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  const canceled = await world.run(world.billing.orders.cancel("order_1", { reason: "changed their mind" }));
  assert.equal(canceled.outcome, "done");
  assert.equal(canceled.value.status, "canceled");
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "wrong_state" });
  await world.advance(10_000);
  assert.deepEqual(
    world.facts.map((fact) => fact.data),
    [{ orderId: "order_1", reason: "changed their mind" }],
  );
  assert.deepEqual(
    world.requests.filter((request) => request.startsWith("POST")),
    [],
  );
  await world.close();
});

on("canceling an order cancels its PaymentIntent, and a paid one refuses", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.run(world.billing.orders.checkout("order_1"));
  const canceled = await world.run(world.billing.orders.cancel("order_1"));
  assert.equal(canceled.value.status, "canceled");
  const { data } = await world.run(world.stripe.paymentIntents.list().then((list) => list));
  assert.deepEqual(
    data.map((intent) => intent.status),
    ["canceled"],
  );
  await createOrder(world, "order_2");
  await world.pay("order_2", "pm_card_visa");
  await world.advance(10_000);
  await assert.rejects(world.run(world.billing.orders.cancel("order_2")), { code: "wrong_state" });
  assert.deepEqual(
    world.facts.map((fact) => fact.type),
    ["order.canceled", "order.paid"],
  );
  await world.close();
});

on("a cancel that overtakes the answer of the checkout still cancels the payment", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents", "unheard", 3);
  const checkout = world.billing.orders.checkout("order_1").catch((error: unknown) => error);
  await world.advance(10);
  const canceled = await world.run(world.billing.orders.cancel("order_1"));
  assert.equal(canceled.outcome, "processing");
  await world.run(checkout);
  await world.advance(600_000);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "canceled");
  const { data } = await world.run(world.stripe.paymentIntents.list().then((list) => list));
  assert.deepEqual(
    data.map((intent) => intent.status),
    ["canceled"],
  );
  await world.close();
});

on("the same order twice is one, with other content it is a conflict", async ({ url }) => {
  const world = await startWorld({ url });
  const first = await createOrder(world, "order_1");
  assert.deepEqual(await createOrder(world, "order_1"), first);
  await assert.rejects(createOrder(world, "order_1", { currency: "usd" }), { code: "conflict" });
  await world.close();
});

on("amounts that Stripe would not charge are refused at the door", async ({ url }) => {
  const world = await startWorld({ url });
  const line = { description: "Tea", quantity: 1, unitAmount: 1250 };
  const wrong = [
    { ...line, unitAmount: 12.5 },
    { ...line, unitAmount: -1 },
    { ...line, unitAmount: Number.NaN },
    { ...line, unitAmount: 2 ** 53 },
    { ...line, quantity: 0 },
    { ...line, unitAmount: 1 },
  ];
  for (const bad of wrong) await assert.rejects(createOrder(world, "order_1", { lines: [bad] }), isProblem);
  await assert.rejects(createOrder(world, "order_1", { currency: "xxx" }), { code: "unknown_currency" });
  await assert.rejects(createOrder(world, "order/1"), { code: "invalid_params" });
  await assert.rejects(world.run(world.billing.orders.get("order_1")), { code: "not_found" });
  await world.close();
});

on("a double click makes one PaymentIntent", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  const clicks = [1, 2, 3, 4].map(() => world.billing.orders.checkout("order_1"));
  const answers = await world.run(Promise.all(clicks));
  assert.equal(new Set(answers.map((answer) => answer.clientSecret)).size, 1);
  const { data } = await world.run(world.stripe.paymentIntents.list().then((list) => list));
  assert.equal(data.length, 1);
  await world.close();
});

on("a payment beside the order's own is flagged, not counted", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  const paid = await world.run(world.billing.orders.get("order_1"));
  const metadata = paid.stripe.paymentIntent?.metadata;
  assert.ok(metadata);
  const second = { amount: 2500, currency: "eur", payment_method: "pm_card_visa", confirm: true, metadata };
  await world.run(
    world.stripe.paymentIntents.create({ ...second, return_url: "http://127.0.0.1/" }).then((intent) => intent),
  );
  await world.advance(10_000);
  const flags = await sql.read("flags", (reader) => reader.selectFrom("flags").select(["kind", "subject"]).execute());
  assert.ok(flags.some(({ kind, subject }) => kind === "second_payment" && subject === "order_1"));
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountPaid, 2500);
  await world.close();
});

on(
  "a cancel that is killed at any await is wished of the order and its checkout, or of neither",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    world.fail("POST /v1/payment_intents", "unheard", 1_000);
    const cancelAndDie = async (id: string, killAt?: number) => {
      await createOrder(world, id);
      await assert.rejects(world.run(world.billing.orders.checkout(id)), { code: "stripe_unreachable" });
      const { life, billing } = await world.mortalTwin(killAt);
      const before = life.points.length;
      await world.run(Promise.race([billing.orders.cancel(id), life.death]));
      const points = { before, after: life.points.length };
      life.kill();
      const [wish] = await sql.read("wish", (reader) =>
        reader
          .selectFrom("operations")
          .innerJoin("orders", "orders.id", "operations.subject")
          .select(["operations.cancel_requested as checkout", "orders.cancel_requested as order"])
          .where("orders.id", "=", id)
          .execute(),
      );
      return { points, wish };
    };
    const alive = await cancelAndDie("order_0");
    assert.deepEqual(alive.wish, { checkout: 1, order: 1 });
    const seen = new Set<string>();
    for (let point = alive.points.before + 1; point <= alive.points.after; point++) {
      const { wish } = await cancelAndDie(`order_${point}`, point);
      assert.equal(wish?.checkout, wish?.order, `killed at await ${point}`);
      seen.add(String(wish?.order));
    }
    assert.deepEqual([...seen], ["0", "1"]);
    await world.close();
  },
);

on("money that comes after a cancel goes back once, by itself", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents", "unheard", 3);
  const checkout = world.billing.orders.checkout("order_1").catch((error: unknown) => error);
  await world.advance(10);
  assert.equal((await world.run(world.billing.orders.cancel("order_1"))).outcome, "processing");
  const { data: made } = await world.run(world.stripe.paymentIntents.list().then((list) => list));
  const paid = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
  await world.run(world.stripe.paymentIntents.confirm(made[0]?.id as string, paid).then((intent) => intent));
  await world.run(checkout);
  world.setWebhooks(true);
  await world.advance(3_600_000);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.amountRefunded], ["canceled", 2500, 2500]);
  const { data: refunds } = await world.run(world.stripe.refunds.list().then((list) => list));
  assert.deepEqual(
    refunds.map(({ amount, metadata }) => [amount, metadata?.bursar_refund]),
    [[2500, "order_1:cancel"]],
  );
  assert.equal((await world.run(world.billing.refunds.get("order_1:cancel"))).status, "succeeded");
  const told = ["order.canceled", "order.paid_after_cancel", "order.refunded", "refund.succeeded"];
  assert.deepEqual(world.facts.map((fact) => fact.type).sort(), told);
  await world.close();
});

on("a capture that Stripe did not hear of for a day has expired: it is not made on the next", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { orders, operations } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const begun = await world.run(orders.capture("order_1"));
  assert.ok(begun.outcome === "processing");
  world.mend();
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("operations")
      .set((eb) => ({ created_at: eb("created_at", "-", dayMs) }))
      .execute();
  });
  await world.advance(600_000);
  assert.equal((await world.run(operations.get(begun.operationId))).state, "expired");
  assert.equal((await world.run(orders.get("order_1"))).status, "authorized");
  await assert.rejects(world.run(orders.capture("order_1")), { code: "wrong_state", message: /in time/ });
  const again = await world.run(orders.capture("order_1", { attempt: 2 }));
  assert.deepEqual([again.outcome, again.value.status], ["done", "paid"]);
  await world.close();
});
