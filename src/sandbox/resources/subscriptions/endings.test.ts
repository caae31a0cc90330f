import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

suite("the end of a subscription", () => {
  test("at its period's end is chosen, taken back, and comes", async () => {
    const world = startWorld();
    const { id, items } = await started(world);
    const end = items.data[0]?.current_period_end ?? 0;
    const chosen = await world.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    const now = Math.floor(world.clock.now() / 1000);
    assert.deepEqual([chosen.cancel_at, chosen.canceled_at, chosen.status], [end, now, "active"]);
    assert.equal(chosen.cancellation_details?.reason, "cancellation_requested");
    const undone = await world.stripe.subscriptions.update(id, { cancel_at_period_end: false });
    assert.deepEqual([undone.cancel_at, undone.canceled_at, undone.cancellation_details?.reason], [null, null, null]);
    await world.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await world.clock.advance(32 * dayMs);
    const over = await world.stripe.subscriptions.retrieve(id);
    assert.deepEqual([over.status, over.ended_at, over.canceled_at], ["canceled", end, now]);
    assert.equal((await world.stripe.invoices.list({ subscription: id })).data.length, 1);
  });

  test("comes at the second that was named", async () => {
    const world = startWorld();
    const { id } = await started(world);
    const at = Math.floor(world.clock.now() / 1000) + 45 * 86_400;
    await world.stripe.subscriptions.update(id, { cancel_at: at });
    await world.clock.advance(32 * dayMs);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
    await world.clock.advance(20 * dayMs);
    const { ended_at, status } = await world.stripe.subscriptions.retrieve(id);
    assert.deepEqual([status, ended_at], ["canceled", at]);
  });

  test("leaves nothing planned, of it or of what it was billed", async () => {
    const world = startWorld();
    const { id } = await started(world);
    const planned = () => {
      const found = world.sandbox
        .snapshot()
        .join()
        .matchAll(/"name":"((?:subscription|invoice)\.\w+)"/g);
      return [...found].map(([, name]) => name).sort();
    };
    await world.clock.advance(35 * dayMs);
    assert.deepEqual(planned(), ["subscription.sayUpcoming", "subscription.turn"]);
    await world.stripe.subscriptions.cancel(id);
    assert.deepEqual(planned(), []);
  });

  test("changes nothing any more but why it ended", async () => {
    const world = startWorld();
    const { id } = await started(world);
    await world.stripe.subscriptions.cancel(id);
    const { error } = await world.call("POST", `/v1/subscriptions/${id}`, "description=Late");
    assert.equal(error.code, "invalid_canceled_subscription_fields");
    const told = await world.stripe.subscriptions.update(id, { cancellation_details: { comment: "Too late" } });
    assert.equal(told.cancellation_details?.comment, "Too late");
  });

  test("gives back what is unused on one invoice more, whose credit is the customer's an hour later", async () => {
    const world = startWorld();
    const { id, customer } = await started(world);
    const over = await world.stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
    const draft = await world.stripe.invoices.retrieve(String(over.latest_invoice));
    const now = Math.floor(world.clock.now() / 1000);
    assert.deepEqual([over.status, draft.status, draft.billing_reason], ["canceled", "draft", "subscription_cycle"]);
    assert.deepEqual([draft.total, draft.amount_due, draft.auto_advance], [-1000, 0, true]);
    assert.deepEqual([draft.automatically_finalizes_at, draft.period_end], [now + 3601, now]);
    await world.clock.advance(2 * 3_600_000);
    const { balance } = (await world.stripe.customers.retrieve(String(customer))) as { balance: number };
    assert.equal(balance, -1000);
  });

  test("gives back what is unused as an item that waits, or nothing", async () => {
    for (const [prorate, waiting] of [
      [true, [-1000]],
      [false, []],
    ] as const) {
      const world = startWorld();
      const { id, customer, latest_invoice } = await started(world);
      const over = await world.stripe.subscriptions.cancel(id, { prorate });
      const { data } = await world.stripe.invoiceItems.list({ customer: String(customer), pending: true });
      const amounts = data.map(({ amount }) => amount);
      assert.deepEqual([over.latest_invoice, amounts], [latest_invoice, waiting]);
    }
  });

  test("comes with its customer's", async () => {
    const world = startWorld();
    const { id, customer } = await started(world);
    await world.stripe.customers.del(String(customer));
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "canceled");
  });
});

suite("paused collection", () => {
  for (const [behavior, status] of [
    ["keep_as_draft", "draft"],
    ["mark_uncollectible", "uncollectible"],
    ["void", "void"],
  ] as const) {
    test(`by ${behavior} leaves what is billed ${status}, and ends by itself`, async () => {
      const world = startWorld();
      const { id, items } = await started(world);
      const end = items.data[0]?.current_period_end ?? 0;
      const resumes_at = end + 86_400;
      await world.stripe.subscriptions.update(id, { pause_collection: { behavior, resumes_at } });
      await world.clock.advance((end + 7200) * 1000 - world.clock.now());
      const [latest] = (await world.stripe.invoices.list({ subscription: id, limit: 1 })).data;
      assert.equal(latest?.status, status);
      const paused = await world.stripe.subscriptions.retrieve(id);
      assert.deepEqual([paused.status, paused.pause_collection?.behavior], ["active", behavior]);
      await world.clock.advance(dayMs);
      assert.equal((await world.stripe.subscriptions.retrieve(id)).pause_collection, null);
    });
  }
});

suite("a subscription that is not paid for", () => {
  test("is past due, and active again once its invoice is paid or voided", async () => {
    for (const recover of ["pay", "void"] as const) {
      const world = startWorld();
      const { id, customer } = await started(world);
      await failing(world, String(customer));
      await world.clock.advance(32 * dayMs);
      const { latest_invoice, status } = await world.stripe.subscriptions.retrieve(id);
      assert.equal(status, "past_due");
      if (recover === "void") await world.stripe.invoices.voidInvoice(String(latest_invoice));
      else await world.stripe.invoices.pay(String(latest_invoice), { payment_method: "pm_card_visa" });
      assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active", recover);
    }
  });

  test("sent as invoices is active at once, and past due after its due date", async () => {
    const world = startWorld();
    const { id: customer } = await world.stripe.customers.create({ email: "eve@shop.test" });
    const { id, status, latest_invoice } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      collection_method: "send_invoice",
      days_until_due: 10,
    });
    const draft = await world.stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([status, draft.status, draft.due_date], ["active", "draft", draft.created + 10 * 86_400]);
    await world.clock.advance(9 * dayMs);
    assert.equal((await world.stripe.invoices.retrieve(draft.id ?? "")).status, "open");
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "active");
    await world.clock.advance(2 * dayMs);
    assert.equal((await world.stripe.subscriptions.retrieve(id)).status, "past_due");
  });

  // https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses: "the latest finalized invoice"
  test("sent as invoices is active again once the latest that is final is paid, and by no older one", async () => {
    const world = startWorld();
    const { stripe, clock } = world;
    const { customer } = await billedCustomer(world);
    const sent = { collection_method: "send_invoice", days_until_due: 30 } as const;
    const items = [{ price: await monthly(world, 1000) }];
    const early = await stripe.subscriptions.create({ customer, items, ...sent });
    const late = await stripe.subscriptions.create({ customer, items, ...sent });
    const pay = async ({ id }: typeof early, nth: number) => {
      const bills = (await stripe.invoices.list({ subscription: id })).data.reverse();
      await stripe.invoices.pay(bills[nth]?.id ?? "");
      return [(await stripe.subscriptions.retrieve(id)).status, ...bills.map(({ status }) => status)];
    };
    await clock.advance(30 * dayMs + 1000);
    assert.deepEqual(await pay(early, 0), ["active", "open", "draft"], "the renewal is a draft");
    await clock.advance(2 * hourMs);
    assert.deepEqual(await pay(late, 0), ["past_due", "open", "open"]);
    assert.deepEqual(await pay(late, 1), ["active", "paid", "open"], "before its due date");
  });

  test("whose first payment is declined is incomplete, or not made at all", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
    const price = await monthly(world, 1000);
    const { id, status, latest_invoice } = await world.stripe.subscriptions.create({ customer, items: [{ price }] });
    assert.equal(status, "incomplete");
    const invoice = await world.stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([invoice.status, invoice.attempt_count, invoice.attempted], ["open", 1, true]);
    const form = `customer=${customer}&items[0][price]=${price}&payment_behavior=error_if_incomplete`;
    const refused = await world.call("POST", "/v1/subscriptions", form);
    assert.deepEqual([refused.status, refused.error.type], [402, "card_error"]);
    assert.deepEqual(
      (await world.stripe.subscriptions.list({ status: "all" })).data.map((one) => one.id),
      [id],
    );
  });
});

async function started(world: SandboxWorld) {
  const { customer } = await billedCustomer(world);
  return world.stripe.subscriptions.create({ customer, items: [{ price: await monthly(world, 1000) }] });
}

/** What pays by default is declined from now on. */
async function failing({ stripe }: SandboxWorld, customer: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
}
