import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function startShop() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 3252)];
  const subscription = await stripe.subscriptions.create({ customer, items: [{ price: silver }] });
  const item = subscription.items.data[0]!.id; // It has one.
  const wait = (days: number) => clock.advance(days * 86_400_000);
  const latest = async () => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(subscription.id);
    return stripe.invoices.retrieve(String(latest_invoice));
  };
  return { ...world, customer, id: subscription.id, item, silver, gold, wait, latest };
}

/** What both have to say alike. */
const shown = ({ total, subtotal, amount_due, period_start, period_end, lines }: Stripe.Invoice) => ({
  ...{ total, subtotal, amount_due, period_start, period_end },
  lines: lines.data.map(({ amount, description, period, quantity }) => ({ amount, description, period, quantity })),
});

suite("previews", () => {
  test("of a change that waits the next renewal is shown with it, and it is what is charged then", async () => {
    const { stripe, id, item, gold, wait, latest, eventTypes } = await startShop();
    await wait(20);
    const events = (await eventTypes()).length;
    const proration_date = (await stripe.subscriptions.retrieve(id)).created + 19 * 86_400;
    const change = { items: [{ id: item, price: gold }], proration_date };
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: change });
    assert.equal((await eventTypes()).length, events, "nothing has happened");
    assert.deepEqual((await stripe.invoiceItems.list({ pending: true })).data, []);
    await stripe.subscriptions.update(id, change);
    await wait(10);
    assert.deepEqual(shown(preview), shown(await latest()));
    assert.equal(preview.lines.data.length, 3);
    assert.equal(preview.parent?.subscription_details?.subscription_proration_date, proration_date);
  });

  test("of a change that is invoiced at once that invoice is shown, unpaid", async () => {
    const { stripe, id, item, gold, wait, latest } = await startShop();
    await wait(7);
    const behavior = { proration_behavior: "always_invoice" } as const;
    const change = { items: [{ id: item, price: gold, quantity: 2 }], ...behavior };
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: change });
    assert.deepEqual([preview.status, preview.number, preview.billing_reason], ["draft", null, "upcoming"]);
    assert.match(preview.id, /^upcoming_in_1\w{23}$/);
    for (const line of preview.lines.data) {
      assert.match(line.id, /^il_tmp_1\w{23}$/);
      assert.equal(line.invoice, preview.id);
    }
    await stripe.subscriptions.update(id, change);
    assert.deepEqual(shown(preview), shown(await latest()));
  });

  test("without a change what is billed next is shown; of one that is not there its first invoice", async () => {
    const { stripe, customer, id, gold, wait, latest } = await startShop();
    const next = await stripe.invoices.createPreview({ subscription: id });
    await wait(31);
    assert.deepEqual(shown(next), shown(await latest()));
    const first = await stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: gold, quantity: 3 }] },
    });
    assert.deepEqual([first.total, first.parent?.subscription_details !== undefined], [9756, true]);
    const timestamp = first.created + 86_400;
    const until = await stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: gold }], billing_cycle_anchor: { type: "timestamp", timestamp } },
    });
    assert.equal(until.lines.data[0]?.period.end, timestamp);
    assert.equal((await stripe.subscriptions.list({ customer })).data.length, 1);
  });

  test("what a discount takes off is not shown of a renewal that comes after its months", async () => {
    const { stripe, id, item, wait, latest } = await startShop();
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: "repeating", duration_in_months: 1 });
    await stripe.subscriptions.update(id, { discounts: [{ coupon: coupon.id }] });
    const other = await stripe.coupons.create({ percent_off: 5, duration: "repeating", duration_in_months: 1 });
    await stripe.subscriptionItems.update(item, { discounts: [{ coupon: other.id }] });
    for (const _month of [1, 2]) {
      const next = await stripe.invoices.createPreview({ subscription: id });
      await wait(31);
      assert.deepEqual(shown(next), shown(await latest()));
    }
  });

  test("of a cancellation its last invoice is shown, and where there is none nothing is upcoming", async () => {
    const { stripe, id, wait, latest } = await startShop();
    await wait(15);
    const ask = (proration_behavior: "create_prorations" | "none") =>
      stripe.invoices.createPreview({
        subscription: id,
        subscription_details: { cancel_now: true, proration_behavior },
      });
    const preview = await ask("create_prorations");
    assert.equal(preview.total, -500);
    await assert.rejects(ask("none"), { statusCode: 404, code: "invoice_upcoming_none" });
    await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
    assert.deepEqual(shown(preview), shown(await latest()));
  });

  test("who asks for nothing, or for what has no sandbox yet, is told so", async () => {
    const { call, customer, id, item } = await startShop();
    const of = `subscription=${id}&`;
    const rows: readonly (readonly [form: string, status: number, message: RegExp])[] = [
      ["", 400, /at least one of: `subscription`, `schedule`/],
      [`customer=${customer}`, 400, /at least one of: `subscription`, `schedule`/],
      ["subscription=sub_nope", 400, /No such subscription: 'sub_nope'/],
      ["customer=cus_nope&invoice_items[0][amount]=100", 400, /No such customer: 'cus_nope'/],
      [`${of}customer=cus_nope`, 400, /belongs to another customer/],
      [`${of}subscription_details[items][0][price]=price_nope`, 400, /No such price/],
      [`${of}currency=eur`, 400, /billed in usd, and cannot be previewed in eur/],
      [`${of}subscription_details[resume_at]=now`, 400, /if it is `paused`/],
      [`${of}subscription_details[billing_mode][type]=classic`, 400, /The billing mode .* is `flexible`/],
      [`${of}subscription_details[billing_cycle_anchor]=2000000000`, 400, /`now` or `unchanged`/],
      [`${of}subscription_details[start_date]=4000000000`, 400, /when previewing a new subscription/],
      [
        `${of}subscription_details[items][0][id]=${item}&subscription_details[items][0][clear_usage]=true`,
        501,
        /usage records/,
      ],
      [`${of}subscription_details[pause][type]=subscription`, 404, /No upcoming invoices/],
      [`${of}on_behalf_of=acct_1`, 501, /Connect/],
      [`${of}schedule_details[end_behavior]=cancel`, 400, /Missing required param: phases/],
      ["schedule=sub_sched_1", 400, /No such subscription_schedule/],
    ];
    for (const [form, status, message] of rows) {
      const headers = { "stripe-version": form.includes("pause") ? "2026-09-30.endive" : "2026-08-26.dahlia" };
      const answer = await call("POST", "/v1/invoices/create_preview", { form, headers });
      assert.deepEqual([form, answer.status, message.test(String(answer.error.message))], [form, status, true]);
    }
  });

  test("before basil a customer is enough: what comes next of theirs is shown, else what waits for them", async () => {
    const { call, stripe, customer, id } = await startShop();
    const headers = { "stripe-version": "2024-11-20.acacia" };
    const ask = (of: string) => call("POST", "/v1/invoices/create_preview", { form: `customer=${of}`, headers });
    const { json: next } = await ask(customer);
    assert.deepEqual([next.subscription, next.total], [id, 1000]);
    const { id: other } = await stripe.customers.create({ name: "Bo" });
    assert.equal((await ask(other)).error.code, "invoice_upcoming_none");
    await stripe.invoiceItems.create({ customer: other, amount: 700, currency: "usd" });
    const { json: waiting } = await ask(other);
    assert.deepEqual([waiting.subscription, waiting.total], [null, 700]);
    const coupon = (await stripe.coupons.create({ percent_off: 40, duration: "forever" })).id;
    const form = `customer=${customer}&coupon=${coupon}`;
    assert.equal((await call("POST", "/v1/invoices/create_preview", { form, headers })).json.total, 600);
    const nobody = await call("POST", "/v1/invoices/create_preview", { headers });
    assert.match(String(nobody.error.message), /either provide a `customer` or a `subscription`/);
  });

  test("leave no trace, whatever they make on their way", async () => {
    const { sandbox, stripe, call, customer, id, item, gold } = await startShop();
    const coupon = (await stripe.coupons.create({ percent_off: 10, duration: "once" })).id;
    const { id: waiting } = await stripe.invoiceItems.create({ customer, amount: 300, currency: "usd" });
    const before = sandbox.snapshot();
    const common = `discounts[0][coupon]=${coupon}&invoice_items[0][amount]=500&invoice_items[0][currency]=usd`;
    const forms = [
      `${common}&customer=${customer}`,
      `${common}&customer_details[tax_exempt]=reverse&subscription_details[items][0][price]=${gold}`,
      `${common}&subscription=${id}&invoice_items[1][invoiceitem]=${waiting}&invoice_items[1][amount]=1`,
      `subscription=${id}&subscription_details[items][0][id]=${item}&subscription_details[items][0][price]=${gold}` +
        "&subscription_details[proration_behavior]=always_invoice",
      `subscription=${id}&subscription_details[cancel_now]=true`,
      `subscription=${id}&preview_mode=recurring&customer_details[address][country]=DE`,
    ];
    for (const form of forms) {
      const { status, error } = await call("POST", "/v1/invoices/create_preview", form);
      assert.deepEqual([form, status, error?.message], [form, 200, undefined]);
    }
    assert.deepEqual(sandbox.snapshot(), before);
  });
});
