// A cancel that meets an order which something else has ended meanwhile, and what a cancel leaves behind.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createReacting } from "../../kernel/changes/react.ts";
import type { OperationView } from "../../kernel/contract/verb.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { openBooks } from "../../testing/core.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { cancel } from "./cancel.ts";

const on = onEachDatabase<BillingTables>;
const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };

/** An order whose page is open; the id of its PaymentIntent. */
async function checkedOut(world: World, id = "order_1"): Promise<string> {
  await createOrder(world, id);
  const { clientSecret } = await world.run(world.billing.orders.checkout(id));
  await world.advance(10 * secondMs);
  return clientSecret.split("_secret_")[0] as string;
}

/** What was told, with the reason. */
function told({ facts }: World): string[] {
  return facts.map(({ type, data }) => ("reason" in data ? `${type} ${data.reason}` : type));
}

async function openFlags(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind }) => kind);
}

on("a cancel of what was canceled at Stripe, and not heard of, is done", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await checkedOut(world);
  world.setWebhooks(false);
  await world.run(world.stripe.paymentIntents.cancel(payment, { cancellation_reason: "fraudulent" }));
  const canceled = await world.run(world.billing.orders.cancel("order_1", { reason: "changed their mind" }));
  assert.deepEqual([canceled.outcome, canceled.value.status], ["done", "canceled"]);
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["order.canceled fraudulent"], "it was not this cancel that ended it");
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("a cancel that Stripe refuses for another reason is refused, and the order stays as it was", async ({ url }) => {
  const world = await startWorld({ url });
  await checkedOut(world);
  world.fail("POST /v1/payment_intents/", 400);
  await assert.rejects(world.run(world.billing.orders.cancel("order_1")), { code: "stripe_refused" });
  await world.advance(minuteMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).status, "created");
  const again = await world.run(world.billing.orders.cancel("order_1", { attempt: 2 }));
  assert.deepEqual([again.outcome, again.value.status], ["done", "canceled"]);
  await world.close();
});

on("a cancel for which Stripe is silent while the buyer pays is refused, and the order is paid", async ({ url }) => {
  const world = await startWorld({ url });
  const payment = await checkedOut(world);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const canceled = world.billing.orders.cancel("order_1");
  await world.advance(10);
  await world.run(world.stripe.paymentIntents.confirm(payment, card));
  await assert.rejects(world.run(canceled), { code: "wrong_state", message: /paid meanwhile/ });
  world.mend();
  await world.advance(10 * minuteMs);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.amountRefunded], ["paid", 2500, 0]);
  assert.deepEqual([told(world), await openFlags(world)], [["order.paid"], []]);
  world.requests.length = 0;
  const again = world.run(world.billing.orders.cancel("order_1"));
  await assert.rejects(again, { code: "wrong_state", message: /was paid and/ });
  assert.deepEqual(world.requests, [], "of what is known to be paid Stripe is not asked");
  await world.close();
});

on(
  "a cancel for which Stripe is silent while somebody else cancels is done, for the other's reason",
  async ({ url }) => {
    const world = await startWorld({ url });
    const payment = await checkedOut(world);
    world.fail("POST /v1/payment_intents/", "lost", 1_000);
    const canceled = world.billing.orders.cancel("order_1", { reason: "changed their mind" });
    await world.advance(10);
    await world.run(world.stripe.paymentIntents.cancel(payment, { cancellation_reason: "abandoned" }));
    const { outcome, value } = await world.run(canceled);
    assert.deepEqual([outcome, value.status], ["done", "canceled"]);
    world.mend();
    await world.advance(10 * minuteMs);
    assert.deepEqual([told(world), await openFlags(world)], [["order.canceled abandoned"], []]);
    await world.close();
  },
);

on("who asks again while a cancel is under way hears of its end", async ({ url }) => {
  const world = await startWorld({ url });
  await checkedOut(world);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const first = world.billing.orders.cancel("order_1");
  await world.advance(8 * secondMs);
  const second = world.billing.orders.cancel("order_1");
  await world.advance(3 * secondMs);
  world.mend();
  assert.equal((await world.run(first)).outcome, "processing");
  const { outcome, value } = await world.run(second);
  assert.deepEqual([outcome, value.status], ["done", "canceled"]);
  await world.close();
});

/** A cancel that was answered `processing`: Stripe has not heard of it, and nobody works. Answers its PaymentIntent. */
async function cancelWished(world: World): Promise<string> {
  const payment = await checkedOut(world);
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  assert.equal((await world.run(world.billing.orders.cancel("order_1"))).outcome, "processing");
  world.mend();
  return payment;
}

on("while a cancel is wished its order is not for paying any more, and every other one is", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { orders } = world.billing;
  await checkedOut(world, "order_2");
  await cancelWished(world);
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "wrong_state" });
  assert.match((await world.run(orders.checkout("order_2"))).clientSecret, /^pi_/);
  await world.close();
});

on("a cancel that was answered processing is done when somebody else has canceled meanwhile", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const payment = await cancelWished(world);
  await world.run(world.stripe.paymentIntents.cancel(payment));
  const { outcome, value } = await world.run(world.billing.orders.cancel("order_1"));
  assert.deepEqual([outcome, value.status], ["done", "canceled"]);
  await world.close();
});

on("a cancel that was answered processing sends back what came meanwhile", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const payment = await cancelWished(world);
  await world.run(world.stripe.paymentIntents.confirm(payment, card));
  const { value } = await world.run(world.billing.orders.cancel("order_1"));
  assert.deepEqual([value.status, value.amountPaid], ["canceled", 2500], "and goes back");
  await world.run(world.billing.drain());
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 2500);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("a cancel that was answered processing, and that Stripe then refuses, is a human's", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await cancelWished(world);
  world.fail("POST /v1/payment_intents/", 400);
  await assert.rejects(world.run(world.billing.orders.cancel("order_1")), { code: "stripe_refused" });
  assert.deepEqual(await openFlags(world), ["operation_not_done"]);
  await world.close();
});

on("a cancel that Stripe takes is one request", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const payment = await checkedOut(world);
  world.requests.length = 0;
  await world.run(world.billing.orders.cancel("order_1"));
  assert.deepEqual(
    world.requests.filter((line) => line.includes(payment)),
    [`POST /v1/payment_intents/${payment}/cancel`],
  );
  await world.close();
});

const over = {
  "was canceled for one reason was not canceled for that": { status: "canceled", canceled_reason: "abandoned" },
  "was paid is not to be canceled by the wish": {
    status: "paid",
    canceled_reason: null,
    amount_paid: 2_500,
    paid_currency: "eur",
  },
} as const;
for (const [says, row] of Object.entries(over)) {
  on(`an order that ${says} of who comes later`, async (database) => {
    const { world, sql, core } = await openBooks(database, { ...row, payment_intent: "pi_1" });
    const wish = { subject: "order_1", params: { paymentIntentId: "pi_1", reason: null } } as OperationView<never>;
    await sql.write("promised", (tx) => cancel.promised?.(createReacting(core.kernel, tx, 0), wish) ?? assert.fail());
    const [stored] = await sql.read("stored", (reader) =>
      reader.selectFrom("orders").selectAll().where("id", "=", "order_1").execute(),
    );
    assert.deepEqual([stored?.canceled_reason, stored?.cancel_requested], [row.canceled_reason, 0]);
    await world.close();
  });
}

on("the reason of a cancel is told, and is Stripe's too where it is one of Stripe's", async ({ url }) => {
  const world = await startWorld({ url });
  const reasons = { "changed their mind": null, requested_by_customer: "requested_by_customer" };
  await checkedOut(world, "order_of_another");
  for (const [reason, atStripe] of Object.entries(reasons)) {
    const payment = await checkedOut(world, `order_${reason.length}`);
    await world.run(world.billing.orders.cancel(`order_${reason.length}`, { reason }));
    assert.equal((await world.run(world.stripe.paymentIntents.retrieve(payment))).cancellation_reason, atStripe);
  }
  await world.run(world.billing.orders.cancel("order_of_another"));
  await world.advance(10 * secondMs);
  assert.deepEqual(told(world).sort(), [
    "order.canceled changed their mind",
    "order.canceled null",
    "order.canceled requested_by_customer",
  ]);
  await world.close();
});

on("an order that is canceled before its checkout is the only one, and stays what it is", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  await createOrder(world, "order_2");
  for (const reason of ["changed their mind", "another reason"]) {
    assert.equal((await world.run(orders.cancel("order_1", { reason }))).outcome, "done");
  }
  await world.advance(10 * secondMs);
  assert.deepEqual(told(world), ["order.canceled changed their mind"]);
  assert.equal((await world.run(orders.get("order_2"))).status, "created");
  assert.match((await world.run(orders.checkout("order_2"))).clientSecret, /^pi_/);
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "wrong_state" });
  await assert.rejects(world.run(orders.capture("order_1")), { code: "wrong_state", message: /is canceled/ });
  await assert.rejects(world.run(orders.capture("order_2")), { code: "wrong_state" });
  await world.close();
});
