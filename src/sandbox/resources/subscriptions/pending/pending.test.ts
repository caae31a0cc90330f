import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, hourMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

/** A subscription that was paid, and a card that is declined from now on. */
async function ready(card = "pm_card_chargeCustomerFail") {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 3000)];
  const { id, items } = await stripe.subscriptions.create({ customer, items: [{ price: silver }] });
  const { id: method } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  await clock.advance(10 * dayMs);
  const item = items.data[0]!.id; // It has one.
  const update = (params: Stripe.SubscriptionUpdateParams) =>
    stripe.subscriptions.update(id, {
      payment_behavior: "pending_if_incomplete",
      proration_behavior: "always_invoice",
      ...params,
    });
  const upgrade = (more: Stripe.SubscriptionUpdateParams = {}) =>
    update({ items: [{ id: item, price: gold }], ...more });
  const now = () => stripe.subscriptions.retrieve(id);
  const latest = async () => stripe.invoices.retrieve(String((await now()).latest_invoice));
  const pending = async () => (await stripe.invoiceItems.list({ customer, pending: true })).data;
  let heard = (await world.eventTypes()).length;
  const told = async () => {
    const all = await world.eventTypes();
    const news = all.slice(heard);
    heard = all.length;
    return news;
  };
  return { ...world, customer, silver, gold, id, item, update, upgrade, now, latest, pending, told };
}

const priceOf = ({ items }: Stripe.Subscription) => items.data.map(({ price, quantity }) => [price.id, quantity]);

suite("an update that is not paid for", () => {
  test("waits: nothing has changed but that it shows what it would become, and an invoice is open", async () => {
    const { clock, silver, gold, upgrade, latest, told } = await ready();
    const held = await upgrade();
    assert.deepEqual([held.status, priceOf(held)], ["active", [[silver, 1]]]);
    const { pending_update: update } = held;
    assert.equal(update?.expires_at, Math.floor((clock.now() + 23 * hourMs) / 1000));
    assert.deepEqual(
      update.subscription_items?.map(({ price, quantity }) => [price.id, quantity]),
      [[gold, 1]],
    );
    assert.deepEqual([update.billing_cycle_anchor, update.trial_end, update.metadata], [null, null, null]);
    const invoice = await latest();
    assert.deepEqual([invoice.status, invoice.billing_reason], ["open", "subscription_update"]);
    assert.equal((await told()).at(-1), "customer.subscription.updated");
  });

  test("is refused to who pays by a debit, and leaves no trace", async () => {
    const { call, id, item, gold, now } = await ready("pm_usBankAccount_success");
    const form = `items[0][id]=${item}&items[0][price]=${gold}&payment_behavior=pending_if_incomplete`;
    const { error, status } = await call("POST", `/v1/subscriptions/${id}`, form);
    assert.deepEqual([status, error.param], [400, "payment_behavior"]);
    assert.match(String(error.message), /`us_bank_account`/);
    assert.equal((await now()).pending_update, null);
  });

  test("uses a discount for once when it is paid; given up, it leaves it to the next invoice", async () => {
    const once = { duration: "once", percent_off: 50 } as const;
    for (const isPaid of [true, false]) {
      const { stripe, clock, id, now, upgrade, latest } = await ready();
      const { id: coupon } = await stripe.coupons.create(once);
      await stripe.subscriptions.update(id, { discounts: [{ coupon }] });
      const held = await upgrade({ billing_cycle_anchor: { type: "now" } });
      assert.equal(held.discounts.length, 1);
      const { id: invoice, total_discount_amounts: taken } = await latest();
      assert.equal(taken?.length, 1);
      if (isPaid) await stripe.invoices.pay(invoice, { payment_method: "pm_card_visa" });
      else await clock.advance(dayMs);
      assert.equal((await now()).discounts.length, isPaid ? 0 : 1);
      const next = await stripe.invoices.createPreview({ subscription: id });
      assert.equal(next.total, isPaid ? 3000 : 500);
    }
  });

  test("leaves a customer the discount for once that they had, and other drafts theirs", async () => {
    const { stripe, call, clock, customer, upgrade } = await ready();
    const { id: coupon } = await stripe.coupons.create({ duration: "once", percent_off: 50 });
    const headers = { "stripe-version": "2024-11-20.acacia" };
    await call("POST", `/v1/customers/${customer}`, { form: `coupon=${coupon}`, headers });
    await stripe.invoiceItems.create({ customer, amount: 400, currency: "usd" });
    const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    assert.equal(draft.total, 200);
    await upgrade();
    await clock.advance(dayMs);
    const payer = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    assert.notEqual(payer.discount, null);
    assert.equal((await stripe.invoices.retrieve(draft.id)).total, 200);
  });

  test("is applied when somebody pays", async () => {
    const { stripe, gold, upgrade, now, latest, told } = await ready();
    await upgrade();
    await told();
    await stripe.invoices.pay((await latest()).id, { payment_method: "pm_card_visa" });
    const after = await now();
    assert.deepEqual([after.status, after.pending_update, priceOf(after)], ["active", null, [[gold, 1]]]);
    const said = await told();
    assert.deepEqual(
      said.filter((type) => type.startsWith("customer.subscription")),
      ["customer.subscription.updated", "customer.subscription.pending_update_applied"],
    );
  });

  test("is applied at once when it is paid at once, or when nothing is billed", async () => {
    const { stripe, gold, silver, customer, update, upgrade, item, pending } = await ready("pm_card_mastercard");
    const after = await upgrade();
    assert.deepEqual([after.pending_update, priceOf(after)], [null, [[gold, 1]]]);
    const { id: bad } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad } });
    const later = await update({
      items: [{ id: item, price: silver, quantity: 5 }],
      proration_behavior: "create_prorations",
    });
    assert.deepEqual([later.pending_update, priceOf(later), (await pending()).length], [null, [[silver, 5]], 2]);
  });

  test("is given up after 23 hours, and its invoice is void", async () => {
    const { clock, silver, upgrade, now, latest, pending, told } = await ready();
    await upgrade();
    const before = await now();
    await told();
    await clock.advance(23 * hourMs);
    const after = await now();
    assert.deepEqual(after, { ...before, pending_update: null });
    assert.deepEqual([priceOf(after), (await latest()).status, await pending()], [[[silver, 1]], "void", []]);
    assert.deepEqual(
      (await told()).filter((type) => !type.startsWith("charge.") && !type.startsWith("payment_intent.payment")),
      [
        ...["customer.subscription.updated", "customer.subscription.pending_update_expired"],
        ...["payment_intent.canceled", "invoice.updated", "invoice.voided"],
      ],
    );
  });

  test("is given up when its invoice is voided, when another one comes, and when the subscription ends", async () => {
    const { stripe, silver, gold, id, item, upgrade, now, latest, told } = await ready();
    const expired = async () =>
      (await told()).filter((type) => type === "customer.subscription.pending_update_expired").length;
    await upgrade();
    await stripe.invoices.voidInvoice((await latest()).id);
    assert.deepEqual([(await now()).pending_update, await expired()], [null, 1]);
    const first = String((await upgrade()).latest_invoice);
    const second = await upgrade({ items: [{ id: item, price: gold, quantity: 2 }] });
    assert.equal((await stripe.invoices.retrieve(first)).status, "void");
    assert.deepEqual([second.pending_update?.subscription_items?.[0]?.quantity, await expired()], [2, 1]);
    await stripe.subscriptions.update(id, { description: "Still there" });
    assert.notEqual((await now()).pending_update, null);
    const ended = await stripe.subscriptions.cancel(id);
    assert.deepEqual([ended.status, ended.pending_update, priceOf(ended)], ["canceled", null, [[silver, 1]]]);
    assert.equal((await stripe.invoices.retrieve(String(second.latest_invoice))).status, "void");
    assert.equal(await expired(), 1);
  });

  test("is given up at the end of the period that runs, before the next one is billed", async () => {
    const { clock, silver, upgrade, now, stripe, id } = await ready();
    const { current_period_end: end } = (await now()).items.data[0]!;
    await clock.advance(end * 1000 - clock.now() - 20 * hourMs);
    const held = await upgrade();
    assert.equal(held.pending_update?.expires_at, end);
    await clock.advance(20 * hourMs);
    const after = await now();
    assert.deepEqual([after.pending_update, priceOf(after)], [null, [[silver, 1]]]);
    const { data } = await stripe.invoices.list({ subscription: id });
    assert.deepEqual(
      data.map(({ status, total }) => [status, total > 0]),
      [
        ["draft", true],
        ["void", true],
        ["paid", true],
      ],
    );
    assert.equal(data[0]?.total, 1000);
  });

  test("lets what had waited before wait again", async () => {
    const { stripe, clock, customer, upgrade, pending } = await ready();
    await stripe.invoiceItems.create({ customer, amount: 700, currency: "usd" });
    await upgrade();
    assert.deepEqual(await pending(), []);
    await clock.advance(23 * hourMs);
    assert.deepEqual(
      (await pending()).map(({ amount }) => amount),
      [700],
    );
    const later = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    assert.equal(later.total, 700);
  });

  test("may begin the period anew, which begins when that was asked for", async () => {
    const { stripe, clock, gold, upgrade, now, latest } = await ready();
    const asked = Math.floor(clock.now() / 1000);
    const held = await upgrade({ billing_cycle_anchor: { type: "now" } });
    assert.equal(held.pending_update?.billing_cycle_anchor, asked);
    assert.notEqual(held.billing_cycle_anchor, asked);
    await clock.advance(5 * hourMs);
    await stripe.invoices.pay((await latest()).id, { payment_method: "pm_card_visa" });
    const after = await now();
    assert.deepEqual(
      [after.billing_cycle_anchor, after.items.data[0]?.current_period_start, priceOf(after)],
      [asked, asked, [[gold, 1]]],
    );
  });

  test("may end a trial, which goes on until it is paid", async () => {
    const { stripe, customer, gold } = await ready();
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: gold }], trial_period_days: 9 });
    const held = await stripe.subscriptions.update(id, {
      trial_end: "now",
      payment_behavior: "pending_if_incomplete",
    });
    assert.deepEqual([held.status, typeof held.pending_update?.trial_end], ["trialing", "number"]);
    await stripe.invoices.pay(String(held.latest_invoice), { payment_method: "pm_card_visa" });
    const after = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([after.status, after.trial_end], ["active", held.pending_update?.trial_end]);
  });

  test("keeps its metadata and its end until then", async () => {
    const { call, stripe, id, item, gold, now } = await ready();
    await stripe.subscriptions.update(id, { metadata: { a: "1", b: "2" } });
    const form =
      `items[0][id]=${item}&items[0][price]=${gold}&proration_behavior=always_invoice` +
      "&payment_behavior=pending_if_incomplete&metadata[b]=3&cancel_at_period_end=true";
    const headers = { "stripe-version": "2026-09-30.endive" };
    const { json } = await call("POST", `/v1/subscriptions/${id}`, { form, headers });
    assert.deepEqual([json.metadata, json.cancel_at_period_end], [{ a: "1", b: "2" }, false]);
    await stripe.invoices.pay(String(json.latest_invoice), { payment_method: "pm_card_visa" });
    const after = await now();
    assert.deepEqual([after.metadata, after.cancel_at_period_end], [{ a: "1", b: "3" }, true]);
  });

  test("takes nothing but what pending updates support", async () => {
    const { call, stripe, customer, id, item, gold } = await ready();
    const base = `items[0][id]=${item}&payment_behavior=pending_if_incomplete`;
    for (const [form, param, version] of [
      ["description=a", "description", "2026-09-30.endive"],
      ["off_session=true", "off_session", "2026-09-30.endive"],
      ["items[0][metadata][a]=b", "items[0][metadata]", "2026-09-30.endive"],
      ["items[0][deleted]=true", "items[0][deleted]", "2026-09-30.endive"],
      ["metadata[a]=b", "metadata", "2026-04-22.dahlia"],
      ["cancel_at_period_end=true", "cancel_at_period_end", "2026-08-26.dahlia"],
    ] as const) {
      const headers = { "stripe-version": version };
      const { status, error } = await call("POST", `/v1/subscriptions/${id}`, { form: `${base}&${form}`, headers });
      assert.deepEqual([status, error.param], [400, param]);
    }
    const sent = await stripe.subscriptions.create({
      ...{ customer, items: [{ price: gold }], collection_method: "send_invoice", days_until_due: 3 },
    });
    const asked = { payment_behavior: "pending_if_incomplete" } as const;
    await assert.rejects(stripe.subscriptions.update(sent.id, { ...asked, trial_end: "now" }), /send_invoice/);
  });

  test("adds an item, which is answered before it is there", async () => {
    const { stripe, id, gold, now } = await ready();
    const added = await stripe.subscriptionItems.create({
      subscription: id,
      price: gold,
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
    });
    const held = await now();
    assert.deepEqual([added.price.id, held.items.data.length], [gold, 1]);
    await stripe.invoices.pay(String(held.latest_invoice), { payment_method: "pm_card_visa" });
    assert.deepEqual((await now()).items.data.map(({ id: item }) => item).includes(added.id), true);
  });

  test("is not what makes a subscription past due, nor what pays its debts", async () => {
    const { stripe, clock, id, upgrade, now } = await ready();
    const { current_period_end: end } = (await now()).items.data[0]!;
    await clock.advance(end * 1000 - clock.now() + 2 * hourMs);
    assert.equal((await now()).status, "past_due");
    const held = await upgrade();
    assert.equal(held.status, "past_due");
    await stripe.invoices.pay(String(held.latest_invoice), { payment_method: "pm_card_visa" });
    const applied = await now();
    assert.deepEqual([applied.status, applied.pending_update], ["active", null]);
    assert.equal((await stripe.invoices.list({ subscription: id, status: "open" })).data.length, 1);
  });

  test("outlives a restart", async () => {
    const { sandbox, upgrade, latest, gold, id } = await ready();
    await upgrade();
    const again = startWorld();
    const { id: invoice } = await latest();
    again.sandbox.restore(sandbox.snapshot());
    await again.stripe.invoices.pay(invoice, { payment_method: "pm_card_visa" });
    assert.deepEqual(priceOf(await again.stripe.subscriptions.retrieve(id)), [[gold, 1]]);
  });
});
