import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

const second = (text: string) => Date.parse(text) / 1000;

async function withCustomer() {
  const world = startWorld();
  return { ...world, ...(await billedCustomer(world)) };
}

suite("a subscription", () => {
  test("is active once its first invoice is paid, and has what a real one has", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const subscription = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 2000), quantity: 3 }],
      expand: ["latest_invoice"],
    });
    const [item] = subscription.items.data;
    assert.equal(subscription.status, "active");
    assert.deepEqual([item?.quantity, item?.current_period_start], [3, subscription.billing_cycle_anchor]);
    const { latest_invoice: invoice } = subscription;
    assert.ok(typeof invoice === "object" && invoice !== null);
    assert.deepEqual(
      [invoice.status, invoice.amount_paid, invoice.billing_reason],
      ["paid", 6000, "subscription_create"],
    );
    assert.equal(invoice.lines.data[0]?.description, "3 × Gold (at $20.00 / month)");
    assert.deepEqual([invoice.period_start, invoice.period_end], [invoice.created, invoice.created]);
  });

  test("pays its first invoice with a method of its own, before that of its customer", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
    const { id: default_payment_method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const items = [{ price: await monthly(world, 1000) }];
    const { status } = await stripe.subscriptions.create({ customer, items, default_payment_method });
    assert.equal(status, "active");
  });

  test("is billed at each period's end: a draft, and an hour later a payment", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, items } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
    });
    const end = items.data[0]?.current_period_end ?? 0;
    await world.clock.advance(end * 1000 - world.clock.now());
    const [draft] = (await world.stripe.invoices.list({ subscription: id, limit: 1 })).data;
    assert.deepEqual([draft?.status, draft?.billing_reason, draft?.period_end], ["draft", "subscription_cycle", end]);
    await world.clock.advance(2 * 3_600_000);
    const { latest_invoice, status } = await world.stripe.subscriptions.retrieve(id);
    assert.deepEqual([latest_invoice, status], [draft?.id, "active"]);
    assert.equal((await world.stripe.invoices.retrieve(draft?.id ?? "")).status, "paid");
  });

  test("of usage alone begins with an invoice of nothing in classic billing, with none in flexible", async () => {
    const { call, stripe, clock, customer } = await withCustomer();
    // Since basil a meter is asked for.
    const headers = { "stripe-version": "2024-06-20" };
    const recurring = "recurring[interval]=month&recurring[usage_type]=metered";
    const form = `currency=usd&unit_amount=100&${recurring}&product_data[name]=Calls`;
    const items = [{ price: String((await call("POST", "/v1/prices", { form, headers })).json.id) }];
    const classic = await stripe.subscriptions.create({ customer, items, billing_mode: { type: "classic" } });
    const first = await stripe.invoices.retrieve(String(classic.latest_invoice));
    assert.deepEqual([classic.status, first.total, first.status], ["active", 0, "paid"]);
    assert.deepEqual(
      first.lines.data.map(({ description }) => description),
      ["0 × Calls (at $1.00 / month)"],
    );
    const flexible = await stripe.subscriptions.create({ customer, items, billing_mode: { type: "flexible" } });
    assert.deepEqual([flexible.status, flexible.latest_invoice], ["active", null]);
    await clock.advance(31 * dayMs);
    const { latest_invoice } = await stripe.subscriptions.retrieve(flexible.id);
    assert.equal((await stripe.invoices.retrieve(String(latest_invoice))).lines.data[0]?.amount, 0);
  });

  test("bills no period twice and leaves none out over three years from the 31st", async () => {
    const world = startWorld();
    await world.clock.advance(second("2027-01-31T10:00:00Z") * 1000 - world.clock.now());
    const { customer } = await billedCustomer(world);
    const { id } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
    });
    for (let month = 0; month < 36; month++) await world.clock.advance(31 * dayMs);
    const periods = (await invoicesOf(world, id)).map(({ lines }) => lines.data[0]?.period);
    for (const [nth, period] of periods.entries()) {
      if (nth > 0) assert.equal(period?.start, periods[nth - 1]?.end);
    }
    assert.deepEqual(
      periods.slice(0, 3).map((period) => new Date((period?.end ?? 0) * 1000).toISOString().slice(5, 10)),
      ["02-28", "03-31", "04-30"],
    );
    assert.ok(periods.length >= 36);
  });

  test("whose first invoice nobody pays within 23 hours expires, and the invoice is voided", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      payment_behavior: "default_incomplete",
    });
    await world.clock.advance(22 * 3_600_000);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "incomplete");
    await world.clock.advance(2 * 3_600_000);
    const expired = await world.stripe.subscriptions.retrieve(id);
    assert.deepEqual([expired.status, expired.ended_at !== null], ["incomplete_expired", true]);
    assert.equal((await world.stripe.invoices.retrieve(String(latest_invoice))).status, "void");
  });

  test("that waits for its first payment is active once that comes", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      payment_behavior: "default_incomplete",
    });
    await world.stripe.invoices.pay(String(latest_invoice));
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
  });

  test("without a payment method is refused, and nothing is left of it", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({ email: "b@example.com" });
    const before = await world.eventTypes();
    const { error, status } = await world.call(
      "POST",
      "/v1/subscriptions",
      `customer=${customer}&items[0][price]=${await monthly(world, 1000)}`,
    );
    assert.deepEqual([status, error.code], [400, "resource_missing"]);
    assert.match(String(error.message), /no attached payment source/);
    const made = (await world.eventTypes()).slice(before.length);
    assert.deepEqual(made, ["product.created", "price.created", "plan.created"]);
    assert.equal((await world.stripe.subscriptions.list({ status: "all" })).data.length, 0);
  });

  test("canceled is over: it is not listed, renews no more, and a second time is not there", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
    });
    const canceled = await world.stripe.subscriptions.cancel(id, { cancellation_details: { feedback: "unused" } });
    assert.deepEqual([canceled.status, canceled.ended_at], ["canceled", canceled.canceled_at]);
    assert.equal(canceled.cancellation_details?.reason, "cancellation_requested");
    await world.clock.advance(40 * dayMs);
    assert.equal((await invoicesOf(world, id)).length, 1);
    assert.equal((await world.stripe.subscriptions.list()).data.length, 0);
    assert.equal((await world.stripe.subscriptions.list({ status: "ended" })).data.length, 1);
    const { error, status } = await world.call("DELETE", `/v1/subscriptions/${id}`);
    assert.deepEqual([status, error.message], [404, `No such subscription: '${id}'`]);
  });

  test("anchored ahead is billed for the part of a period up to there", async () => {
    const world = startWorld();
    await world.clock.advance(second("2027-02-15T00:00:00Z") * 1000 - world.clock.now());
    const { customer } = await billedCustomer(world);
    const { items, latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      billing_cycle_anchor: second("2027-03-01T00:00:00Z"),
      expand: ["latest_invoice"],
    });
    assert.equal(items.data[0]?.current_period_end, second("2027-03-01T00:00:00Z"));
    assert.ok(typeof latest_invoice === "object");
    assert.equal(latest_invoice?.total, 500);
  });
});

async function invoicesOf({ stripe }: SandboxWorld, subscription: string) {
  const found = await stripe.invoices.list({ subscription, limit: 100 });
  return found.data.reverse();
}
