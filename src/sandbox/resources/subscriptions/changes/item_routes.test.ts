import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function ready(card?: string) {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 3000)];
  const { id, items } = await stripe.subscriptions.create({ customer, items: [{ price: silver }] });
  if (card !== undefined) {
    const { id: method } = await stripe.paymentMethods.attach(card, { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  }
  await clock.advance(10 * dayMs);
  const first = items.data[0]!; // It has one.
  const waiting = async () => (await stripe.invoiceItems.list({ pending: true })).data;
  return { ...world, customer, silver, gold, id, first, waiting };
}

suite("an item at an address of its own", () => {
  test("is prorated from the second that is named, with its rates and its discounts", async () => {
    const { stripe, gold, id, first, waiting } = await ready();
    const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 10 })).id;
    await stripe.coupons.create({ id: "HALF", percent_off: 50, duration: "forever" });
    const { current_period_start: start, current_period_end: end } = first;
    const added = await stripe.subscriptionItems.create({
      subscription: id,
      price: gold,
      quantity: 2,
      discounts: [{ coupon: "HALF" }],
      tax_rates: [rate],
      proration_date: start + (end - start) / 2,
      metadata: { of: "gold" },
    });
    assert.deepEqual([added.quantity, added.metadata, added.tax_rates?.[0]?.id], [2, { of: "gold" }, rate]);
    const [debit] = await waiting();
    assert.deepEqual(
      [debit?.amount, debit?.period, debit?.tax_rates?.[0]?.id],
      [1500, { start: start + (end - start) / 2, end }, rate],
    );
    await stripe.subscriptionItems.update(added.id, {
      tax_rates: "",
      metadata: { of: "" },
      proration_behavior: "none",
    });
    const { metadata, tax_rates, discounts } = await stripe.subscriptionItems.retrieve(added.id);
    assert.deepEqual([metadata, tax_rates, discounts.length], [{}, [], 1]);
    const gone = await stripe.subscriptionItems.del(added.id, { proration_date: start + (3 * (end - start)) / 4 });
    assert.deepEqual({ ...gone }, { id: added.id, object: "subscription_item", deleted: true });
    assert.deepEqual(
      (await waiting()).map(({ amount }) => amount),
      [-750, 1500],
    );
  });

  test("that cannot be paid for leaves it past due, waits to be paid, or is taken back, as is asked for", async () => {
    const { stripe, call, id, first } = await ready("pm_card_chargeCustomerFail");
    const ask = (behavior: string) =>
      call(
        "POST",
        `/v1/subscription_items/${first.id}`,
        `quantity=2&proration_behavior=always_invoice&payment_behavior=${behavior}`,
      );
    const { status, error } = await ask("error_if_incomplete");
    assert.deepEqual([status, error.code], [402, "card_declined"]);
    assert.equal((await stripe.subscriptionItems.retrieve(first.id)).quantity, 1);
    const held = await ask("pending_if_incomplete");
    assert.deepEqual([held.status, held.json.quantity], [200, 1]);
    await ask("allow_incomplete");
    const { status: owed, items } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([owed, items.data[0]?.quantity], ["past_due", 2]);
  });

  test("is refused in the names of what was sent", async () => {
    const { call, silver, id, first } = await ready();
    const [all, one] = ["/v1/subscription_items", `/v1/subscription_items/${first.id}`];
    const of = `subscription=${id}`;
    const rows = [
      ["POST", all, `price=${silver}`, 400, "subscription"],
      ["POST", all, `subscription=sub_nope&price=${silver}`, 400, "subscription"],
      ["POST", all, of, 400, "price"],
      ["POST", all, `${of}&price=price_nope`, 400, "price"],
      ["POST", all, `${of}&price=${silver}`, 400, "items"],
      ["POST", one, "quantity=-1", 400, "quantity"],
      ["POST", one, "discounts[0][coupon]=nope", 400, "discounts[0][coupon]"],
      ["POST", one, "billing_thresholds[usage_gte]=5", 400, "billing_thresholds[usage_gte]"],
      ["POST", one, "current_trial[trial_offer]=to_1", 400, "current_trial[trial_offer]"],
      ["POST", one, "proration_date=1", 400, "proration_date"],
      ["DELETE", one, "clear_usage=true", 501, "clear_usage"],
      ["DELETE", one, "", 400, "items"],
    ] as const;
    for (const [method, path, form, status, param] of rows) {
      const answer = await call(method, path, { form, headers: { "stripe-version": "2026-09-30.endive" } });
      assert.deepEqual([method, form, answer.status, answer.error?.param], [method, form, status, param]);
      assert.doesNotMatch(String(answer.error?.message), /items\[0\]/);
    }
  });

  test("is listed with its siblings page by page, oldest first", async () => {
    const world = await ready();
    const { stripe, id, first } = world;
    const ids = [first.id];
    for (const amount of [100, 200, 300]) {
      const price = await monthly(world, amount);
      ids.push((await stripe.subscriptionItems.create({ subscription: id, price })).id);
    }
    const seen: string[] = [];
    for await (const item of stripe.subscriptionItems.list({ subscription: id, limit: 2 })) seen.push(item.id);
    assert.deepEqual(seen, ids);
    const before = await stripe.subscriptionItems.list({ subscription: id, ending_before: ids.at(-1) ?? "", limit: 2 });
    assert.deepEqual([before.data.map((item) => item.id), before.has_more], [ids.slice(1, 3), true]);
  });
});
