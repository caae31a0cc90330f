import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import type { BillingSettings } from "../../../index.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function subscribed(billing: Partial<BillingSettings> = {}, defaultVersion?: string) {
  const world = startWorld({ billing, ...(defaultVersion && { defaultVersion }) });
  const { customer } = await billedCustomer(world);
  const items = [{ price: await monthly(world, 1000), quantity: 3 }];
  const { id, ...subscription } = await world.stripe.subscriptions.create({ customer, items });
  const end = Number(subscription.items.data[0]?.current_period_end);
  const advanceTo = (second: number) => world.clock.advance(second * 1000 - world.clock.now());
  const announced = async () => {
    const { data } = await world.stripe.events.list({ type: "invoice.upcoming" });
    return data.map((event) => ({ ...event.data.object, at: event.created }) as Stripe.Invoice & { at: number });
  };
  return { ...world, customer, id, end, advanceTo, announced };
}

const day = dayMs / 1000;

suite("a renewal", () => {
  test("is announced a week before, with the invoice that comes, which has no id", async () => {
    const { announced, advanceTo, end, stripe, id } = await subscribed();
    await advanceTo(end - 7 * day - 1);
    assert.equal((await announced()).length, 0);
    await advanceTo(end - 7 * day);
    const [said] = await announced();
    assert.ok(said);
    assert.deepEqual([said.at, said.billing_reason, said.status], [end - 7 * day, "upcoming", "draft"]);
    assert.equal("id" in said, false);
    assert.equal(said.parent?.subscription_details?.subscription, id);
    assert.deepEqual(
      said.lines.data.map((line) => [line.id.slice(0, 7), line.invoice, line.amount, line.quantity]),
      [["il_tmp_", null, 3000, 3]],
    );
    assert.equal((await stripe.invoices.list({ subscription: id })).data.length, 1, "nothing of it is kept");
    await advanceTo(end + day);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    const billed = await stripe.invoices.retrieve(String(latest_invoice));
    const amounts = (one: Stripe.Invoice) => [one.total, one.amount_due, one.period_start, one.period_end, one.created];
    assert.deepEqual(amounts(said), amounts(billed));
    assert.equal((await announced()).length, 1);
  });

  test("is announced as many days before as the account has chosen", async () => {
    const { announced, advanceTo, end } = await subscribed({ upcomingDays: 3 });
    await advanceTo(end - 3 * day);
    assert.deepEqual(
      (await announced()).map(({ at }) => at),
      [end - 3 * day],
    );
  });

  test("is announced with what waits for it", async () => {
    const { announced, advanceTo, end, stripe, customer } = await subscribed();
    await stripe.invoiceItems.create({ customer, amount: 250, currency: "usd", description: "Setup" });
    await advanceTo(end - 7 * day);
    const [said] = await announced();
    assert.deepEqual(
      said?.lines.data.map(({ amount }) => amount),
      [250, 3000],
    );
    assert.equal((await stripe.invoiceItems.list({ pending: true })).data.length, 1);
  });

  test("is not announced where its subscription ends first, or nothing is collected", async () => {
    for (const change of [{ cancel_at_period_end: true }, { pause_collection: { behavior: "void" } }] as const) {
      const { announced, advanceTo, end, stripe, id } = await subscribed();
      await stripe.subscriptions.update(id, change);
      await advanceTo(end - day);
      assert.deepEqual(await announced(), []);
    }
  });

  test("is not announced where periods are shorter than that", async () => {
    const { announced, advanceTo, end, stripe, id } = await subscribed({ upcomingDays: 45 });
    await advanceTo(end + day);
    assert.notEqual((await stripe.subscriptions.retrieve(id)).items.data[0]?.current_period_end, end);
    assert.deepEqual(await announced(), []);
  });

  test("is announced in the shape of older versions too", async () => {
    const { advanceTo, end, call, customer, id } = await subscribed({}, "2024-06-20");
    await advanceTo(end - 7 * day);
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await call("GET", "/v1/events", { form: "type=invoice.upcoming", headers });
    const [event] = json.data as { data: { object: Record<string, unknown> } }[];
    const { subscription, customer: whose, lines } = event?.data.object ?? {};
    assert.deepEqual([subscription, whose], [id, customer]);
    assert.equal((lines as { url: string }).url, "/v1/invoices/upcoming/lines");
  });
});
