import assert from "node:assert/strict";
import { dayMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

async function paidOrder(world: World, id = "order_1"): Promise<void> {
  await createOrder(world, id);
  await world.pay(id, "pm_card_visa");
  await world.advance(10_000);
}

async function refundedAtStripe(world: World): Promise<number> {
  const { data } = await world.run(world.stripe.refunds.list({ limit: 100 }).then((list) => list));
  return data.reduce((sum, refund) => sum + refund.amount, 0);
}

on("a part goes back, then the rest, and not a cent more", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  const part = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 1000 }));
  assert.equal(part.outcome, "done");
  assert.equal(part.value.status, "succeeded");
  const tooMuch = world.billing.refunds.create({ id: "r_2", orderId: "order_1", amount: 1501 });
  await assert.rejects(world.run(tooMuch), { code: "invalid_amount" });
  const rest = await world.run(world.billing.refunds.create({ id: "r_3", orderId: "order_1" }));
  assert.equal(rest.value.amount.amount, 1500);
  await world.advance(10_000);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 2500);
  assert.equal(await refundedAtStripe(world), 2500);
  assert.deepEqual(world.facts.map((fact) => fact.type).sort(), [
    "order.paid",
    "order.refunded",
    "order.refunded",
    "refund.succeeded",
    "refund.succeeded",
  ]);
  await world.close();
});

on("one refund id is one refund; with another amount it is a conflict", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  const input = { id: "r_1", orderId: "order_1", amount: 500 };
  const twice = await world.run(
    Promise.all([world.billing.refunds.create(input), world.billing.refunds.create(input)]),
  );
  assert.equal(twice[0].value.stripe.refundId, twice[1].value.stripe.refundId);
  await assert.rejects(world.run(world.billing.refunds.create({ ...input, amount: 501 })), { code: "conflict" });
  const two = await world.run(world.billing.refunds.create({ ...input, id: "r_2" }));
  assert.equal(two.outcome, "done", "two refunds of 5 € are legal");
  assert.equal(await refundedAtStripe(world), 1000);
  await world.close();
});

on("many refunds at once never give back more than was paid", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  const wishes = [1, 2, 3, 4, 5].map((n) =>
    world.billing.refunds.create({ id: `r_${n}`, orderId: "order_1", amount: 900 }).then(
      () => "done",
      (error: { code: string }) => error.code,
    ),
  );
  const ends = await world.run(Promise.all(wishes));
  assert.deepEqual(ends.sort(), ["done", "done", "invalid_amount", "invalid_amount", "invalid_amount"]);
  assert.equal(await refundedAtStripe(world), 1800);
  await world.close();
});

on("two processes on one database make one payment and never refund too much", async ({ url }) => {
  const world = await startWorld({ url });
  const twin = await world.twin();
  await createOrder(world, "order_1");
  const both = [world.billing, twin];
  const checkouts = await world.run(Promise.all(both.map((billing) => billing.orders.checkout("order_1"))));
  assert.equal(checkouts[0]?.clientSecret, checkouts[1]?.clientSecret);
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  const wishes = [1, 2, 3, 4].map((n) =>
    (both[n % 2] ?? twin).refunds.create({ id: `r_${n}`, orderId: "order_1", amount: 1200 }).then(
      () => "done",
      (error: { code: string }) => error.code,
    ),
  );
  const ends = await world.run(Promise.all(wishes));
  assert.deepEqual(ends.sort(), ["done", "done", "invalid_amount", "invalid_amount"]);
  assert.equal(await refundedAtStripe(world), 2400);
  const same = both.map((billing) => billing.refunds.create({ id: "r_5", orderId: "order_1", amount: 100 }));
  const [one, two] = await world.run(Promise.all(same));
  assert.equal(one?.value.stripe.refundId, two?.value.stripe.refundId);
  await world.close();
});

on("a refund whose answer was lost is made once", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  world.fail("POST /v1/refunds", "unheard", 2);
  await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 700 }));
  await world.advance(60_000);
  assert.equal(await refundedAtStripe(world), 700);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 700);
  await world.close();
});

on("a refund that Stripe refuses gives its reservation back, and is told to nobody but its caller", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds } = world.billing;
  await paidOrder(world);
  await world.run(refunds.create({ id: "r_0", orderId: "order_1", amount: 100 }));
  world.fail("POST /v1/refunds", 400);
  await assert.rejects(world.run(refunds.create({ id: "r_1", orderId: "order_1" })), { code: "stripe_refused" });
  assert.equal((await world.run(refunds.get("r_0"))).status, "succeeded", "the one beside it stands");
  assert.equal((await world.run(refunds.get("r_1"))).status, "failed");
  const again = await world.run(refunds.create({ id: "r_1", orderId: "order_1", attempt: 2 }));
  assert.deepEqual([again.outcome, again.value.amount.amount], ["done", 2400]);
  await world.advance(10_000);
  assert.ok(!world.facts.some(({ type }) => type === "refund.failed"));
  await world.close();
});

on("a refund that the bank declines is answered in its words", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  world.fail("POST /v1/refunds", 402);
  const refused = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1" }));
  assert.deepEqual([refused.outcome, refused.value.status], ["declined", "failed"]);
  assert.ok("message" in refused && !/came back/.test(refused.message), "nothing was sent, so nothing came back");
  await world.close();
});

on("a refund that waits for its receiver is under way", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  const wish = { id: "r_1", orderId: "order_1", amount: 100 };
  await world.run(world.billing.refunds.create(wish));
  await sql.write("waits", async (tx) => {
    await tx.updateTable("refunds").set({ status: "requires_action" }).execute();
  });
  assert.equal((await world.run(world.billing.refunds.create(wish))).outcome, "processing");
  await world.close();
});

on("which refund at Stripe it is, is known from Stripe's answer on", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  await world.run(world.billing.refunds.create({ id: "r_0", orderId: "order_1", amount: 100 }));
  world.setWebhooks(false);
  world.fail("POST /v1/refunds", "unheard"); // its answer is then a replayed one, of which only the id is believed
  world.fail("GET /v1/refunds", "lost", 100);
  const refund = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1" }));
  const [made] = (await world.run(world.stripe.refunds.list())).data;
  assert.deepEqual([refund.outcome, refund.value.stripe.refundId], ["processing", made?.id]);
  await world.close();
});

on("a refund with copied marks that is seen before the answer to ours is not lost, nor is ours", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds } = world.billing;
  await paidOrder(world);
  world.setWebhooks(false);
  world.fail("POST /v1/refunds", "unheard");
  const wish = refunds.create({ id: "r_1", orderId: "order_1", amount: 1000 });
  await world.advance(10);
  const [own] = (await world.run(world.stripe.refunds.list())).data;
  const { metadata, payment_intent } = own as { metadata: Record<string, string>; payment_intent: string };
  const twin = await world.run(world.stripe.refunds.create({ payment_intent, amount: 1000, metadata }));
  const events = (await world.run(world.stripe.events.list({ type: "refund.created" }))).data;
  const eventOf = (id: string | undefined) => events.find((event) => (event.data.object as { id: string }).id === id);
  assert.equal(await world.deliver(eventOf(twin.id)), 200);
  await world.advance(200);
  assert.equal(await world.deliver(eventOf(own?.id)), 200);
  await world.run(wish);
  await world.advance(60_000);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 2000, "both went back");
  const { data } = await world.run(refunds.list());
  assert.deepEqual(data.map(({ id, stripe }) => [id, stripe.refundId]).sort(), [
    ["r_1", twin.id],
    [own?.id, own?.id],
  ]);
  const tooMuch = refunds.create({ id: "r_2", orderId: "order_1", amount: 501 });
  await assert.rejects(world.run(tooMuch), { code: "invalid_amount" });
  await world.close();
});

on("a refund made in the Dashboard is foreign and counts, and its id is nobody's to give", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await paidOrder(world);
  const { stripe } = await world.run(world.billing.orders.get("order_1"));
  const payment_intent = stripe.paymentIntentId as string;
  const { id } = await world.run(world.stripe.refunds.create({ payment_intent, amount: 2000 }));
  await world.advance(10_000);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 2000);
  const rows = await sql.read("refunds", (reader) => reader.selectFrom("refunds").select("foreign_made").execute());
  assert.deepEqual(rows, [{ foreign_made: 1 }]);
  const tooMuch = world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 501 });
  await assert.rejects(world.run(tooMuch), { code: "invalid_amount" });
  await assert.rejects(world.run(world.billing.refunds.create({ id, orderId: "order_1", amount: 500 })), {
    code: "conflict",
    message: `${id} is a refund that was made at Stripe`,
  });
  await world.close();
});

on("only a paid order is refunded, only one that exists, and only for one of Stripe's reasons", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds } = world.billing;
  const refused = async (more: object, expected: object) => {
    const input = { id: "r_1", orderId: "order_1", amount: 1, ...more };
    await assert.rejects(world.run(refunds.create(input)), expected);
  };
  await createOrder(world, "order_1");
  await refused({}, { code: "wrong_state", hint: /settled/ });
  await refused({ orderId: "nobody" }, { code: "not_found" });
  await refused({ reason: "because" }, { code: "invalid_params", message: /duplicate, fraudulent/ });
  await refused({ id: "r_1:cancel" }, { code: "invalid_params", message: /by itself/ });
  await createOrder(world, "order_2", { capture: "manual" });
  await world.pay("order_2", "pm_card_visa");
  await world.advance(10_000);
  await refused({ orderId: "order_2" }, { code: "wrong_state", hint: /Nothing was captured/ });
  await createOrder(world, "order_3", { capture: "manual" });
  await world.run(world.billing.orders.checkout("order_3"));
  const { paymentIntentId } = (await world.run(world.billing.orders.get("order_3"))).stripe;
  await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, { amount: 300 }));
  await world.pay("order_3", "pm_card_visa");
  await world.advance(10_000);
  await refused({ orderId: "order_3" }, { code: "wrong_state", hint: /Nothing was captured/ });
  await world.close();
});

on("of two orders the one that is named is refunded, and of nothing that is left nothing", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await paidOrder(world, "order_2");
  const reason = "duplicate";
  const cent = await world.run(world.billing.refunds.create({ id: "r_0", orderId: "order_2", amount: 1 }));
  assert.equal(cent.outcome, "done");
  const { outcome, value } = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_2", reason }));
  assert.deepEqual([outcome, value.orderId, value.reason, value.amount.amount], ["done", "order_2", reason, 2499]);
  const made = (await world.run(world.stripe.refunds.list())).data.toReversed();
  assert.deepEqual(
    made.map((refund) => refund.reason),
    [null, reason],
    "Stripe knows the reason",
  );
  const repeated = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_2", reason }));
  assert.deepEqual(repeated.value, value, "given again it means the same amount, though nothing is left");
  const again = world.billing.refunds.create({ id: "r_2", orderId: "order_2" });
  await assert.rejects(world.run(again), { code: "invalid_amount", message: /nothing is left/ });
  await world.close();
});

on(
  "a refund is done when the bank has the money, under way before, and declined when it came back",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { refunds } = world.billing;
    await createOrder(world, "order_1");
    await world.pay("order_1", "pm_card_pendingRefund");
    await createOrder(world, "order_2");
    await world.pay("order_2", "pm_card_refundFail");
    await world.advance(10_000);
    const slow = { id: "r_1", orderId: "order_1", amount: 500 };
    const failing = { id: "r_2", orderId: "order_2", amount: 500 };
    const first = await world.run(refunds.create(slow));
    assert.deepEqual([first.outcome, first.value.status], ["processing", "pending"]);
    assert.equal((await world.run(refunds.create(failing))).outcome, "done");
    await world.advance(10 * dayMs);
    const after = await world.run(refunds.create(slow));
    assert.deepEqual([after.outcome, after.value.status], ["done", "succeeded"]);
    const back = await world.run(refunds.create(failing));
    assert.ok(back.outcome === "declined");
    assert.deepEqual([back.value.status, back.reason], ["failed", "expired_or_canceled_card"]);
    assert.match(back.message, /came back/);
    await world.close();
  },
);
