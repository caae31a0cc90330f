import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import type { BillingSettings } from "../../index.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

/** A subscription whose customer has another card, which pays nothing, when it is renewed. */
async function failing(billing: Partial<BillingSettings> = {}, card = "pm_card_chargeCustomerFail") {
  const world = startWorld({ billing });
  const { customer } = await billedCustomer(world);
  const subscription = await world.stripe.subscriptions.create({
    customer,
    items: [{ price: await monthly(world, 1000) }],
  });
  await payWithNew(world, customer, card);
  const end = Number(subscription.items.data[0]?.current_period_end);
  await world.clock.advance(end * 1000 - world.clock.now() + dayMs);
  return { ...world, world, customer, id: subscription.id };
}

async function payWithNew({ stripe }: SandboxWorld, customer: string, card: string) {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
}

suite("a subscription whose renewal nobody pays", () => {
  test("is past due after the first try, canceled after the last, and its invoice is left alone", async () => {
    const { stripe, clock, id, eventTypes } = await failing();
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "past_due");
    const { data: first } = await stripe.events.list({ type: "customer.subscription.updated" });
    assert.deepEqual(first[0]?.data.previous_attributes, { status: "active" });
    await clock.advance(14 * dayMs);
    const { status, cancellation_details, ended_at, latest_invoice } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([status, cancellation_details?.reason, ended_at !== null], ["canceled", "payment_failed", true]);
    const invoice = await stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([invoice.status, invoice.attempt_count, invoice.auto_advance], ["open", 9, false]);
    const types = await eventTypes();
    assert.ok(types.lastIndexOf("invoice.payment_failed") < types.indexOf("customer.subscription.deleted"));
  });

  test("is unpaid where the account says so: its next invoice stays a draft; paying that revives it", async () => {
    const { stripe, clock, id, world, customer } = await failing({ afterRetries: "unpaid", retries: [3] });
    await clock.advance(4 * dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "unpaid");
    await clock.advance(31 * dayMs);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    const next = await stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([next.status, next.auto_advance, next.billing_reason], ["draft", false, "subscription_cycle"]);
    await payWithNew(world, customer, "pm_card_visa");
    await stripe.invoices.pay(next.id);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
  });

  test("stays past due where the account says so, and goes on being billed", async () => {
    const { stripe, clock, id } = await failing({ afterRetries: "past_due", retries: [3] });
    await clock.advance(40 * dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "past_due");
    const open = await stripe.invoices.list({ subscription: id, status: "open" });
    assert.equal(open.data.length, 2);
  });

  test("is active again when another card pays at the next try", async () => {
    const { stripe, clock, id, world, customer, eventTypes } = await failing();
    await payWithNew(world, customer, "pm_card_visa");
    await clock.advance(2 * dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
    const types = await eventTypes();
    const recovered = types.slice(types.lastIndexOf("customer.updated"));
    const at = (type: string) => recovered.indexOf(type);
    assert.ok(at("charge.succeeded") < at("invoice.paid"));
    assert.ok(at("invoice.paid") < at("invoice.payment_succeeded"));
    assert.ok(at("customer.subscription.updated") >= 0);
  });

  test("waits for its payer where the card asks, and is active when they have answered", async () => {
    const { stripe, call, id } = await failing({}, "pm_card_threeDSecure2Required");
    const subscription = await stripe.subscriptions.retrieve(id, {
      expand: ["latest_invoice.confirmation_secret", "latest_invoice.payments"],
    });
    assert.equal(subscription.status, "past_due");
    const invoice = subscription.latest_invoice as {
      readonly confirmation_secret?: { readonly client_secret: string };
    };
    const secret = String(invoice.confirmation_secret?.client_secret);
    const form = `source=${secret.split("_secret_")[0]}&client_secret=${secret}&outcome=succeeded`;
    await call("POST", "/v1/3ds2/authenticate", form);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
  });
});

suite("the first invoice of a subscription", () => {
  const behaviors = ["allow_incomplete", "default_incomplete"] as const;
  for (const payment_behavior of behaviors) {
    test(`is not tried again by itself, however its payment was begun: ${payment_behavior}`, async () => {
      const world = startWorld();
      const { stripe, clock } = world;
      const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
      const items = [{ price: await monthly(world, 1000) }];
      const { id, latest_invoice, status } = await stripe.subscriptions.create({ customer, items, payment_behavior });
      assert.equal(status, "incomplete");
      const first = String(latest_invoice);
      if (payment_behavior === "default_incomplete")
        await assert.rejects(stripe.invoices.pay(first), { statusCode: 402 });
      const refused = await stripe.invoices.retrieve(first);
      const { attempt_count, attempted, auto_advance, next_payment_attempt } = refused;
      assert.deepEqual([attempt_count, attempted, auto_advance, next_payment_attempt], [1, true, true, null]);
      await payWithNew(world, customer, "pm_card_visa");
      await clock.advance(22 * 3_600_000);
      assert.equal((await stripe.invoices.retrieve(first)).attempt_count, 1);
      await clock.advance(2 * 3_600_000);
      assert.equal((await stripe.subscriptions.retrieve(id)).status, "incomplete_expired");
      assert.equal((await stripe.invoices.retrieve(first)).status, "void");
      await clock.advance(14 * dayMs);
      assert.equal((await stripe.charges.list({ customer })).data.length, 1);
    });
  }
});
