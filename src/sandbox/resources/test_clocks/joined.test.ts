import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { monthly } from "../subscriptions/testing.ts";

const day = dayMs / 1000;

/** A customer who has paid, and is billed again in a month. */
async function startSubscribed() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { id: customer } = await stripe.customers.create({ email: "a@shop.test" });
  const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: "repeating", duration_in_months: 1 });
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: await monthly(world, 1_000) }],
    discounts: [{ coupon }],
  });
  const draft = await stripe.invoices.create({ customer, auto_advance: true });
  await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 700, currency: "usd" });
  return { ...world, customer, subscription, draft, now: () => Math.floor(clock.now() / 1000) };
}

suite("a test clock for a customer who is there already", () => {
  test("what they have hangs on it, and is billed in its time and no more in the world's", async () => {
    const { stripe, clock, customer, subscription, draft, now } = await startSubscribed();
    const { id } = await stripe.testHelpers.testClocks.create({ frozen_time: now() + day, customer });
    const shown = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
    assert.deepEqual([shown.test_clock, (shown.latest_invoice as { test_clock?: string }).test_clock], [id, id]);
    const numbered = async () =>
      (await stripe.invoices.list({ customer })).data.map(({ total, status }) => [total, status]);
    const before = [
      [700, "draft"],
      [900, "paid"],
    ];
    assert.deepEqual(await numbered(), before);

    await clock.advance(20 * dayMs);
    assert.deepEqual(await numbered(), before, "the world's time moves nothing of it");

    await stripe.testHelpers.testClocks.advance(id, { frozen_time: shown.billing_cycle_anchor + 33 * day });
    for (let turn = 0; turn < 50; turn++) await clock.advance(0);
    const [renewal, ...rest] = (await stripe.invoices.list({ customer })).data;
    assert.deepEqual(
      [renewal?.total, renewal?.status, rest.map(({ status }) => status)],
      [1_000, "paid", ["paid", "paid"]],
    );
    const period = renewal?.lines.data[0]?.period;
    assert.equal(period?.start, subscription.items.data[0]?.current_period_end);
    assert.ok(Number(draft.created) < Number((await stripe.invoices.retrieve(draft.id)).status_transitions.paid_at));
    const [over] = (await stripe.events.list({ type: "customer.discount.deleted" })).data;
    assert.equal((over?.data.object as Stripe.Discount | undefined)?.end, over?.created, "its months too");
    assert.ok(over);
  });

  test("payments of theirs stay in the world's time", async () => {
    const { stripe, clock, customer, now } = await startSubscribed();
    const { id } = await stripe.paymentIntents.create({
      amount: 900,
      currency: "eur",
      customer,
      confirm: true,
      payment_method: "pm_sepaDebit_success_de",
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      mandate_data: { customer_acceptance: { type: "offline" } },
    });
    await stripe.testHelpers.testClocks.create({ frozen_time: now() + day, customer });
    assert.equal((await stripe.paymentIntents.retrieve(id)).status, "processing");
    await clock.advance(60_000);
    assert.equal((await stripe.paymentIntents.retrieve(id)).status, "succeeded");
  });

  test("it does not begin before what they have lived through, and nobody hangs on two", async () => {
    const { stripe, customer, now } = await startSubscribed();
    const begin = (frozen_time: number) => stripe.testHelpers.testClocks.create({ frozen_time, customer });
    await assert.rejects(begin(now() - day), { statusCode: 400, param: "frozen_time" });
    await begin(now() + day);
    await assert.rejects(begin(now() + 2 * day), { statusCode: 400, param: "customer" });
    const nobody = { frozen_time: now(), customer: "cus_nope" };
    await assert.rejects(stripe.testHelpers.testClocks.create(nobody), { code: "resource_missing" });
  });
});
