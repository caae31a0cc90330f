import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function ready() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 1900)];
  await stripe.coupons.create({ id: "HALF", percent_off: 50, duration: "forever" });
  await stripe.coupons.create({ id: "ONCE", amount_off: 500, currency: "usd", duration: "once" });
  await stripe.coupons.create({ id: "TWO", percent_off: 10, duration: "repeating", duration_in_months: 2 });
  const create = (items: Stripe.SubscriptionCreateParams.Item[], more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer, items, ...more });
  const latest = async (id: string) => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    return stripe.invoices.retrieve(String(latest_invoice));
  };
  return { ...world, customer, silver, gold, create, latest, month: () => clock.advance(31 * dayMs) };
}

/** Of each line what it was, and what it is after the discounts of its item. */
const said = ({ subtotal, total, lines }: Stripe.Invoice) => [
  [subtotal, total],
  ...lines.data.map((line) => [line.amount, line.subtotal]),
];

suite("the discounts of an item", () => {
  test("are taken off its line alone, before those of the subscription, and are in the subtotal already", async () => {
    const { silver, gold, create, latest, stripe } = await ready();
    const { id, items } = await create([{ price: gold, discounts: [{ coupon: "HALF" }] }, { price: silver }], {
      discounts: [{ coupon: "TWO" }],
    });
    assert.deepEqual(said(await latest(id)), [
      [1950, 1755],
      [1000, 1000],
      [1900, 950],
    ]);
    const [first, second] = items.data;
    assert.deepEqual([first?.discounts.length, second?.discounts], [1, []]);
    const item = await stripe.subscriptionItems.retrieve(first?.id ?? "", { expand: ["discounts"] });
    const [discount] = item.discounts as Stripe.Discount[];
    assert.deepEqual([discount?.subscription_item, discount?.source.coupon], [first?.id, "HALF"]);
    assert.equal((await stripe.coupons.retrieve("HALF")).times_redeemed, 1);
  });

  test("for once go with the first invoice, for months with their last; an empty text takes all away", async () => {
    const { stripe, silver, create, latest, month } = await ready();
    const once = await create([{ price: silver, discounts: [{ coupon: "ONCE" }] }]);
    assert.deepEqual(once.items.data[0]?.discounts, []);
    assert.deepEqual(said(await latest(once.id))[0], [500, 500]);
    const two = await create([{ price: silver, discounts: [{ coupon: "TWO" }] }]);
    const sent = await create([{ price: silver, discounts: [{ coupon: "ONCE" }] }], {
      collection_method: "send_invoice",
      days_until_due: 3,
    });
    assert.equal(sent.items.data[0]?.discounts.length, 1);
    await month();
    assert.deepEqual((await stripe.subscriptions.retrieve(sent.id)).items.data[0]?.discounts, []);
    assert.deepEqual(
      [said(await latest(once.id))[0], said(await latest(two.id))[0]],
      [
        [1000, 1000],
        [900, 900],
      ],
    );
    await month();
    await month();
    assert.deepEqual((await stripe.subscriptions.retrieve(two.id)).items.data[0]?.discounts, []);
    assert.deepEqual(said(await latest(two.id))[0], [1000, 1000]);
    const item = two.items.data[0]?.id ?? "";
    await stripe.subscriptionItems.update(item, { discounts: [{ coupon: "HALF" }] });
    await month();
    assert.deepEqual(said(await latest(two.id))[0], [500, 500]);
    await stripe.subscriptions.update(two.id, { items: [{ id: item, discounts: "" }] });
    await month();
    assert.deepEqual(said(await latest(two.id))[0], [1000, 1000]);
  });

  test("may be of the subscription; others', the same twice and codes with a minimum are refused", async () => {
    const { call, stripe, silver, create } = await ready();
    const { id, items, discounts } = await create([{ price: silver }], { discounts: [{ coupon: "HALF" }] });
    const item = items.data[0]?.id ?? "";
    const kept = await stripe.subscriptionItems.update(item, { discounts: [{ discount: String(discounts[0]) }] });
    assert.deepEqual(kept.discounts, discounts);
    const promotion = { type: "coupon", coupon: "HALF" } as const;
    const restrictions = { minimum_amount: 1, minimum_amount_currency: "usd" };
    const dear = (await stripe.promotionCodes.create({ promotion, restrictions })).id;
    const rows = [
      ["[0][discount]=di_nope", "[0][discount]"],
      [`[0][promotion_code]=${dear}`, "[0][promotion_code]"],
      ["[0][coupon]=HALF&{at}[1][coupon]=HALF", ""],
      ["[0][coupon]=nope", "[0][coupon]"],
    ] as const;
    const at = "items[0][discounts]";
    for (const [sent, param] of rows) {
      const form = `items[0][id]=${item}&${at}${sent.replace("{at}", at)}`;
      const { status, error } = await call("POST", `/v1/subscriptions/${id}`, form);
      assert.deepEqual([sent, status, error.param], [sent, 400, `${at}${param}`]);
    }
  });

  test("are in its prorations, with one rounding", async () => {
    const { stripe, clock, silver, gold, create } = await ready();
    const { id, items } = await create([{ price: silver, discounts: [{ coupon: "HALF" }] }]);
    const { current_period_start: start, current_period_end: end, id: item } = items.data[0]!; // It has one.
    await clock.advance(((end - start) * 1000) / 2);
    await stripe.subscriptions.update(id, { items: [{ id: item, price: gold }] });
    const { data } = await stripe.invoiceItems.list({ pending: true });
    assert.deepEqual(
      data.map(({ amount }) => amount),
      [-250, 475],
    );
  });
});

suite("a promotion code for who buys for the first time", () => {
  test("is refused once there was a trial, wherever it is named", async () => {
    const { call, stripe, customer, silver, create } = await ready();
    const promotion = { type: "coupon", coupon: "HALF" } as const;
    const restrictions = { first_time_transaction: true };
    const { id: code } = await stripe.promotionCodes.create({ promotion, restrictions });
    const { id } = await stripe.customers.create();
    await stripe.subscriptions.create({ customer: id, items: [{ price: silver }], trial_period_days: 3 });
    const draft = (await stripe.invoices.create({ customer: id })).id;
    const running = await create([{ price: silver }]);
    const item = running.items.data[0]?.id;
    const asks = [
      ["/v1/subscriptions", `customer=${id}&items[0][price]=${silver}`, "discounts[0]"],
      ["/v1/subscriptions", `customer=${id}&items[0][price]=${silver}`, "items[0][discounts][0]"],
      [`/v1/subscriptions/${running.id}`, `items[0][id]=${item}`, "items[0][discounts][0]"],
      [`/v1/subscriptions/${running.id}`, "", "discounts[0]"],
      ["/v1/invoices", `customer=${id}`, "discounts[0]"],
      [`/v1/invoices/${draft}`, "", "discounts[0]"],
      [`/v1/invoices/${draft}/add_lines`, "lines[0][amount]=5", "lines[0][discounts][0]"],
      ["/v1/invoiceitems", `customer=${customer}&amount=5&currency=usd`, "discounts[0]"],
      ["/v1/invoices/create_preview", `subscription=${running.id}`, "discounts[0]"],
    ] as const;
    for (const [path, form, at] of asks) {
      const { status, error } = await call("POST", path, `${form}&${at}[promotion_code]=${code}`);
      assert.deepEqual([path, at, status, error.param], [path, at, 400, `${at}[promotion_code]`]);
      assert.match(String(error.message), /has prior transactions/);
    }
    assert.equal((await stripe.promotionCodes.retrieve(code)).times_redeemed, 0);
  });
});
