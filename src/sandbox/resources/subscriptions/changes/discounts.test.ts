import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

type Mode = Stripe.SubscriptionCreateParams.BillingMode;

async function ready() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const prices = { free: await monthly(world, 0), one: await monthly(world, 1000), two: await monthly(world, 2000) };
  await stripe.coupons.create({ id: "FIVE", amount_off: 500, currency: "usd", duration: "forever" });
  await stripe.coupons.create({ id: "FOUR", amount_off: 400, currency: "usd", duration: "forever" });
  await stripe.coupons.create({ id: "TEN", percent_off: 10, duration: "forever" });
  const subscribe = async (mode: Mode, more: Omit<Stripe.SubscriptionCreateParams, "customer">) => {
    const made = await stripe.subscriptions.create({ customer, billing_mode: mode, ...more });
    const { current_period_start: start, current_period_end: end } = made.items.data[0]!; // It has one.
    await clock.advance(((end - start) * 1000) / 2);
    return made;
  };
  const waiting = async () => (await stripe.invoiceItems.list({ pending: true })).data;
  return { ...world, customer, prices, subscribe, waiting };
}

suite("discounts in prorations", () => {
  const rows: readonly (readonly [mode: Mode, why: string, amounts: readonly number[]])[] = [
    [{ type: "classic" }, "whole, of each item that changes", [-250, 750]],
    [{ type: "flexible" }, "by what of it falls on an item", [-417, 875]],
  ];
  for (const [mode, why, amounts] of rows) {
    test(`an amount off two items is taken ${why}: ${mode.type}`, async () => {
      const { stripe, prices, subscribe, waiting } = await ready();
      const items = [{ price: prices.one }, { price: prices.two }];
      const { id, items: made } = await subscribe(mode, { items, discounts: [{ coupon: "FIVE" }] });
      const one = made.data.find(({ price }) => price.id === prices.one)?.id ?? "";
      await stripe.subscriptions.update(id, { items: [{ id: one, quantity: 2 }] });
      assert.deepEqual(
        (await waiting()).map(({ amount }) => amount),
        amounts,
      );
    });
  }

  // https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
  for (const [type, amount] of [
    ["classic", -250],
    ["flexible", -417],
  ] as const) {
    test(`what an amount off once was taken from gives back no more than was paid: ${type}`, async () => {
      const { stripe, prices, subscribe, waiting } = await ready();
      const { id } = await stripe.coupons.create({ amount_off: 500, currency: "usd", duration: "once" });
      const items = [{ price: prices.one }, { price: prices.two }];
      const made = await subscribe({ type }, { items, discounts: [{ coupon: id }] });
      assert.deepEqual(made.discounts, [], "its first invoice has used it");
      const { lines } = await stripe.invoices.retrieve(String(made.latest_invoice));
      const taken = lines.data.map((line) => [line.amount, line.discount_amounts?.[0]?.amount]);
      assert.deepEqual(taken, [[2000, 334], [1000, 166]]); // biome-ignore format: a row each.
      const one = made.items.data.find(({ price }) => price.id === prices.one)?.id ?? "";
      await stripe.subscriptionItems.del(one, { proration_behavior: "create_prorations" });
      assert.deepEqual(
        (await waiting()).map((item) => [item.amount, item.description]),
        [[amount, "Unused time on Gold (with $5.00 off) after 17 Nov 2026"]],
      );
    });
  }

  test("what a change of a discounted item is billed by stays in a snapshot", async () => {
    const { stripe, prices, sandbox, subscribe, waiting } = await ready();
    const items = [{ price: prices.one }];
    const { id, items: made } = await subscribe({ type: "flexible" }, { items, discounts: [{ coupon: "TEN" }] });
    await stripe.subscriptions.update(id, { items: [{ id: made.data[0]?.id ?? "", quantity: 3 }] });
    const before = await waiting();
    sandbox.restore(sandbox.snapshot());
    assert.deepEqual(await waiting(), before);
    assert.equal(before.length, 2);
  });

  test("classic takes what was used for good off what it gives back, and not off what it asks for", async () => {
    const { stripe, prices, subscribe, waiting } = await ready();
    const { id: half } = await stripe.coupons.create({ percent_off: 50, duration: "once" });
    const discounts = [{ coupon: half }];
    for (const named of [{ discounts }, { items: [{ price: prices.one, discounts }] }]) {
      const { id, items } = await subscribe({ type: "classic" }, { items: [{ price: prices.one }], ...named });
      const item = items.data[0]?.id ?? "";
      const change = async (quantity: number) => {
        await stripe.subscriptions.update(id, { items: [{ id: item, quantity }] });
        return (await waiting()).slice(0, 2).map(({ amount }) => amount);
      };
      assert.deepEqual(await change(2), [-250, 1000]);
      assert.deepEqual(await change(3), [-1000, 1500], "what was asked for since had nothing taken off");
    }
  });

  test("that of the customer counts where the subscription has none", async () => {
    const { stripe, call, customer, prices, subscribe, waiting } = await ready();
    const headers = { "stripe-version": "2024-11-20.acacia" };
    await call("POST", `/v1/customers/${customer}`, { form: "coupon=TEN", headers });
    const { id, items } = await subscribe({ type: "flexible" }, { items: [{ price: prices.one }] });
    await stripe.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? "", price: prices.two }] });
    assert.deepEqual(
      (await waiting()).map(({ amount }) => amount),
      [-450, 900],
    );
  });

  // The example of https://docs.stripe.com/changelog/clover/2025-09-30/itemize-proration-discount-amounts
  const shows: readonly (readonly [how: "included" | "itemized", amount: number, item: number[], line: number[]])[] = [
    ["included", 700, [0, 0], [0]],
    ["itemized", 1000, [100, 200], [100, 200]],
  ];
  for (const [how, amount, ofItem, ofLine] of shows) {
    test(`ten dollars less ten percent of the item and two dollars of all are seven: ${how}`, async () => {
      const { stripe, prices, subscribe, waiting } = await ready();
      const mode = { type: "flexible" as const, flexible: { proration_discounts: how } };
      const { id } = await subscribe(mode, { items: [{ price: prices.free }], discounts: [{ coupon: "FOUR" }] });
      await stripe.subscriptionItems.create({
        subscription: id,
        price: prices.two,
        discounts: [{ coupon: "TEN" }],
      });
      const [item] = await waiting();
      assert.deepEqual([item?.amount, item?.net_amount], [amount, 700]);
      assert.deepEqual(
        item?.proration_details?.discount_amounts.map((taken) => taken.amount),
        ofItem,
      );
      const preview = await stripe.invoices.createPreview({ subscription: id });
      const lines = preview.lines.data.filter(({ parent }) => parent?.subscription_item_details?.proration);
      assert.deepEqual(
        lines.map((line) => [line.amount, line.discount_amounts?.map((taken) => taken.amount)]),
        [[amount, ofLine]],
      );
      const { subtotal, total } = preview;
      assert.deepEqual([subtotal, total], how === "itemized" ? [900 + 1800, 700 + 1400] : [700 + 1800, 700 + 1400]);
      const taken = preview.total_discount_amounts?.map((one) => one.amount).sort((a, b) => a - b);
      assert.deepEqual(taken, how === "itemized" ? [300, 600] : [200, 400]);
    });
  }

  test("itemized or not, what is charged in the end is the same, credits and all", async () => {
    const totals: (readonly number[])[] = [];
    for (const how of ["included", "itemized"] as const) {
      const { stripe, prices, subscribe, clock } = await ready();
      const mode = { type: "flexible" as const, flexible: { proration_discounts: how } };
      const discounts = [{ coupon: "TEN" }, { coupon: "FIVE" }];
      const items = [{ price: prices.one, quantity: 3 }, { price: prices.two }];
      const { id, items: made } = await subscribe(mode, { items, discounts });
      const [first, second] = made.data.map((item) => item.id) as [string, string]; // It has two.
      await stripe.subscriptions.update(id, {
        items: [{ id: first, quantity: 7 }],
        proration_behavior: "always_invoice",
      });
      await clock.advance(86_400_000 * 3);
      await stripe.subscriptions.update(id, {
        items: [
          { id: first, quantity: 2 },
          { id: second, quantity: 2 },
        ],
      });
      await clock.advance(86_400_000 * 30);
      totals.push((await stripe.invoices.list({ subscription: id })).data.map(({ total }) => total));
    }
    assert.deepEqual(totals[1], totals[0]);
    assert.equal(totals[0]?.length, 3);
  });
});
