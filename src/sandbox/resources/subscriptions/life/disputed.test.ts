import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import type { BillingSettings } from "../../../index.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

/** A subscription whose first payment its customer disputes. */
async function disputed(afterDispute: BillingSettings["afterDispute"], card = "pm_card_createDispute") {
  const world = startWorld({ billing: { afterDispute } });
  const { customer } = await billedCustomer(world, card);
  const items = [{ price: await monthly(world, 1000) }];
  const { id } = await world.stripe.subscriptions.create({ customer, items });
  await world.clock.advance(dayMs);
  return { ...world, id, subscription: await world.stripe.subscriptions.retrieve(id) };
}

suite("a subscription whose payment is disputed", () => {
  test("is left as it is", async () => {
    const { subscription } = await disputed("leave");
    assert.deepEqual([subscription.status, subscription.cancel_at_period_end], ["active", false]);
  });

  test("is canceled at once where its account says so, and nothing is given back", async () => {
    const { subscription, stripe, eventTypes } = await disputed("cancel");
    const { status, cancellation_details, ended_at, canceled_at, latest_invoice } = subscription;
    assert.deepEqual([status, cancellation_details?.reason, ended_at], ["canceled", "payment_disputed", canceled_at]);
    assert.equal((await stripe.invoices.retrieve(String(latest_invoice))).status, "paid");
    assert.equal((await stripe.invoiceItems.list()).data.length, 0);
    const types = await eventTypes();
    assert.ok(types.indexOf("charge.dispute.created") < types.indexOf("customer.subscription.deleted"));
  });

  test("ends with its period where its account says so", async () => {
    const { subscription, stripe, clock, id } = await disputed("cancel_at_period_end");
    const { status, cancel_at, cancel_at_period_end, cancellation_details, items } = subscription;
    assert.deepEqual(
      [status, cancel_at_period_end, cancellation_details?.reason],
      ["active", true, "payment_disputed"],
    );
    assert.equal(cancel_at, items.data[0]?.current_period_end);
    await clock.advance(32 * dayMs);
    const ended = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([ended.status, ended.ended_at], ["canceled", cancel_at]);
    assert.equal(ended.cancellation_details?.reason, "payment_disputed");
  });

  test("is not ended by an inquiry before the bank has taken anything", async () => {
    const { subscription, stripe, clock, id } = await disputed("cancel", "pm_card_createDisputeInquiry");
    assert.equal(subscription.status, "active");
    const [{ id: dispute } = { id: "" }] = (await stripe.disputes.list()).data;
    await stripe.disputes.update(dispute, { evidence: { uncategorized_text: "escalate_inquiry_evidence" } });
    await clock.advance(dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "canceled");
  });
});
