import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

// https://docs.stripe.com/api/subscriptions/migrate
suite("a subscription that is migrated to flexible billing", () => {
  async function classic() {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const made = await stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 3000) }],
      billing_mode: { type: "classic" },
    });
    return { ...world, id: made.id, item: made.items.data[0]?.id ?? "" };
  }

  test("is billed flexibly from then on, by what has been billed before, and says so once", async () => {
    const { stripe, clock, id, item, eventTypes } = await classic();
    await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 2 }], proration_behavior: "none" });
    const said = (await eventTypes()).filter((type) => type === "customer.subscription.updated").length;
    const { billing_mode } = await stripe.subscriptions.migrate(id, { billing_mode: { type: "flexible" } });
    const now = Math.floor(clock.now() / 1000);
    const flexible = { proration_discounts: "included" };
    assert.deepEqual(billing_mode, { flexible, type: "flexible", updated_at: now });
    const after = (await eventTypes()).filter((type) => type === "customer.subscription.updated").length;
    assert.equal(after, said + 1);
    const { current_period_start: start, current_period_end: end } = (await stripe.subscriptionItems.retrieve(item))!;
    await clock.advance(((end - start) * 1000) / 2);
    await stripe.subscriptionItems.update(item, { quantity: 1 });
    const waiting = (await stripe.invoiceItems.list({ pending: true })).data;
    // What was billed is one of them, whatever has been held since.
    assert.deepEqual(
      waiting.map(({ amount }) => amount),
      [-1500, 1500],
    );
  });

  test("may itemize discounts later, and goes back neither from that nor when it is over", async () => {
    const { stripe, call, clock, id } = await classic();
    const migrate = (how?: string) => {
      const more = how === undefined ? "" : `&billing_mode[flexible][proration_discounts]=${how}`;
      return call("POST", `/v1/subscriptions/${id}/migrate`, `billing_mode[type]=flexible${more}`);
    };
    for (const how of [undefined, "itemized", "itemized", undefined]) assert.equal((await migrate(how)).status, 200);
    const { billing_mode } = await stripe.subscriptions.retrieve(id);
    assert.equal(billing_mode.flexible?.proration_discounts, "itemized");
    assert.equal((await migrate("included")).error.param, "billing_mode[flexible][proration_discounts]");
    assert.equal((await call("POST", `/v1/subscriptions/${id}/migrate`, "billing_mode[type]=classic")).status, 400);
    await clock.advance(dayMs);
    await stripe.subscriptions.cancel(id);
    assert.equal((await migrate()).status, 404);
  });
});
