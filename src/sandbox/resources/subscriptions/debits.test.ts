// Subscriptions paid by direct debit: the bank takes days, and what it says then is news of the invoice.
// https://docs.stripe.com/billing/subscriptions/sepa-debit
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

type Bank = "success" | "failed" | "disputed";

async function debited({ stripe }: SandboxWorld, bank: Bank, test_clock?: string) {
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test", ...(test_clock && { test_clock }) });
  const { id: price } = await stripe.prices.create({
    currency: "eur",
    unit_amount: 1000,
    recurring: { interval: "month" },
    product_data: { name: "Gold" },
  });
  await saveAccount(stripe, customer, bank);
  return { customer, items: [{ price }] };
}

/** A mandate, and the account that is debited from now on. */
async function saveAccount(stripe: SandboxWorld["stripe"], customer: string, bank: Bank) {
  const { payment_method } = await stripe.setupIntents.create({
    customer,
    confirm: true,
    payment_method: `pm_sepaDebit_${bank}_de`,
    mandate_data: { customer_acceptance: { type: "offline" } },
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: String(payment_method) } });
}

/** What was said last of these, in the order in which it was. */
async function lastOf(world: SandboxWorld, order: readonly string[]): Promise<string[]> {
  return (await world.eventTypes()).filter((type) => order.includes(type)).slice(-order.length);
}

suite("a subscription that is debited", () => {
  test("is active while its first debit is on its way, with an open invoice that was attempted", async () => {
    const world = startWorld({ settlement: "real" });
    const subscription = await world.stripe.subscriptions.create(await debited(world, "success"));
    const first = await world.stripe.invoices.retrieve(String(subscription.latest_invoice));
    const { status, attempted, attempt_count, next_payment_attempt } = first;
    assert.equal(subscription.status, "active");
    assert.deepEqual([status, attempted, attempt_count, next_payment_attempt], ["open", true, 1, null]);
    await world.clock.advance(12 * dayMs);
    const paid = await world.stripe.invoices.retrieve(first.id);
    assert.deepEqual([paid.status, paid.amount_paid], ["paid", 1000]);
  });

  test("stays active when its first debit comes back, and that invoice is void: nobody owes it", async () => {
    const world = startWorld({ settlement: "real" });
    const { id, latest_invoice } = await world.stripe.subscriptions.create(await debited(world, "failed"));
    await world.clock.advance(12 * dayMs);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
    const { status, amount_remaining } = await world.stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([status, amount_remaining], ["void", 1000]);
    const order = ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed", "invoice.voided"];
    assert.deepEqual(await lastOf(world, order), order);
  });

  test("is past due when the debit of a renewal comes back after days, and no debit is tried again", async () => {
    const world = startWorld({ settlement: "real" });
    const { customer, items } = await debited(world, "success");
    const subscription = await world.stripe.subscriptions.create({ customer, items });
    await world.clock.advance(20 * dayMs);
    await saveAccount(world.stripe, customer, "failed");
    const end = Number(subscription.items.data[0]?.current_period_end);
    await world.clock.advance(end * 1000 - world.clock.now() + dayMs);
    const renewed = await world.stripe.subscriptions.retrieve(subscription.id);
    const waiting = await world.stripe.invoices.retrieve(String(renewed.latest_invoice));
    assert.deepEqual([renewed.status, waiting.status, waiting.attempt_count], ["active", "open", 1]);
    await world.clock.advance(13 * dayMs);
    const failed = await world.stripe.invoices.retrieve(waiting.id);
    assert.deepEqual([failed.status, failed.attempt_count, failed.next_payment_attempt], ["open", 1, null]);
    assert.equal((await world.stripe.subscriptions.retrieve(subscription.id)).status, "past_due");
    const order = [
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "customer.subscription.updated",
    ];
    assert.deepEqual(await lastOf(world, order), order);
  });

  test("stays as it is when a debit that was paid is disputed, which is lost at once", async () => {
    const world = startWorld();
    const { id, latest_invoice } = await world.stripe.subscriptions.create(await debited(world, "disputed"));
    await world.clock.advance(dayMs);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
    assert.equal((await world.stripe.invoices.retrieve(String(latest_invoice))).status, "paid");
    const order = ["invoice.paid", "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"];
    assert.deepEqual(await lastOf(world, order), order);
  });

  test("under a test clock is paid in the clock's time, although the bank lives in the world's", async () => {
    const world = startWorld();
    const frozen_time = Date.parse("2030-01-01T00:00:00Z") / 1000;
    const clock = await world.stripe.testHelpers.testClocks.create({ frozen_time });
    const { latest_invoice } = await world.stripe.subscriptions.create(await debited(world, "success", clock.id));
    await world.clock.advance(dayMs);
    const { status, status_transitions } = await world.stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([status, status_transitions.paid_at], ["paid", frozen_time]);
  });
});
