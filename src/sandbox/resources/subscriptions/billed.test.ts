import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

async function ready() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const price = await monthly(world, 1000);
  const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 10 })).id;
  const create = () =>
    stripe.subscriptions.create({ customer, items: [{ price }], default_tax_rates: [rate], metadata: { plan: "a" } });
  const [one, other] = [await create(), await create()];
  const add = (amount: number, subscription?: string) =>
    stripe.invoiceItems.create({ customer, amount, currency: "usd", ...(subscription && { subscription }) });
  return { ...world, customer, one, other, add, wait: (days: number) => clock.advance(days * dayMs) };
}

suite("an invoice item of a subscription", () => {
  test("is billed with its next invoice, and passed over by others", async () => {
    const { stripe, one, other, add, wait } = await ready();
    const { parent } = await add(300, one.id);
    assert.deepEqual(parent, { subscription_details: { subscription: one.id }, type: "subscription_details" });
    const amounts = async (subscription: string) => {
      const { lines } = await stripe.invoices.createPreview({ subscription });
      return lines.data.map(({ amount }) => amount);
    };
    assert.deepEqual([await amounts(other.id), await amounts(one.id)], [[1000], [300, 1000]]);
    await wait(31);
    const { latest_invoice } = await stripe.subscriptions.retrieve(one.id);
    const { lines } = await stripe.invoices.retrieve(String(latest_invoice));
    const [line] = lines.data;
    const { subscription, invoice_item } = line?.parent?.invoice_item_details ?? {};
    assert.deepEqual([line?.amount, subscription, typeof invoice_item], [300, one.id, "string"]);
  });

  test("is of one that its customer has", async () => {
    const { stripe, call, one } = await ready();
    const { id } = await stripe.customers.create();
    for (const form of [`customer=${id}&subscription=${one.id}`, `customer=${id}&subscription=sub_nope`]) {
      const { status, error } = await call("POST", "/v1/invoiceitems", `${form}&amount=5&currency=usd`);
      assert.deepEqual([status, error.code, error.param], [400, "resource_missing", "subscription"]);
    }
  });
});

suite("an invoice that somebody makes for a subscription", () => {
  test("is of what waits for it alone, taxed and described as others of it, and its latest", async () => {
    const { stripe, customer, one, other, add } = await ready();
    await add(300, one.id);
    await add(500, other.id);
    await add(700);
    await stripe.subscriptionItems.update(one.items.data[0]?.id ?? "", { quantity: 2 });
    const invoice = await stripe.invoices.create({ customer, subscription: one.id });
    assert.deepEqual(
      invoice.lines.data.map(({ amount }) => amount),
      [-1000, 2000, 300],
    );
    const { subtotal, total, parent, status, billing_reason } = invoice;
    assert.deepEqual([subtotal, total, status, billing_reason], [1300, 1430, "draft", "subscription_update"]);
    assert.deepEqual(parent?.subscription_details, { metadata: { plan: "a" }, subscription: one.id });
    const after = await stripe.subscriptions.retrieve(one.id);
    assert.equal(after.latest_invoice, invoice.id);
    assert.deepEqual(after.items.data[0]?.current_period_end, one.items.data[0]?.current_period_end);
    assert.equal((await stripe.invoices.pay(invoice.id)).status, "paid");
    assert.equal((await stripe.invoiceItems.list({ pending: true })).data.length, 2);
  });

  test("is refused where nothing waits, for another customer, and with a wish about what waits", async () => {
    const { stripe, call, customer, one, add } = await ready();
    const { id } = await stripe.customers.create();
    const of = `customer=${customer}&subscription=${one.id}`;
    assert.equal((await call("POST", "/v1/invoices", of)).error.code, "invoice_no_subscription_line_items");
    await add(300, one.id);
    const rows = [
      [`customer=${id}&subscription=${one.id}`, "subscription"],
      [`customer=${customer}&subscription=sub_nope`, "subscription"],
      [`${of}&pending_invoice_items_behavior=include`, "pending_invoice_items_behavior"],
    ] as const;
    for (const [form, param] of rows) {
      const { status, error } = await call("POST", "/v1/invoices", form);
      assert.deepEqual([form, status, error.param], [form, 400, param]);
    }
  });
});
