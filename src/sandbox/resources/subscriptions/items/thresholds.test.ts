import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function ready() {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const form = "currency=usd&unit_amount=10&recurring[interval]=month&recurring[usage_type]=metered";
  const headers = { "stripe-version": "2024-06-20" };
  const { json } = await world.call("POST", "/v1/prices", { form: `${form}&product_data[name]=Calls`, headers });
  return { ...world, customer, licensed: await monthly(world, 5000), metered: String(json.id) };
}

suite("billing thresholds", () => {
  test("are kept, changed in part, and ended by an empty text", async () => {
    const { stripe, customer, licensed } = await ready();
    const created = await stripe.subscriptions.create({
      customer,
      items: [{ price: licensed }],
      billing_thresholds: { amount_gte: 10_000 },
    });
    assert.deepEqual(created.billing_thresholds, { amount_gte: 10_000, reset_billing_cycle_anchor: null });
    const changed = await stripe.subscriptions.update(created.id, {
      billing_thresholds: { reset_billing_cycle_anchor: true },
    });
    assert.deepEqual(changed.billing_thresholds, { amount_gte: 10_000, reset_billing_cycle_anchor: true });
    assert.equal((await stripe.subscriptions.update(created.id, { billing_thresholds: "" })).billing_thresholds, null);
  });

  test("are reached by usage alone: what is licensed, or waits, is billed when its period ends", async () => {
    const { stripe, clock, customer, licensed } = await ready();
    const { id, items } = await stripe.subscriptions.create({
      customer,
      items: [{ price: licensed }],
      billing_thresholds: { amount_gte: 50 },
    });
    await clock.advance(dayMs);
    await stripe.subscriptions.update(id, { items: [{ id: items.data[0]!.id, quantity: 3 }] }); // It has one.
    assert.equal((await stripe.invoices.list({ subscription: id })).data.length, 1);
    assert.equal((await stripe.invoiceItems.list({ customer, pending: true })).data.length, 2);
  });

  test("of items are for metered prices, and neither is too small", async () => {
    const { call, stripe, customer, licensed, metered } = await ready();
    const { id, items } = await stripe.subscriptions.create({
      customer,
      items: [{ price: metered, billing_thresholds: { usage_gte: 100 } }, { price: licensed }],
    });
    const [one, other] = items.data;
    assert.deepEqual([one?.billing_thresholds, other?.billing_thresholds], [{ usage_gte: 100 }, null]);
    const change = async (billing_thresholds: "" | { usage_gte: number }) =>
      (await stripe.subscriptionItems.update(String(one?.id), { billing_thresholds })).billing_thresholds;
    assert.deepEqual(await change({ usage_gte: 200 }), { usage_gte: 200 });
    assert.equal(await change(""), null);
    for (const [form, param] of [
      ["billing_thresholds[amount_gte]=49", "billing_thresholds[amount_gte]"],
      [`items[0][id]=${one?.id}&items[0][billing_thresholds][usage_gte]=0`, "items[0][billing_thresholds][usage_gte]"],
      [
        `items[0][id]=${other?.id}&items[0][billing_thresholds][usage_gte]=9`,
        "items[0][billing_thresholds][usage_gte]",
      ],
    ] as const) {
      const { error, status } = await call("POST", `/v1/subscriptions/${id}`, form);
      assert.deepEqual([status, error.param], [400, param]);
    }
  });
});
