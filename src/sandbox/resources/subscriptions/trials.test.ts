import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

const hourMs = 3_600_000;
type Missing = Stripe.SubscriptionCreateParams.TrialSettings.EndBehavior.MissingPaymentMethod;

suite("a trial", () => {
  test("is free, is said to end three days before, and is paid for after it", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const subscription = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      trial_period_days: 14,
      expand: ["latest_invoice"],
    });
    const { latest_invoice: first, trial_end: end } = subscription;
    assert.deepEqual([subscription.status, subscription.billing_cycle_anchor], ["trialing", end]);
    assert.equal(subscription.items.data[0]?.current_period_end, end);
    assert.ok(typeof first === "object" && first !== null);
    assert.deepEqual([first.status, first.total, first.attempt_count], ["paid", 0, 0]);
    assert.equal(first.lines.data[0]?.description, "Free trial for 1 × Gold");
    await world.clock.advance(10 * dayMs);
    assert.ok(!(await world.eventTypes()).includes("customer.subscription.trial_will_end"));
    await world.clock.advance(2 * dayMs);
    assert.ok((await world.eventTypes()).includes("customer.subscription.trial_will_end"));
    await world.clock.advance(2 * dayMs + 2 * hourMs);
    const after = await world.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
    assert.ok(typeof after.latest_invoice === "object");
    assert.deepEqual([after.status, after.latest_invoice?.amount_paid], ["active", 1000]);
    assert.equal(after.items.data[0]?.current_period_start, end);
  });

  test("of a classic subscription has words of its own", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      trial_period_days: 1,
      billing_mode: { type: "classic" },
      expand: ["latest_invoice"],
    });
    assert.ok(typeof latest_invoice === "object");
    assert.equal(latest_invoice?.lines.data[0]?.description, "Trial period for Gold");
  });

  test("of a price counts only where it is asked for", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id: price } = await world.stripe.prices.create({
      currency: "usd",
      unit_amount: 1000,
      recurring: { interval: "month", trial_period_days: 7 },
      product_data: { name: "Gold" },
    });
    const paid = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const free = await world.stripe.subscriptions.create({ customer, items: [{ price }], trial_from_plan: true });
    assert.deepEqual([paid.status, free.status], ["active", "trialing"]);
    assert.equal((free.trial_end ?? 0) - (free.trial_start ?? 0), 7 * 86_400);
    const form = `customer=${customer}&items[0][price]=${price}&trial_from_plan=true&trial_period_days=3`;
    const { error } = await world.call("POST", "/v1/subscriptions", form);
    assert.equal(error.message, "You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.");
  });

  const ends: readonly [Missing, string][] = [
    ["create_invoice", "past_due"],
    ["pause", "paused"],
    ["cancel", "canceled"],
  ];
  for (const [behavior, status] of ends) {
    test(`without a payment method that ends with ${behavior} makes the subscription ${status}`, async () => {
      const world = startWorld();
      const { id } = await unpaidTrial(world, behavior);
      await world.clock.advance(7 * dayMs + 2 * hourMs);
      assert.equal((await world.stripe.subscriptions.retrieve(id)).status, status);
    });
  }

  test("without a payment method asks for one with a setup intent, which pays from then on", async () => {
    const world = startWorld();
    const { id, pending_setup_intent: intent } = await unpaidTrial(world, "pause");
    assert.equal(typeof intent, "string");
    await world.stripe.setupIntents.confirm(String(intent), { payment_method: "pm_card_visa" });
    const { default_payment_method, pending_setup_intent } = await world.stripe.subscriptions.retrieve(id);
    assert.equal(pending_setup_intent, null);
    assert.equal(typeof default_payment_method, "string");
    await world.clock.advance(8 * dayMs);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
  });

  test("whose end shall leave the anchor as it is has no sandbox yet", async () => {
    const world = startWorld();
    const { id } = await unpaidTrial(world, "pause");
    const path = `/v1/subscriptions/${id}`;
    const behavior = "trial_settings[end_behavior]";
    const form = (anchor: string) =>
      `${behavior}[missing_payment_method]=pause&${behavior}[billing_cycle_anchor]=${anchor}`;
    const { error, status } = await world.call("POST", path, form("unchanged"));
    assert.deepEqual([status, error.param], [501, "trial_settings[end_behavior][billing_cycle_anchor]"]);
    assert.equal((await world.call("POST", path, form("now"))).status, 200);
  });

  test("that is ended by a call is paid in it, or paused, or refused", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      trial_period_days: 14,
    });
    await world.clock.advance(dayMs);
    const ended = await world.stripe.subscriptions.update(id, { trial_end: "now", expand: ["latest_invoice"] });
    const now = Math.floor(world.clock.now() / 1000);
    assert.deepEqual([ended.status, ended.trial_end, ended.billing_cycle_anchor], ["active", now, now]);
    assert.ok(typeof ended.latest_invoice === "object");
    assert.equal(ended.latest_invoice?.amount_paid, 1000);
    const paused = await unpaidTrial(world, "pause");
    assert.equal((await world.stripe.subscriptions.update(paused.id, { trial_end: "now" })).status, "paused");
    const refused = await unpaidTrial(world, "create_invoice");
    const { error, status } = await world.call("POST", `/v1/subscriptions/${refused.id}`, "trial_end=now");
    assert.deepEqual([status, error.code], [400, "resource_missing"]);
    assert.equal((await world.stripe.subscriptions.retrieve(refused.id)).status, "trialing");
  });

  test("that left its customer paused goes on once the new period is paid", async () => {
    const world = startWorld();
    const { id, customer } = await unpaidTrial(world, "pause");
    await world.clock.advance(8 * dayMs);
    const waiting = await world.stripe.subscriptions.resume(id);
    assert.deepEqual([waiting.status, typeof waiting.pending_update?.expires_at], ["paused", "number"]);
    await world.stripe.paymentMethods.attach("pm_card_visa", { customer: String(customer) });
    await world.stripe.invoices.pay(String(waiting.latest_invoice), { payment_method: "pm_card_visa" });
    const after = await world.stripe.subscriptions.retrieve(id);
    assert.deepEqual([after.status, after.pending_update], ["active", null]);
    assert.equal(after.items.data[0]?.current_period_start, Math.floor(world.clock.now() / 1000));
  });

  test("of the price begins again where a running subscription is asked for it", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const recurring = { interval: "month", trial_period_days: 5 } as const;
    const product_data = { name: "Gold" };
    const { id: price } = await world.stripe.prices.create({
      currency: "usd",
      unit_amount: 100,
      recurring,
      product_data,
    });
    const { id } = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    const { status, trial_end } = await world.stripe.subscriptions.update(id, { trial_from_plan: true });
    assert.deepEqual([status, trial_end], ["trialing", Math.floor(world.clock.now() / 1000) + 5 * 86_400]);
  });
});

// The words of https://docs.stripe.com/api/subscriptions/resume
suite("a paused subscription that goes on in the period of its old anchor", () => {
  async function pausedForADay() {
    const world = startWorld();
    const { id, customer } = await unpaidTrial(world, "pause");
    await world.clock.advance(8 * dayMs);
    const { billing_cycle_anchor: anchor } = await world.stripe.subscriptions.retrieve(id);
    const waiting = async () => (await world.stripe.invoiceItems.list({ pending: true })).data;
    const resume = (proration_behavior: "always_invoice" | "create_prorations" | "none", proration_date?: number) =>
      world.stripe.subscriptions.resume(id, {
        billing_cycle_anchor: { type: "unchanged" },
        proration_behavior,
        ...(proration_date !== undefined && { proration_date }),
      });
    return { ...world, id, customer: String(customer), anchor, waiting, resume };
  }

  test("runs at once, and asks for what is left of the period with its next invoice, or for nothing", async () => {
    for (const behavior of ["create_prorations", "none"] as const) {
      const { stripe, id, anchor, waiting, resume } = await pausedForADay();
      const preview = await stripe.invoices.createPreview({
        subscription: id,
        subscription_details: {
          resume_at: "now",
          billing_cycle_anchor: { type: "unchanged" },
          proration_behavior: behavior,
        },
      });
      const { status, items, billing_cycle_anchor: after } = await resume(behavior);
      const { current_period_start: start, current_period_end: end } = items.data[0]!; // It has one.
      assert.deepEqual([status, after, start], ["active", anchor, anchor]);
      const rest = Math.round((1000 * (end - anchor - 86_400)) / (end - anchor));
      const asked = behavior === "none" ? [] : [rest];
      assert.deepEqual(
        (await waiting()).map(({ amount }) => amount),
        asked,
      );
      assert.equal(
        preview.total,
        [1000, ...asked].reduce((sum, amount) => sum + amount),
      );
    }
  });

  test("waits for its payment where that is invoiced at once, as from the second that is named", async () => {
    const { stripe, customer, anchor, resume, id } = await pausedForADay();
    await assert.rejects(resume("always_invoice", anchor - 1), { param: "proration_date" });
    const asked = await resume("always_invoice", anchor);
    assert.deepEqual([asked.status, typeof asked.pending_update?.expires_at], ["paused", "number"]);
    await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const paid = await stripe.invoices.pay(String(asked.latest_invoice), { payment_method: "pm_card_visa" });
    assert.equal(paid.amount_paid, 1000);
    const after = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([after.status, after.billing_cycle_anchor], ["active", anchor]);
  });

  test("is asked for by a word before 2026-09-30", async () => {
    const { call, id } = await pausedForADay();
    const given = { form: "billing_cycle_anchor=unchanged", headers: { "stripe-version": "2026-08-26.dahlia" } };
    assert.equal((await call("POST", `/v1/subscriptions/${id}/resume`, given)).json.status, "active");
  });
});

async function unpaidTrial(world: SandboxWorld, missing: Missing) {
  const { id: customer } = await world.stripe.customers.create({ email: "ben@shop.test" });
  return world.stripe.subscriptions.create({
    customer,
    items: [{ price: await monthly(world, 1000) }],
    trial_period_days: 7,
    trial_settings: { end_behavior: { missing_payment_method: missing } },
  });
}
