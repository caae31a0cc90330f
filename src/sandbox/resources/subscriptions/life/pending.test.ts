import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function everyWeek() {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const { id, ...made } = await stripe.subscriptions.create({
    customer,
    items: [{ price: await monthly(world, 1000) }],
    pending_invoice_item_interval: { interval: "week" },
  });
  const wait = (amount: number) => stripe.invoiceItems.create({ customer, amount, currency: "usd", subscription: id });
  const bills = async () => (await stripe.invoices.list({ subscription: id })).data;
  const next = async () => (await stripe.subscriptions.retrieve(id)).next_pending_invoice_item_invoice;
  const first = made.next_pending_invoice_item_invoice ?? 0;
  return { ...world, id, start: made.created, first, wait, bills, next };
}

suite("what waits for a subscription, billed in between", () => {
  test("is billed at each of its intervals, and charged after an hour; of nothing no invoice is made", async () => {
    const { clock, stripe, id, start, first, wait, bills, next } = await everyWeek();
    assert.equal(first, start + 7 * 86_400);
    await clock.advance(8 * dayMs);
    assert.deepEqual([(await bills()).length, await next()], [1, first + 7 * 86_400]);
    await wait(700);
    await clock.advance(7 * dayMs);
    const [bill] = await bills();
    assert.deepEqual(
      [bill?.billing_reason, bill?.total, bill?.status, bill?.created],
      ["automatic_pending_invoice_item_invoice", 700, "paid", first + 7 * 86_400],
    );
    assert.equal((await stripe.subscriptions.retrieve(id)).latest_invoice, bill?.id);
    await clock.advance(17 * dayMs);
    assert.deepEqual(
      (await bills()).map(({ total }) => total),
      [1000, 700, 1000],
      "a renewal is billed as ever",
    );
  });

  test("waits again once nobody asks for it any more, and after the end", async () => {
    const { clock, stripe, id, wait, bills, next } = await everyWeek();
    await wait(700);
    const { pending_invoice_item_interval: none } = await stripe.subscriptions.update(id, {
      pending_invoice_item_interval: "",
    });
    assert.deepEqual([none, await next()], [null, null]);
    await clock.advance(8 * dayMs);
    assert.equal((await bills()).length, 1);
    await stripe.subscriptions.update(id, { pending_invoice_item_interval: { interval: "day", interval_count: 2 } });
    await stripe.subscriptions.cancel(id);
    await clock.advance(8 * dayMs);
    assert.equal((await bills()).length, 1);
  });

  test("is billed once a year at least", async () => {
    const { call, id } = await everyWeek();
    for (const [interval, count] of [
      ["month", 13],
      ["year", 2],
      ["week", 53],
      ["day", 0],
    ] as const) {
      const named = "pending_invoice_item_interval";
      const form = `${named}[interval]=${interval}&${named}[interval_count]=${count}`;
      const { status, error } = await call("POST", `/v1/subscriptions/${id}`, form);
      assert.deepEqual([status, error.param], [400, `${named}[interval_count]`]);
    }
  });
});
