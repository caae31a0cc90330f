import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestbed } from "bursar/testing";
import { dayMs, minuteMs } from "#kit/clock.ts";

const tea = (id: string) => ({ id, currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 900 }] });

test("a handler may want several types of fact under one id, and each but once", async () => {
  const told: string[] = [];
  const testbed = await createTestbed({
    seed: 1,
    handlers: (billing) => {
      billing.on("order.paid", (fact) => void told.push(`paid ${fact.data.orderId}`), { id: "shop" });
      billing.on("order.canceled", (fact) => void told.push(`canceled ${fact.data.orderId}`), { id: "shop" });
      assert.throws(() => billing.on("order.paid", () => {}, { id: "shop" }), /wants order.paid twice/);
    },
  });
  await testbed.billing.orders.create(tea("order_1"));
  await testbed.billing.orders.create(tea("order_2"));
  const { data } = await testbed.billing.orders.list();
  assert.equal(data.length, 2);
  await testbed.billing.orders.cancel("order_1");
  await testbed.billing.orders.checkout("order_2");
  const { stripe } = await testbed.billing.orders.get("order_2");
  await testbed.stripe.paymentIntents.confirm(stripe.paymentIntentId as string, {
    payment_method: "pm_card_visa",
    return_url: "https://example.com",
  });
  await testbed.advance("10 seconds");
  assert.deepEqual(told, ["canceled order_1", "paid order_2"]);
  await testbed.close();
});

test("a killed billing is started again by the next call, on the same database", async () => {
  const testbed = await createTestbed({ seed: 2 });
  await testbed.billing.orders.create(tea("order_1"));
  testbed.kill();
  const order = await testbed.billing.orders.get("order_1");
  assert.equal(order.status, "created");
  assert.equal(testbed.incarnation, 2);
  await testbed.close();
});

test("an unplugged sender reaches nobody", async () => {
  const testbed = await createTestbed({ seed: 3 });
  testbed.plug("shop", false);
  await assert.rejects(testbed.stripe.customers.create({}), { type: "StripeConnectionError" });
  testbed.plug("shop", true);
  assert.match((await testbed.stripe.customers.create({})).id, /^cus_/);
  await testbed.close();
});

test("time without anything due costs nothing: a month as much as an hour, in transactions and in calls", async () => {
  const testbed = await createTestbed({ seed: 4 });
  await testbed.billing.orders.create(tea("order_1"));
  await testbed.advance("1 hour");
  const cost = async (duration: "1 hour" | "31 days") => {
    const before = testbed.points.length;
    await testbed.advance(duration);
    const points = testbed.points.slice(before);
    const transactions = points.filter((point) => point.endsWith("(committed)")).length;
    return { transactions, calls: points.filter((point) => point.startsWith("GET ")).length };
  };
  const hour = await cost("1 hour");
  assert.ok(hour.transactions > 0 && hour.transactions <= 20, `${hour.transactions} transactions`);
  assert.equal(hour.calls, 1, "one look for lost events, since the test may have acted");
  assert.deepEqual(await cost("31 days"), hour);
  await testbed.close();
});

test("a loop that was not woken in vain still finds in time what happens in the middle of a jump", async () => {
  const paidAt: number[] = [];
  const testbed = await createTestbed({
    seed: 5,
    handlers: (billing) => billing.on("order.paid", () => void paidAt.push(testbed.clock.now()), { id: "shop" }),
  });
  await testbed.billing.orders.create(tea("order_1"));
  await testbed.billing.orders.checkout("order_1");
  const { stripe } = await testbed.billing.orders.get("order_1");
  const params = { payment_method: "pm_card_visa", return_url: "https://example.com" };
  testbed.plug("stripe", false); // every webhook is lost
  const confirmed = testbed.clock.sleep(5 * dayMs).then(async () => {
    await testbed.stripe.paymentIntents.confirm(stripe.paymentIntentId as string, params);
    return testbed.clock.now();
  });
  await testbed.advance("31 days");
  const [paid = 0] = paidAt;
  assert.ok(paid - (await confirmed) <= minuteMs, "found by the next minute's look at Stripe's list");
  assert.equal(paidAt.length, 1);
  await testbed.close();
});
