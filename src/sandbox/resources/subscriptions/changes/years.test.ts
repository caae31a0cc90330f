import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { cases } from "#kit/testing.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

suite("the periods of a subscription", () => {
  test("in ten years no second of it is billed twice or not at all", async () => {
    const world = startWorld();
    const { stripe, clock } = world;
    const { customer } = await billedCustomer(world);
    const price = await monthly(world, 1000);
    await clock.advance(Date.parse("2027-01-31T22:13:05Z") - clock.now());
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price }] });
    const years = cases(1, 10);
    const until = new Date(clock.now()).setUTCFullYear(2027 + years);
    await clock.advance(until - clock.now() + 7_200_000);
    const periods: Stripe.InvoiceLineItem.Period[] = [];
    for await (const { lines } of stripe.invoices.list({ subscription: id, limit: 100 })) {
      periods.unshift(...lines.data.map(({ period }) => period));
    }
    assert.equal(periods.length, 12 * years + 1);
    for (const [at, { start }] of periods.entries()) {
      assert.equal(start, at === 0 ? start : periods[at - 1]?.end);
      const begun = new Date(start * 1000);
      const lastDay = new Date(Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 0)).getUTCDate();
      assert.deepEqual([begun.getUTCDate(), begun.toISOString().slice(11, 19)], [Math.min(31, lastDay), "22:13:05"]);
    }
  });
});
