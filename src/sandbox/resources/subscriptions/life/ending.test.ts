import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

const at = (text: string) => Date.parse(text) / 1000;
const february = at("2027-02-01T00:00Z");
const nextYear = at("2028-01-01T00:00Z");

/** A month of 31.00 and a year of 365.00 on one subscription, from the first of January. */
async function mixed(more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const world = startWorld({ start: Date.UTC(2027, 0, 1) });
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const year = await stripe.prices.create({
    currency: "usd",
    unit_amount: 36_500,
    recurring: { interval: "year" },
    product_data: { name: "Support" },
  });
  const items = [{ price: await monthly(world, 3100) }, { price: year.id }];
  const created = await stripe.subscriptions.create({ customer, items, ...more });
  const { id } = created;
  const update = (params: Stripe.SubscriptionUpdateParams) => stripe.subscriptions.update(id, params);
  const ends = async () => {
    const { cancel_at, items: held } = await stripe.subscriptions.retrieve(id);
    return [cancel_at, ...held.data.map((item) => item.current_period_end)];
  };
  const pending = async () =>
    (await stripe.invoiceItems.list({ customer, pending: true })).data.map(({ amount }) => amount);
  const until = (second: number) => world.clock.advance(second * 1000 - world.clock.now());
  return { ...world, created, ends, id, pending, until, update };
}

suite("an end that is chosen by the ends of periods", () => {
  test("the first of them gives back what lies behind it, if that is wanted", async () => {
    for (const [proration_behavior, waits, year] of [
      ["create_prorations", [-33_400], february],
      ["none", [], nextYear],
    ] as const) {
      const { ends, id, pending, stripe, until, update } = await mixed();
      await update({ cancel_at: "min_period_end", proration_behavior });
      assert.deepEqual([await ends(), await pending()], [[february, february, year], waits]);
      await until(february);
      assert.equal((await stripe.subscriptions.retrieve(id)).status, "canceled");
    }
  });

  test("from the beginning is one that bills no more than what runs until then", async () => {
    const { created, ends, stripe } = await mixed({ cancel_at: "min_period_end" });
    const { total } = await stripe.invoices.retrieve(String(created.latest_invoice));
    assert.deepEqual([total, await ends()], [3100 + 3100, [february, february, february]]);
  });

  test("the last of them lets the shorter ones go on until then", async () => {
    const { ends, id, pending, stripe, until, update } = await mixed();
    await update({ cancel_at: "max_period_end" });
    assert.deepEqual([await ends(), await pending()], [[nextYear, february, nextYear], []]);
    await until(nextYear);
    const { data } = await stripe.invoices.list({ subscription: id, limit: 20 });
    assert.deepEqual(
      data.map(({ total }) => total),
      [...Array.from({ length: 11 }, () => 3100), 39_600],
    );
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "canceled");
  });

  test("the end of the period is the first of them, and gives nothing back", async () => {
    const { created, ends, pending, update } = await mixed();
    assert.equal(created.cancel_at, null);
    await update({ cancel_at_period_end: true });
    assert.deepEqual([await ends(), await pending()], [[february, february, nextYear], []]);
  });

  test("is of the periods that the same call makes; only the end of the period moves with later ones", async () => {
    for (const [params, moves] of [
      [{ cancel_at: "max_period_end" }, false],
      [{ cancel_at_period_end: true }, true],
    ] as const) {
      const world = startWorld({ start: Date.UTC(2027, 0, 1) });
      const { stripe, clock } = world;
      const { customer } = await billedCustomer(world);
      const items = [{ price: await monthly(world, 3100) }];
      const { id } = await stripe.subscriptions.create({ customer, items });
      const reset = { billing_cycle_anchor: { type: "now" }, proration_behavior: "none" } as const;
      await clock.advance(10 * dayMs);
      const first = await stripe.subscriptions.update(id, { ...reset, ...params });
      assert.equal(first.cancel_at, at("2027-02-11T00:00Z"));
      await clock.advance(10 * dayMs);
      const second = await stripe.subscriptions.update(id, reset);
      assert.equal(second.cancel_at, at(moves ? "2027-02-21T00:00Z" : "2027-02-11T00:00Z"));
    }
  });
});
