import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function ready() {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const plan = await monthly(world, 1000);
  const shirt = await world.stripe.prices.create({
    currency: "usd",
    unit_amount: 1500,
    product_data: { name: "T-Shirt" },
  });
  const linesOf = async (invoice: unknown) =>
    (await world.stripe.invoices.retrieve(String(invoice))).lines.data.map(({ amount, description }) => [
      amount,
      description,
    ]);
  return { ...world, customer, plan, shirt: shirt.id, linesOf };
}

suite("items beside those of a subscription", () => {
  test("wait for its next invoice, and for no other's", async () => {
    const { stripe, clock, customer, plan, shirt, linesOf } = await ready();
    const { id, latest_invoice: first } = await stripe.subscriptions.create({ customer, items: [{ price: plan }] });
    const changed = await stripe.subscriptions.update(id, { add_invoice_items: [{ price: shirt, quantity: 2 }] });
    assert.equal(changed.latest_invoice, first);
    const other = await stripe.subscriptions.create({ customer, items: [{ price: plan }] });
    assert.deepEqual(await linesOf(other.latest_invoice), [[1000, "1 × Gold (at $10.00 / month)"]]);
    await clock.advance(32 * dayMs);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual(await linesOf(latest_invoice), [
      [3000, "T-Shirt"],
      [1000, "1 × Gold (at $10.00 / month)"],
    ]);
  });

  test("are never free: in a trial they are billed at once", async () => {
    const { stripe, customer, plan, shirt, linesOf } = await ready();
    const { id, latest_invoice } = await stripe.subscriptions.create({
      customer,
      items: [{ price: plan }],
      trial_period_days: 14,
      add_invoice_items: [{ price: shirt }],
    });
    const free = [0, "Free trial for 1 × Gold"];
    assert.deepEqual(await linesOf(latest_invoice), [[1500, "T-Shirt"], free]);
    const again = await stripe.subscriptions.update(id, { add_invoice_items: [{ price: shirt }] });
    assert.deepEqual([again.status, await linesOf(again.latest_invoice)], ["trialing", [[1500, "T-Shirt"]]]);
  });

  test("are for the period of the items, or for another one", async () => {
    const { stripe, clock, customer, plan, shirt } = await ready();
    const { id, items } = await stripe.subscriptions.create({ customer, items: [{ price: plan }] });
    const { current_period_start, current_period_end } = items.data[0]!; // It has one.
    await clock.advance(dayMs);
    const now = current_period_start + 86_400;
    await stripe.subscriptions.update(id, {
      add_invoice_items: [
        { price: shirt },
        { price: shirt, period: { start: { type: "now" }, end: { type: "timestamp", timestamp: now + 60 } } },
      ],
    });
    const { data } = await stripe.invoiceItems.list({ customer, pending: true });
    assert.deepEqual(
      data.map(({ period }) => [period.start, period.end]),
      [
        [now, now + 60],
        [current_period_start, current_period_end],
      ],
    );
    assert.deepEqual(
      data.map(({ parent }) => parent?.subscription_details?.subscription),
      [id, id],
    );
  });

  test("are made of a price or of what one is made of, and have all that an invoice item has", async () => {
    const { stripe, customer, plan, shirt } = await ready();
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: "once" });
    const { id: rate } = await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 20 });
    const { id: product } = await stripe.products.create({ name: "Setup" });
    const priceData = { currency: "usd", product, unit_amount: 5000 };
    const beside: Stripe.SubscriptionCreateParams.AddInvoiceItem[] = [
      { price: shirt, quantity: 2, discounts: [{ coupon }], metadata: { size: "m" } },
      { price_data: priceData, tax_rates: [rate] },
      { price_data: { ...priceData, unit_amount: 12 }, quantity: 4 },
      { price: shirt, discountable: false, period: { start: { type: "now" }, end: { type: "min_item_period_end" } } },
    ];
    const created = await stripe.subscriptions.create({
      customer,
      items: [{ price: plan }],
      add_invoice_items: beside,
    });
    const { id } = created;
    const amounts = async (invoice: unknown) => {
      const { lines, total } = await stripe.invoices.retrieve(String(invoice));
      return [total, ...lines.data.map(({ amount }) => amount)];
    };
    const sum = 3000 - 300 + 5000 + 1000 + 48 + 1500;
    const lines = [1500, 48, 5000, 3000];
    assert.deepEqual(await amounts(created.latest_invoice), [sum + 1000, ...lines, 1000]);
    const { data } = await stripe.invoiceItems.list({ customer });
    assert.deepEqual(
      data.map(({ discountable, discounts, metadata, tax_rates: rates }) => [
        discountable,
        discounts?.length,
        metadata,
        rates?.length,
      ]),
      [
        [false, 0, {}, 0],
        [true, 0, {}, 0],
        [true, 0, {}, 1],
        [true, 1, { size: "m" }, 0],
      ],
    );
    const updated = await stripe.subscriptions.update(id, {
      add_invoice_items: beside,
      proration_behavior: "always_invoice",
      billing_cycle_anchor: { type: "now" },
    });
    assert.equal((await amounts(updated.latest_invoice))[0], sum);
  });

  test("cost a price that is paid once, and are twenty at most; what is refused leaves nothing", async () => {
    const { stripe, call, customer, plan, shirt } = await ready();
    const form = `customer=${customer}&items[0][price]=${plan}`;
    const many = Array.from({ length: 21 }, (_, nth) => `add_invoice_items[${nth}][price]=${shirt}`).join("&");
    for (const [more, param] of [
      [`add_invoice_items[0][price]=${plan}`, "add_invoice_items[0][price]"],
      ["add_invoice_items[0][price]=price_nope", "add_invoice_items[0][price]"],
      ["add_invoice_items[0][quantity]=2", "add_invoice_items[0][price]"],
      [many, "add_invoice_items"],
    ] as const) {
      const { status, error } = await call("POST", "/v1/subscriptions", `${form}&${more}`);
      assert.deepEqual([status, error.param], [400, param], more);
    }
    assert.deepEqual((await stripe.invoiceItems.list({ customer })).data, []);
    assert.deepEqual((await stripe.subscriptions.list({ customer })).data, []);
  });
});
