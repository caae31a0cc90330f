import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

type Mode = "classic" | "flexible";

interface More extends Pick<Stripe.SubscriptionCreateParams, "discounts"> {
  readonly others?: Stripe.SubscriptionCreateParams.Item[];
}

/** Somebody with a card, and a subscription of theirs on a product that is called Plan. */
async function subscribed(mode: Mode, unit = 1000, { others = [], discounts }: More = {}, world = startWorld()) {
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const product = (await stripe.products.create({ name: "Plan" })).id;
  const price = async (unit_amount: number, interval: "month" | "year" = "month") =>
    (await stripe.prices.create({ product, currency: "usd", unit_amount, recurring: { interval } })).id;
  const created = await stripe.subscriptions.create({
    customer,
    items: [{ price: await price(unit) }, ...others],
    billing_mode: { type: mode },
    ...(discounts && { discounts }),
  });
  const { id } = created;
  const item = created.items.data[0]!; // It has just been made.
  const update = (params: Stripe.SubscriptionUpdateParams) => stripe.subscriptions.update(id, params);
  const pending = async () => (await stripe.invoiceItems.list({ pending: true, customer })).data;
  const wait = (seconds: number) => clock.advance(seconds * 1000);
  const latest = async () => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    return stripe.invoices.retrieve(String(latest_invoice));
  };
  return { ...world, customer, id, item, price, update, pending, wait, latest };
}

const daySeconds = 86_400;
const linesOf = ({ lines }: Stripe.Invoice) => lines.data.map(({ amount, description }) => [amount, description]);
const itemsOf = (items: readonly Stripe.InvoiceItem[]) => items.map(({ amount, description }) => [amount, description]);

async function proratedAt(world: Pick<SandboxWorld, "clock">) {
  const date = new Date(world.clock.now()).toUTCString().split(" ");
  return `${date[1]} ${date[2]} ${date[3]}`;
}

suite("changes of items", () => {
  for (const mode of ["classic", "flexible"] as const) {
    test(`${mode}: a change waits as a credit and a debit, and is billed with the renewal`, async () => {
      const world = await subscribed(mode);
      const { item, price, update, pending, wait, latest, eventTypes } = world;
      await wait(20 * daySeconds);
      const day = await proratedAt(world);
      const next = await price(2000);
      const said = (await eventTypes()).length;
      const updated = await update({ items: [{ id: item.id, price: next, quantity: 2 }] });
      assert.deepEqual((await eventTypes()).slice(said), [
        "invoiceitem.created",
        "invoiceitem.created",
        "customer.subscription.updated",
      ]);
      assert.equal(updated.items.data[0]?.quantity, 2);
      const waiting = [
        [-333, `Unused time on Plan after ${day}`],
        [1333, `Remaining time on 2 × Plan after ${day}`],
      ];
      assert.deepEqual(itemsOf(await pending()), waiting);
      await wait(10 * daySeconds);
      const invoice = await latest();
      assert.deepEqual(linesOf(invoice), [...waiting, [4000, "2 × Plan (at $20.00 / month)"]]);
      assert.deepEqual(await pending(), []);
    });

    test(`${mode}: with none nothing is billed but the next period`, async () => {
      const { item, price, update, pending, wait, latest } = await subscribed(mode);
      await wait(20 * daySeconds);
      const before = await latest();
      await update({ items: [{ id: item.id, price: await price(2000) }], proration_behavior: "none" });
      assert.deepEqual([await pending(), (await latest()).id], [[], before.id]);
      await wait(10 * daySeconds);
      assert.deepEqual(linesOf(await latest()), [[2000, "1 × Plan (at $20.00 / month)"]]);
    });

    test(`${mode}: invoiced at once, a sum below nothing is to the customer's credit`, async () => {
      const world = await subscribed(mode, 2000);
      const { stripe, customer, item, price, update, wait, latest } = world;
      await wait(20 * daySeconds);
      const started = item.current_period_start;
      await update({ items: [{ id: item.id, price: await price(1000) }], proration_behavior: "always_invoice" });
      const invoice = await latest();
      const now = Math.floor(world.clock.now() / 1000);
      assert.deepEqual(
        invoice.lines.data.map(({ amount }) => amount),
        [-667, 333],
      );
      const { billing_reason, status, amount_due, attempted, attempt_count, ending_balance } = invoice;
      assert.deepEqual(
        { billing_reason, status, amount_due, attempted, attempt_count, ending_balance },
        {
          billing_reason: "subscription_update",
          status: "paid",
          amount_due: 0,
          attempted: true,
          attempt_count: 0,
          ending_balance: -334,
        },
      );
      assert.deepEqual([invoice.period_start, invoice.period_end], [started, now]);
      assert.equal(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance, -334);
    });
  }

  test("what is given back is what the price is now, or what was billed, as the billing mode says", async () => {
    for (const [mode, lines] of [
      ["classic", [-667, 333]],
      ["flexible", [-333, 333]],
    ] as const) {
      const { item, price, update, wait, latest } = await subscribed(mode);
      const first = item.price.id;
      await wait(10 * daySeconds);
      await update({ items: [{ id: item.id, price: await price(2000) }], proration_behavior: "none" });
      await wait(10 * daySeconds);
      await update({ items: [{ id: item.id, price: first }], proration_behavior: "always_invoice" });
      assert.deepEqual(
        (await latest()).lines.data.map(({ amount }) => amount),
        lines,
      );
    }
  });

  test("a credit names what it credits: lines of an invoice, or what waits and gets a line beside it", async () => {
    const { item, price, update, pending, wait, latest } = await subscribed("flexible");
    const first = await latest();
    await wait(10 * daySeconds);
    await update({ items: [{ id: item.id, price: await price(2000) }] });
    await wait(10 * daySeconds);
    await update({ items: [{ id: item.id, price: await price(4000) }] });
    const [newest, , older] = (await pending()).map(({ proration_details: details }) => details?.credited_items);
    assert.deepEqual(older, {
      type: "invoice_line_items",
      invoice_line_item_details: { invoice: first.id, invoice_line_items: [first.lines.data[0]?.id] },
    });
    assert.equal(newest?.type, "invoice_item");
    await wait(10 * daySeconds);
    const { id, lines } = await latest();
    assert.deepEqual(
      lines.data.map(({ amount }) => amount),
      [-667, 1333, -667, 1333, 4000],
    );
    const credited = lines.data[0]?.parent?.subscription_item_details?.proration_details?.credited_items;
    assert.deepEqual(credited, { invoice: id, invoice_line_items: [lines.data[3]?.id] });
  });

  test("an item that comes is billed for the rest of the period, one that goes is given back", async () => {
    const { stripe, id, item, price, pending, wait } = await subscribed("flexible");
    await wait(15 * daySeconds);
    const added = await stripe.subscriptionItems.create({ subscription: id, price: await price(500), quantity: 3 });
    assert.deepEqual(
      [added.current_period_start, added.current_period_end],
      [item.current_period_start, item.current_period_end],
    );
    assert.deepEqual(await stripe.subscriptionItems.del(item.id), {
      id: item.id,
      object: "subscription_item",
      deleted: true,
    });
    assert.deepEqual(
      (await pending()).map(({ amount, quantity }) => [amount, quantity]),
      [
        [-500, 1],
        [750, 3],
      ],
    );
    await stripe.subscriptionItems.update(added.id, { quantity: 1, proration_behavior: "none" });
    const { items } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual(
      items.data.map((one) => [one.id, one.quantity]),
      [[added.id, 1]],
    );
    await assert.rejects(stripe.subscriptionItems.del(added.id), /must have at least one item/);
  });

  test("another price begins with a quantity of one again", async () => {
    const { item, price, update } = await subscribed("flexible");
    await update({ items: [{ id: item.id, quantity: 5 }] });
    const same = await update({ items: [{ id: item.id, metadata: { a: "b" } }] });
    const other = await update({ items: [{ id: item.id, price: await price(700) }] });
    assert.deepEqual([same.items.data[0]?.quantity, other.items.data[0]?.quantity], [5, 1]);
  });

  test("from month to year the anchor moves in classic, and is billed at once; flexibly it stays", async () => {
    const swap = async (mode: Mode) => {
      const world = await subscribed(mode, 3000);
      await world.wait(10 * daySeconds);
      const updated = await world.update({ items: [{ id: world.item.id, price: await world.price(30_000, "year") }] });
      const { current_period_start: start, current_period_end: end } = updated.items.data[0]!; // Still one.
      return { ...world, updated, start, end, now: Math.floor(world.clock.now() / 1000) };
    };
    const classic = await swap("classic");
    const day = await proratedAt(classic);
    assert.deepEqual([classic.updated.billing_cycle_anchor, classic.start], [classic.now, classic.now]);
    assert.deepEqual(linesOf(await classic.latest()), [
      [-2000, `Unused time on Plan after ${day}`],
      [30_000, "1 × Plan (at $300.00 / year)"],
    ]);
    const flexible = await swap("flexible");
    const { created, billing_cycle_anchor: anchor } = flexible.updated;
    assert.deepEqual([anchor, flexible.start, (flexible.end - created) / daySeconds], [created, created, 365]);
    assert.deepEqual(itemsOf(await flexible.pending()), [
      [-2000, `Unused time on Plan after ${day}`],
      [Math.ceil((30_000 * 355) / 365 - 0.5), `Remaining time on Plan after ${day}`],
    ]);
  });

  test("an anchor that is set anew prolongs what is paid, and is billed for that only", async () => {
    const { item, update, pending, wait, latest } = await subscribed("flexible", 3000);
    const before = await latest();
    await update({ billing_cycle_anchor: { type: "unchanged" } });
    await wait(10 * daySeconds);
    const { items, billing_cycle_anchor: anchor } = await update({ billing_cycle_anchor: { type: "now" } });
    assert.equal(items.data[0]?.current_period_start, anchor);
    const [extension, ...others] = await pending();
    assert.deepEqual(others, []);
    assert.deepEqual(extension?.period, { start: item.current_period_end, end: items.data[0]?.current_period_end });
    assert.equal((await latest()).id, before.id);
  });

  test("an anchor that is set anew where a month is shorter gives back the days between the ends", async () => {
    const world = startWorld({ start: Date.parse("2028-02-29T00:00:00Z") });
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id, items } = await stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 3000) }],
      billing_mode: { type: "flexible" },
      billing_cycle_anchor_config: { day_of_month: 30 },
    });
    const anew = await stripe.subscriptions.update(id, { billing_cycle_anchor: { type: "now" } });
    const [start, end] = [anew, { items }].map((one) => one.items.data[0]?.current_period_end);
    const { data: waiting } = await stripe.invoiceItems.list({ pending: true, customer });
    assert.deepEqual(
      waiting.map(({ amount, period }) => [amount, period]),
      [[-100, { start, end }]],
    );
  });

  test("a discount is taken off before the one rounding, and the text says so", async () => {
    for (const mode of ["classic", "flexible"] as const) {
      const world = startWorld();
      await world.stripe.coupons.create({ id: "SIXTY", percent_off: 60, duration: "forever" });
      const { item, update, pending, wait, clock } = await subscribed(
        mode,
        1000,
        { discounts: [{ coupon: "SIXTY" }] },
        world,
      );
      await wait(20 * daySeconds);
      await update({ items: [{ id: item.id, quantity: 8 }] });
      const day = await proratedAt({ clock });
      assert.deepEqual(itemsOf(await pending()), [
        [-133, `Unused time on Plan (with 60.0% off) after ${day}`],
        [1067, `Remaining time on 8 × Plan (with 60.0% off) after ${day}`],
      ]);
    }
  });

  test("an amount off is the changed item's whole in classic, and its share of it flexibly", async () => {
    for (const [mode, credit] of [
      ["classic", -250],
      ["flexible", -417],
    ] as const) {
      const world = startWorld();
      const { stripe } = world;
      await stripe.coupons.create({ id: "FIVE", amount_off: 500, currency: "usd", duration: "forever" });
      const product = (await stripe.products.create({ name: "Other" })).id;
      const price_data = { product, currency: "usd", unit_amount: 2000, recurring: { interval: "month" } } as const;
      const more = { discounts: [{ coupon: "FIVE" }], others: [{ price_data }] };
      const { item, update, pending, wait, latest } = await subscribed(mode, 1000, more, world);
      assert.equal((await latest()).total, 2500);
      await wait(15 * daySeconds);
      await update({ items: [{ id: item.id, deleted: true }] });
      assert.deepEqual(
        (await pending()).map(({ amount }) => amount),
        [credit],
      );
    }
  });

  test("under older versions the anchor is set anew by a word", async () => {
    const { id, call, wait } = await subscribed("classic");
    await wait(10 * daySeconds);
    const headers = { "stripe-version": "2025-08-27.basil" };
    const { json } = await call("POST", `/v1/subscriptions/${id}`, { form: "billing_cycle_anchor=now", headers });
    const { json: invoice } = await call("GET", `/v1/invoices/${json.latest_invoice}`);
    assert.deepEqual([invoice.billing_reason, invoice.total], ["subscription_update", 333]);
    assert.deepEqual(
      [invoice.period_start, invoice.period_end],
      [json.billing_cycle_anchor, json.billing_cycle_anchor],
    );
  });

  test("canceled with what is unused given back, that waits for the customer or is the last invoice", async () => {
    const left = await subscribed("flexible");
    await left.wait(15 * daySeconds);
    await left.stripe.subscriptions.cancel(left.id, { prorate: true });
    const [credit] = await left.pending();
    assert.deepEqual([credit?.amount, credit?.proration, credit?.parent], [-500, true, null]);
    assert.equal(credit && "proration_details" in credit, false);
    const { stripe, id, customer, item, wait, latest } = await subscribed("flexible");
    await wait(15 * daySeconds);
    await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true });
    const draft = await latest();
    const { billing_reason, status, number, amount_due, auto_advance, total, period_start } = draft;
    assert.deepEqual(
      { billing_reason, status, number, amount_due, auto_advance, total, period_start },
      {
        billing_reason: "subscription_cycle",
        status: "draft",
        number: null,
        amount_due: 0,
        auto_advance: true,
        total: -500,
        period_start: item.current_period_start,
      },
    );
    assert.equal(draft.automatically_finalizes_at, draft.created + 3601);
    await wait(3700);
    assert.equal((await latest()).status, "paid");
    assert.equal(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance, -500);
  });

  test("what waits when a subscription ends goes with it, or is billed when its end was chosen before", async () => {
    const gone = await subscribed("flexible");
    await gone.wait(15 * daySeconds);
    await gone.update({ items: [{ id: gone.item.id, quantity: 2 }] });
    await gone.stripe.subscriptions.cancel(gone.id);
    assert.deepEqual(await gone.pending(), []);
    const { item, update, pending, wait, latest } = await subscribed("flexible");
    await wait(15 * daySeconds);
    await update({ items: [{ id: item.id, quantity: 2 }], cancel_at_period_end: true });
    await wait(15 * daySeconds);
    assert.deepEqual(await pending(), []);
    assert.deepEqual([(await latest()).total, (await latest()).billing_reason], [500, "subscription_cycle"]);
  });

  test("a payment that fails leaves the change and a debt, or nothing of it", async () => {
    const { stripe, customer, id, item, price, update, latest } = await subscribed("flexible");
    const { id: bad } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad } });
    const next = await price(9000);
    const ask = (payment_behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior) =>
      update({ items: [{ id: item.id, price: next }], proration_behavior: "always_invoice", payment_behavior });
    const before = await latest();
    await assert.rejects(ask("error_if_incomplete"), { type: "StripeCardError" });
    const another = { customer, items: [{ price: next }], payment_behavior: "pending_if_incomplete" as const };
    await assert.rejects(stripe.subscriptions.create(another), { statusCode: 400, param: "payment_behavior" });
    assert.equal((await latest()).id, before.id);
    assert.equal((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.id, item.price.id);
    const changed = await ask("allow_incomplete");
    assert.deepEqual([changed.status, changed.items.data[0]?.price.id], ["past_due", next]);
    const invoice = await latest();
    assert.deepEqual([invoice.status, invoice.total], ["open", 8000]);
    await stripe.invoices.pay(invoice.id, { payment_method: "pm_card_visa" });
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
  });

  test("a payment that waits for its payer leaves a debt, and ends nothing", async () => {
    const { stripe, customer, item, price, update, latest } = await subscribed("classic");
    const { id: asks } = await stripe.paymentMethods.attach("pm_card_threeDSecure2Required", { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: asks } });
    const next = await price(9000);
    const changed = await update({ items: [{ id: item.id, price: next }], proration_behavior: "always_invoice" });
    assert.deepEqual([changed.status, changed.ended_at], ["past_due", null]);
    assert.deepEqual([(await latest()).status, (await latest()).attempt_count], ["open", 0]);
  });

  test("of one that owes, a change that is paid makes it active once", async () => {
    const { stripe, item, price, update } = await subscribed("classic");
    const behavior = { proration_behavior: "always_invoice", payment_behavior: "default_incomplete" } as const;
    const owing = await update({ items: [{ id: item.id, price: await price(9000) }], ...behavior });
    assert.equal(owing.status, "past_due");
    const paid = await update({ items: [{ id: item.id, quantity: 2 }], proration_behavior: "always_invoice" });
    assert.equal(paid.status, "active");
    const { data } = await stripe.events.list({ type: "customer.subscription.updated" });
    const told = data.map(({ data: { previous_attributes } }) => previous_attributes).reverse();
    const statuses = told.flatMap((previous) => (previous && "status" in previous ? previous.status : []));
    assert.deepEqual(statuses, ["active", "past_due"]);
  });

  test("a second trial gives back what was billed after the first one, and nothing of its free time", async () => {
    const { id, stripe, update, latest, wait } = await subscribed("flexible");
    await wait(3600);
    const { created } = await stripe.subscriptions.retrieve(id);
    const trial_end = created + 2 * daySeconds;
    await update({ trial_end });
    await update({ trial_end: "now" });
    await update({ trial_end });
    const amounts = (await latest()).lines.data.map(({ amount }) => amount);
    assert.deepEqual(amounts, [-1000, 0], "what is given back, and the trial");
  });

  test("a discount for once that comes with a change is gone when the change is billed", async () => {
    const { stripe, item, price, update, latest, wait } = await subscribed("classic");
    const { id: coupon } = await stripe.coupons.create({ amount_off: 400, currency: "usd", duration: "once" });
    const items = [{ id: item.id, price: await price(9000, "year") }];
    const changed = await update({ items, proration_behavior: "none", discounts: [{ coupon }] });
    assert.deepEqual([(await latest()).total, changed.discounts], [8600, []]);
    await wait(366 * daySeconds);
    assert.equal((await latest()).total, 9000);
  });

  test("what cannot be changed so is refused, and nothing of it is kept", async () => {
    const { id, item, call, price } = await subscribed("flexible");
    const yen = await call(
      "POST",
      "/v1/prices",
      "currency=jpy&unit_amount=500&recurring[interval]=month&product_data[name]=Y",
    );
    const refused: readonly (readonly [form: string, message: RegExp])[] = [
      ["items[0][id]=si_nope&items[0][quantity]=2", /No such subscription_item: 'si_nope'/],
      [`items[0][id]=${item.id}&items[0][deleted]=true`, /must have at least one item/],
      [`items[0][id]=${item.id}&items[0][clear_usage]=true`, /usage records/],
      [`items[0][price]=${item.price.id}`, /multiple subscription items with the same price/],
      [`items[0][price]=${yen.json.id}`, /only supports `jpy`/],
      [`items[0][price]=${await price(1)}&proration_date=1`, /proration date must lie in the current period/],
    ];
    for (const [form, message] of refused) {
      const { error } = await call("POST", `/v1/subscriptions/${id}`, form);
      assert.match(String(error.message), message, form);
    }
    const { json } = await call("GET", `/v1/subscriptions/${id}`);
    assert.equal((json.items as Stripe.ApiList<object>).data.length, 1);
  });
});
