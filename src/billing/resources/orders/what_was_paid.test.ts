// What was paid is compared with what was owed, whoever changed the PaymentIntent meanwhile: the account's key is in
// other programs too, and a human has the Dashboard.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  readonly capture: "automatic" | "manual";
  /** What another program makes of the PaymentIntent before the buyer pays. */
  readonly change: { amount?: number; currency?: string; metadata?: Record<string, string> };
  readonly status: string;
  readonly facts: readonly string[];
  readonly flag?: RegExp;
}

const table: Record<string, Row> = {
  "less, and paid": {
    capture: "automatic",
    change: { amount: 100 },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /^order_mispaid order_1 1\.00 EUR came by pi_\w+, the order costs 25\.00 EUR$/,
  },
  "more, and paid": {
    capture: "automatic",
    change: { amount: 9900 },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /99\.00 EUR came/,
  },
  "another currency, and paid": {
    capture: "automatic",
    change: { currency: "usd" },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /25\.00 USD came/,
  },
  "less, and held": {
    capture: "manual",
    change: { amount: 100 },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /1\.00 EUR are held/,
  },
  "more, and held": {
    capture: "manual",
    change: { amount: 2501 },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /25\.01 EUR are held/,
  },
  "another currency, and held": {
    capture: "manual",
    change: { currency: "usd" },
    status: "mispaid",
    facts: ["order.mispaid"],
    flag: /25\.00 USD are held/,
  },
  "without its marks": {
    capture: "automatic",
    change: { metadata: { bursar_order: "", bursar_op: "", bursar_instance: "" } },
    status: "paid",
    facts: ["order.paid"],
  },
  "with another order's name": {
    capture: "automatic",
    change: { metadata: { bursar_order: "order_2" } },
    status: "paid",
    facts: ["order.paid"],
  },
};

async function flagsOf(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject, detail }) => `${kind} ${subject} ${detail}`);
}

for (const [what, row] of Object.entries(table)) {
  on(`a PaymentIntent that another program changed: ${what}`, async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    await createOrder(world, "order_1", { capture: row.capture });
    await createOrder(world, "order_2");
    await world.run(orders.checkout("order_1"));
    const { paymentIntentId } = (await world.run(orders.get("order_1"))).stripe;
    await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, row.change));
    await world.pay("order_1", "pm_card_visa");
    await world.advance(10 * secondMs);
    assert.equal((await world.run(orders.get("order_1"))).status, row.status);
    assert.equal((await world.run(orders.get("order_2"))).status, "created");
    assert.deepEqual(
      world.facts.map(({ type }) => type),
      row.facts,
    );
    const flags = await flagsOf(world);
    assert.equal(flags.length, row.flag ? 1 : 0);
    if (row.flag) assert.match(flags[0] as string, row.flag);
    await world.close();
  });
}

on("what was mispaid goes back in the currency that came, and no more of it", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, refunds } = world.billing;
  await createOrder(world, "order_1");
  await world.run(orders.checkout("order_1"));
  const { paymentIntentId } = (await world.run(orders.get("order_1"))).stripe;
  await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, { amount: 300, currency: "usd" }));
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  const order = await world.run(orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.paidCurrency], ["mispaid", 300, "usd"]);
  await assert.rejects(world.run(orders.cancel("order_1")), { code: "wrong_state", message: /was paid and cannot/ });
  await assert.rejects(world.run(orders.capture("order_1")), { code: "wrong_state" });
  const tooMuch = { id: "r_0", orderId: "order_1", amount: 301 };
  await assert.rejects(world.run(refunds.create(tooMuch)), { code: "invalid_amount", message: /3\.01 USD/ });
  const refund = await world.run(refunds.create({ id: "r_1", orderId: "order_1" }));
  assert.deepEqual([refund.outcome, refund.value.amount], ["done", { amount: 300, currency: "usd" }]);
  await world.advance(10 * secondMs);
  assert.equal((await world.run(orders.get("order_1"))).amountRefunded, 300);
  await world.close();
});

on("what is held and is not what the order costs is not captured, and is let go by a cancel", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.run(orders.checkout("order_1"));
  const { paymentIntentId } = (await world.run(orders.get("order_1"))).stripe;
  await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, { amount: 300 }));
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  await assert.rejects(world.run(orders.capture("order_1")), { code: "wrong_state", message: /cannot be captured/ });
  const canceled = await world.run(orders.cancel("order_1"));
  assert.deepEqual([canceled.outcome, canceled.value.status], ["done", "canceled"]);
  await world.close();
});

on("what is held, is not what the order costs and is captured elsewhere is told again", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.run(orders.checkout("order_1"));
  const { paymentIntentId } = (await world.run(orders.get("order_1"))).stripe;
  await world.run(world.stripe.paymentIntents.update(paymentIntentId as string, { amount: 300 }));
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  await world.run(world.stripe.paymentIntents.capture(paymentIntentId as string));
  await world.advance(10 * secondMs);
  const told = world.facts.map(({ type, data }) => ({ type, isCaptured: "isCaptured" in data && data.isCaptured }));
  assert.deepEqual(told, [
    { type: "order.mispaid", isCaptured: false },
    { type: "order.mispaid", isCaptured: true },
  ]);
  assert.equal((await world.run(orders.get("order_1"))).status, "mispaid");
  await world.close();
});

const byHand = {
  amount: 2500,
  currency: "eur",
  payment_method: "pm_card_visa",
  confirm: true,
  return_url: "http://127.0.0.1/",
} as const;

on("a PaymentIntent that names an order and was not made by its checkout pays nothing", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { orders, customers } = world.billing;
  const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1" }));
  await createOrder(world, "order_1", { customerId: "user_1" });
  await createOrder(world, "order_2", { customerId: "user_1" });
  await world.run(orders.checkout("order_2"));
  const { instance, operation } = await sql.read("marks", (reader) =>
    reader
      .selectFrom("operations")
      .select(["instance", "id as operation"])
      .where("verb", "=", "orders.checkout")
      .executeTakeFirstOrThrow(),
  );
  const marks: Record<string, string>[] = [
    {},
    { bursar_instance: instance },
    { bursar_instance: instance, bursar_op: "op_of_nobody" },
    { bursar_instance: instance, bursar_op: operation }, // that of another order's checkout
    { bursar_instance: "ins_of_another", bursar_op: operation },
  ];
  for (const mark of marks) {
    const metadata = { bursar_order: "order_1", ...mark };
    const made = { ...byHand, customer: stripeCustomerId as string, metadata };
    await world.run(world.stripe.paymentIntents.create(made));
    await world.advance(10 * secondMs);
    const order = await world.run(orders.get("order_1"));
    assert.deepEqual([order.status, order.stripe.paymentIntentId], ["created", null], JSON.stringify(mark));
  }
  assert.deepEqual(world.facts, []);
  const [flag] = await flagsOf(world);
  assert.match(flag as string, /^foreign_payment order_1 pi_\w+ \(25\.00 EUR\) names the order/);
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  assert.equal((await world.run(orders.get("order_1"))).status, "paid");
  await world.close();
});
