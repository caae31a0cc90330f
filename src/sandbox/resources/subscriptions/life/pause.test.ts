import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, hourMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

const start = Date.UTC(2027, 3, 1); // A month of thirty days.
const day = dayMs / 1000;

/** For 30.00 a month, so that a day costs 1.00. */
async function subscribed(more: Partial<Stripe.SubscriptionCreateParams> = {}, card?: string) {
  const world = startWorld({ start });
  const { customer } = await billedCustomer(world, card);
  const price = await monthly(world, 3000);
  const { id } = await world.stripe.subscriptions.create({ customer, items: [{ price }], ...more });
  const days = (count: number) => world.clock.advance(count * dayMs);
  const now = () => Math.floor(world.clock.now() / 1000);
  const read = () => world.stripe.subscriptions.retrieve(id);
  const pay = (invoice: Stripe.Subscription["latest_invoice"]) => world.stripe.invoices.pay(String(invoice));
  const pending = async () =>
    (await world.stripe.invoiceItems.list({ customer, pending: true })).data.map(({ amount }) => amount);
  const bills = async () =>
    (await world.stripe.invoices.list({ subscription: id })).data.map(({ status, total }) => [status, total]);
  const useCard = async (name: string) => {
    const { id: method } = await world.stripe.paymentMethods.attach(name, { customer });
    await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  };
  return { ...world, bills, customer, days, id, now, pay, pending, price, read, useCard };
}

const anchor = (type: "now" | "unchanged") => ({ billing_cycle_anchor: { type } });

suite("a subscription that is paused", () => {
  test("gives back what is unused, says since when and why, and is told of in two events", async () => {
    const { days, eventTypes, id, now, pending, stripe } = await subscribed();
    await days(10);
    const told = (await eventTypes()).length;
    const paused = await stripe.subscriptions.pause(id);
    assert.equal(paused.status, "paused");
    assert.deepEqual(paused.status_details, {
      paused: { subscription: { type: "pause_requested" }, transitioned_at: now(), type: "subscription" },
    });
    assert.equal(paused.items.data[0]?.current_period_end, now());
    assert.deepEqual(await pending(), [-2000]);
    const types = (await eventTypes()).slice(told).filter((type) => type.startsWith("customer.subscription."));
    assert.deepEqual(types, ["customer.subscription.paused", "customer.subscription.updated"]);
  });

  test("is neither billed nor announced, and ends where that was chosen", async () => {
    const { bills, days, eventTypes, id, now, read, stripe } = await subscribed();
    const end = now() + 70 * day;
    await stripe.subscriptions.update(id, { cancel_at: end });
    await stripe.subscriptions.pause(id);
    await days(69);
    assert.deepEqual([(await read()).status, await bills()], ["paused", [["paid", 3000]]]);
    assert.equal((await eventTypes()).includes("invoice.upcoming"), false);
    await days(2);
    const { ended_at, status } = await read();
    assert.deepEqual([status, ended_at], ["canceled", end]);
  });

  test("gives back from now, from the period's beginning, or nothing, and is billed at once if asked", async () => {
    const rows = [
      ["now", "pending_invoice_item", [-2000], 0],
      ["item_current_period_start", "pending_invoice_item", [-3000], 0],
      ["none", "pending_invoice_item", [], 0],
      ["now", "invoice", [], -2000],
      ["none", "invoice", [], 0],
    ] as const;
    for (const [type, invoicing_behavior, waits, balance] of rows) {
      const { customer, days, id, pending, stripe } = await subscribed();
      await days(10);
      const asked = { bill_for: { unused_time_from: { type } }, invoicing_behavior } as const;
      const preview = stripe.invoices.createPreview({ subscription: id, subscription_details: { pause: asked } });
      if (balance === 0) await assert.rejects(preview, { code: "invoice_upcoming_none" });
      else assert.equal((await preview).total, balance);
      await stripe.subscriptions.pause(id, asked);
      assert.deepEqual(await pending(), waits);
      const payer = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
      assert.equal(payer.balance, balance);
    }
  });

  test("is not moved by what it was billed before", async () => {
    const { bills, days, id, pay, read, stripe, useCard } = await subscribed();
    await useCard("pm_card_chargeCustomerFail");
    await days(31);
    assert.equal((await read()).status, "past_due");
    const { latest_invoice } = await stripe.subscriptions.pause(id, {
      bill_for: { unused_time_from: { type: "none" } },
    });
    await days(7); // It is tried again, in vain.
    assert.equal((await read()).status, "paused");
    await useCard("pm_card_visa");
    await pay(latest_invoice);
    assert.deepEqual([(await read()).status, (await bills())[0]], ["paused", ["paid", 3000]]);
  });

  test("is refused where it cannot be", async () => {
    const { call, customer, id, price, stripe } = await subscribed();
    const make = async (more: Partial<Stripe.SubscriptionCreateParams>) =>
      (await stripe.subscriptions.create({ customer, items: [{ price }], ...more })).id;
    const rows: readonly (readonly [id: string, status: number, message: RegExp])[] = [
      [await make({ billing_mode: { type: "classic" } }), 400, /billing_mode\[type\]=flexible/],
      [await make({ collection_method: "send_invoice", days_until_due: 5 }), 400, /charge_automatically/],
      [await make({ trial_period_days: 5 }), 400, /`trialing`/],
      [await make({ payment_behavior: "default_incomplete" }), 400, /`incomplete`/],
    ];
    for (const [of, status, message] of rows) {
      const { error, status: answered } = await call("POST", `/v1/subscriptions/${of}/pause`);
      assert.deepEqual([answered, message.test(String(error.message))], [status, true], String(error.message));
    }
    await stripe.subscriptions.pause(id);
    assert.match(String((await call("POST", `/v1/subscriptions/${id}/pause`)).error.message), /`paused`/);
    await stripe.subscriptions.cancel(id);
    assert.equal((await call("POST", `/v1/subscriptions/${id}/pause`)).error.code, "resource_missing");
  });

  test("leaves nothing of an update that waited", async () => {
    const { days, id, pending, price, read, stripe, useCard } = await subscribed();
    await useCard("pm_card_chargeCustomerFail");
    await days(10);
    const [item] = (await read()).items.data;
    const items = [{ id: item!.id, price, quantity: 2 }]; // It has one.
    const held = await stripe.subscriptions.update(id, {
      items,
      payment_behavior: "pending_if_incomplete",
      proration_behavior: "always_invoice",
    });
    assert.notEqual(held.pending_update, null);
    const paused = await stripe.subscriptions.pause(id);
    assert.deepEqual([paused.pending_update, await pending()], [null, [-2000]]);
  });
});

suite("a paused subscription that is resumed", () => {
  test("begins a new period, less what it was given back, once somebody pays for it", async () => {
    const { days, eventTypes, id, now, pay, read, stripe } = await subscribed();
    await days(10);
    await stripe.subscriptions.pause(id);
    await days(60);
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { resume_at: "now" },
    });
    assert.equal(preview.total, 1000);
    const waiting = await stripe.subscriptions.resume(id);
    assert.deepEqual([waiting.status, waiting.pending_update?.expires_at], ["paused", now() + 23 * 3600]);
    const told = (await eventTypes()).length;
    assert.equal((await pay(waiting.latest_invoice)).amount_paid, 1000);
    const after = await read();
    assert.deepEqual([after.status, after.pending_update, after.status_details], ["active", null, undefined]);
    assert.deepEqual([after.billing_cycle_anchor, after.items.data[0]?.current_period_start], [now(), now()]);
    const types = (await eventTypes()).slice(told).filter((type) => type.startsWith("customer.subscription."));
    assert.deepEqual(types, ["customer.subscription.resumed", "customer.subscription.updated"]);
    await days(32);
    assert.equal((await read()).latest_invoice === after.latest_invoice, false, "it is renewed again");
  });

  test("runs at once where its credit is enough", async () => {
    const { bills, days, id, stripe } = await subscribed();
    await days(1);
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "item_current_period_start" } } });
    assert.deepEqual([(await stripe.subscriptions.resume(id)).status, (await bills())[0]], ["active", ["paid", 0]]);
  });

  test("is past due when an attempt fails, and nothing is tried again by itself", async () => {
    const { bills, days, id, now, pay, read, stripe, useCard } = await subscribed();
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } });
    await useCard("pm_card_chargeCustomerFail");
    const { latest_invoice } = await stripe.subscriptions.resume(id);
    await assert.rejects(pay(latest_invoice), { code: "card_declined" });
    const after = await read();
    assert.deepEqual([after.status, after.pending_update], ["past_due", null]);
    assert.equal(after.items.data[0]?.current_period_start, now());
    await useCard("pm_card_visa");
    await days(20);
    assert.deepEqual((await bills())[0], ["open", 3000]);
    await pay(latest_invoice);
    assert.equal((await read()).status, "active");
  });

  test("only on success is paid in the call, or stays paused and is tried again", async () => {
    const { days, id, now, read, stripe, useCard } = await subscribed();
    const onSuccess = { payment_behavior: "resume_on_payment_success" } as const;
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } });
    assert.equal((await stripe.subscriptions.resume(id, onSuccess)).status, "active");
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } });
    await useCard("pm_card_chargeCustomerFail");
    const failed = await stripe.subscriptions.resume(id, onSuccess);
    assert.deepEqual([failed.status, failed.pending_update?.expires_at], ["paused", now() + 365 * day]);
    await useCard("pm_card_visa");
    await days(5);
    assert.deepEqual([(await read()).status, (await read()).pending_update], ["active", null]);
  });

  test("only on success needs something to pay with, and to be flexible", async () => {
    const { call, customer, id, price, stripe } = await subscribed();
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: "" } });
    const onSuccess = "payment_behavior=resume_on_payment_success";
    const { error } = await call("POST", `/v1/subscriptions/${id}/resume`, onSuccess);
    assert.equal(error.code, "resource_missing");
    const trial = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
      billing_mode: { type: "classic" },
      trial_period_days: 1,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    });
    await stripe.subscriptions.update(trial.id, { trial_end: "now" });
    const classic = await call("POST", `/v1/subscriptions/${trial.id}/resume`, onSuccess);
    assert.deepEqual([classic.status, classic.error.param], [400, "payment_behavior"]);
    await stripe.subscriptions.update(trial.id, { collection_method: "send_invoice", days_until_due: 3 });
    const sent = await call("POST", `/v1/subscriptions/${trial.id}/resume`);
    assert.match(String(sent.error.message), /charge_automatically/);
  });

  test("stays paused when nobody pays, voids or asks again, and has its credit still", async () => {
    const { bills, days, clock, id, pending, read, stripe } = await subscribed();
    await days(10);
    await stripe.subscriptions.pause(id);
    await stripe.subscriptions.resume(id);
    assert.deepEqual(await pending(), []);
    await clock.advance(23 * hourMs + 1000);
    assert.deepEqual([(await read()).status, (await bills())[0], await pending()], ["paused", ["void", 1000], [-2000]]);
    const { latest_invoice } = await stripe.subscriptions.resume(id);
    await stripe.invoices.voidInvoice(String(latest_invoice));
    assert.deepEqual([(await read()).pending_update, await pending()], [null, [-2000]]);
    await stripe.subscriptions.resume(id);
    await stripe.subscriptions.resume(id);
    assert.deepEqual((await bills()).slice(0, 2), [
      ["open", 1000],
      ["void", 1000],
    ]);
  });

  test("written off, it runs", async () => {
    const { id, read, stripe } = await subscribed();
    await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: "none" } } });
    const { latest_invoice } = await stripe.subscriptions.resume(id);
    await stripe.invoices.markUncollectible(String(latest_invoice));
    assert.equal((await read()).status, "active");
  });

  test("in the old period is not asked for time before it was paused", async () => {
    const { days, id, now, stripe } = await subscribed();
    await days(10);
    await stripe.subscriptions.pause(id);
    const since = now();
    await days(5);
    const resume = (proration_date: number) =>
      stripe.subscriptions.resume(id, { ...anchor("unchanged"), proration_date });
    await assert.rejects(resume(since - 1), { param: "proration_date" });
    assert.equal((await resume(since)).status, "active");
  });
});

/** A second model: the nearest cent of a part of the month, in whole numbers; a half is rounded down. */
function partOf(cents: bigint, seconds: bigint, of: bigint): number {
  const [over, under] = [2n * cents * seconds - of, 2n * of];
  return Number(over > 0n ? (over + under - 1n) / under : over / under);
}

test("however often it is paused and resumed in a month, what is billed is the time that was served", async () => {
  for (const seed of [1, 2, 3]) {
    const random = seededRandom(seed, "pauses");
    const { clock, id, now, pending, stripe } = await subscribed();
    const month = 30 * day;
    const end = now() + month;
    const left = (cents: bigint) => partOf(cents, BigInt(end - now()), BigInt(month));
    const wait = () => clock.advance((1 + Math.floor(random.next() * 4 * day)) * 1000);
    const expected: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await wait();
      await stripe.subscriptions.pause(id);
      expected.push(left(-3000n));
      await wait();
      await stripe.subscriptions.resume(id, anchor("unchanged"));
      expected.push(left(3000n));
    }
    assert.deepEqual((await pending()).reverse(), expected);
  }
});
