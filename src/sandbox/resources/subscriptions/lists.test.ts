import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

suite("subscriptions that are looked for", () => {
  test("are found by status, price, customer, how they are collected, and when their period ends", async () => {
    const world = startWorld();
    const { list } = world.stripe.subscriptions;
    const { customer } = await billedCustomer(world);
    const [gold, silver] = [await monthly(world, 1000), await monthly(world, 500)];
    const first = await world.stripe.subscriptions.create({ customer, items: [{ price: gold }] });
    await world.clock.advance(dayMs);
    const other = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: silver }],
      collection_method: "send_invoice",
      days_until_due: 7,
    });
    await world.stripe.subscriptions.cancel(other.id);
    const idsOf = async (asked: Parameters<typeof list>[0]) => {
      const { data } = await world.stripe.subscriptions.list(asked);
      return data.map(({ id }) => id);
    };
    const end = first.items.data[0]?.current_period_end ?? 0;
    assert.deepEqual(await idsOf({ customer }), [first.id]);
    assert.deepEqual(await idsOf({ customer, status: "all" }), [other.id, first.id]);
    assert.deepEqual(await idsOf({ status: "canceled" }), [other.id]);
    assert.deepEqual(await idsOf({ status: "all", price: silver }), [other.id]);
    assert.deepEqual(await idsOf({ status: "all", collection_method: "send_invoice" }), [other.id]);
    assert.deepEqual(await idsOf({ status: "all", current_period_end: { lte: end } }), [first.id]);
    const { error } = await world.call("GET", "/v1/subscriptions", "status=bogus");
    assert.match(String(error.message), /^Invalid status: must be one of active/);
  });

  test("have their period as a whole before basil, and each item its own since", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, items } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
    });
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await world.call("GET", `/v1/subscriptions/${id}`, { headers });
    const [item] = (json.items as { data: object[] }).data;
    assert.equal(json.current_period_end, items.data[0]?.current_period_end);
    assert.ok(item && !("current_period_end" in item));
  });
});
