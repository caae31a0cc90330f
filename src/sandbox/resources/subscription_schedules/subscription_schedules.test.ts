import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import type { SandboxOptions } from "../../options.ts";
import { startWorld } from "../../testing.ts";
import { months, planning } from "./testing.ts";

const startPlanning = (options: Partial<SandboxOptions> = {}) => planning(startWorld(options));

const daySeconds = 86_400;

suite("a schedule of a subscription", () => {
  test("that begins now begins its subscription, with a draft that is paid an hour later", async () => {
    const { bills, days, gold, plan, stripe, subscription } = await startPlanning();
    const { id, current_phase: current, phases, status } = await plan([{ items: [{ price: gold }], ...months() }]);
    assert.deepEqual(
      [status, current],
      ["active", { start_date: phases[0]?.start_date, end_date: phases[0]?.end_date }],
    );
    const { latest_invoice: invoice, schedule, status: stands } = await subscription(id);
    assert.deepEqual([schedule, stands], [id, "active"]);
    assert.equal((await stripe.invoices.retrieve(String(invoice))).status, "draft");
    await days(1);
    assert.equal((await stripe.invoices.retrieve(String(invoice))).status, "paid");
    assert.deepEqual(await bills(), ["subscription_create 2000"]);
  });

  test("that begins later has no subscription until then", async () => {
    const { bills, days, gold, now, plan, schedule, told } = await startPlanning();
    const start_date = now() + 5 * daySeconds;
    const { id, ...made } = await plan([{ items: [{ price: gold }], ...months() }], { start_date });
    assert.deepEqual([made.status, made.current_phase, made.subscription], ["not_started", null, null]);
    await days(4);
    assert.deepEqual(await bills(), []);
    await days(1);
    const begun = await schedule(id);
    assert.deepEqual([begun.status, begun.current_phase?.start_date], ["active", start_date]);
    assert.deepEqual(await bills(), ["subscription_create 2000"]);
    const [updated] = await told("subscription_schedule.updated");
    assert.deepEqual(updated?.data.previous_attributes, {
      current_phase: null,
      status: "not_started",
      subscription: null,
    });
  });

  test("that began in the past bills what lies behind", async () => {
    const { gold, now, plan, stripe, subscription } = await startPlanning();
    const start_date = now() - 5 * daySeconds;
    const { id, phases } = await plan([{ items: [{ price: gold }], ...months() }], { start_date });
    assert.equal(phases[0]?.start_date, start_date);
    const { items, latest_invoice: invoice, start_date: since } = await subscription(id);
    assert.deepEqual([since, items.data[0]?.current_period_start], [start_date, start_date]);
    assert.equal((await stripe.invoices.retrieve(String(invoice))).total, 2000);
  });

  test("goes on to its next phase where a period ends, on one invoice, and lets go at the end", async () => {
    const { bills, days, gold, plan, schedule, silver, stripe, subscription } = await startPlanning();
    const { id, phases } = await plan([
      { items: [{ price: gold, quantity: 2 }], ...months() },
      { items: [{ price: silver }], ...months(2) },
    ]);
    const first = await subscription(id);
    await days(31);
    const { current_phase: current } = await schedule(id);
    assert.deepEqual(current, { start_date: phases[1]?.start_date, end_date: phases[1]?.end_date });
    assert.deepEqual(
      (await subscription(id)).items.data.map(({ price, quantity }) => [price.id, quantity]),
      [[silver, 1]],
    );
    await days(61);
    const { released_at, released_subscription, status, ...over } = await schedule(id);
    assert.deepEqual([status, released_subscription, released_at], ["released", first.id, phases[1]?.end_date]);
    assert.deepEqual([over.subscription, over.current_phase, over.completed_at], [null, null, null]);
    assert.equal((await stripe.subscriptions.retrieve(first.id)).schedule, null);
    assert.deepEqual(await bills(), [
      "subscription_create 4000",
      "subscription_cycle 1000",
      "subscription_cycle 1000",
      "subscription_cycle 1000",
    ]);
  });

  test("ends its subscription where that is asked for", async () => {
    const { days, gold, plan, schedule, subscription, told } = await startPlanning();
    const { id, phases } = await plan([{ items: [{ price: gold }], ...months() }], { end_behavior: "cancel" });
    assert.equal((await subscription(id)).cancel_at, phases[0]?.end_date);
    await days(24);
    assert.equal((await told("subscription_schedule.expiring")).length, 1);
    await days(7);
    const { completed_at, status } = await schedule(id);
    assert.deepEqual([status, completed_at], ["completed", phases[0]?.end_date]);
    assert.equal((await subscription(id)).status, "canceled");
    assert.equal((await told("subscription_schedule.completed")).length, 1);
  });

  test("is prorated in the middle of a period as its phase says", async () => {
    for (const [behavior, wanted] of [
      ["none", ["subscription_create 2000", "subscription_cycle 1000"]],
      ["create_prorations", ["subscription_create 2000", "subscription_cycle 500"]],
      ["always_invoice", ["subscription_create 2000", "subscription_update -500", "subscription_cycle 1000"]],
    ] as const) {
      const { bills, days, gold, now, plan, silver } = await startPlanning();
      const middle = now() + 15 * daySeconds;
      await plan([
        { items: [{ price: gold }], end_date: middle },
        { items: [{ price: silver }], proration_behavior: behavior, ...months(3) },
      ]);
      await days(31);
      assert.deepEqual(await bills(), wanted, behavior);
    }
  });

  test("bills a phase that begins a new period from then on", async () => {
    const { bills, days, gold, now, plan, silver, subscription } = await startPlanning();
    const middle = now() + 15 * daySeconds;
    const { id } = await plan([
      { items: [{ price: gold }], end_date: middle },
      { items: [{ price: silver }], billing_cycle_anchor: "phase_start", ...months(3) },
    ]);
    await days(16);
    const { billing_cycle_anchor: anchor, items } = await subscription(id);
    assert.deepEqual([anchor, items.data[0]?.current_period_start], [middle, middle]);
    assert.deepEqual(await bills(), ["subscription_create 2000", "subscription_update 0"]); // Ten, less ten for half.
  });

  test("has what its phase says, else what it says itself", async () => {
    const { days, gold, plan, stripe, subscription } = await startPlanning();
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const { id: rate } = await stripe.taxRates.create({ display_name: "VAT", percentage: 10, inclusive: false });
    const items = [{ price: gold }];
    const { id } = await plan(
      [
        { items, discounts: [{ coupon }], description: "First", metadata: { a: "1", b: "2" }, ...months() },
        { items, default_tax_rates: [rate], metadata: { a: "", c: "3" }, ...months() },
      ],
      { default_settings: { description: "Any", invoice_settings: { footer: "Thanks" } } },
    );
    const first = await subscription(id);
    assert.deepEqual([first.discounts.length, first.description, first.metadata], [1, "First", { a: "1", b: "2" }]);
    assert.equal(first.invoice_settings.footer, "Thanks");
    await days(31);
    const then = await subscription(id);
    assert.deepEqual([then.discounts.length, then.description, then.metadata], [0, "Any", { b: "2", c: "3" }]);
    const { subtotal, total } = await stripe.invoices.retrieve(String(then.latest_invoice));
    assert.deepEqual([subtotal, total], [2000, 2200]);
  });

  test("bills what comes once with the phase that brings it", async () => {
    const { bills, days, gold, plan, stripe } = await startPlanning();
    const { id: product } = await stripe.products.create({ name: "Set-up" });
    const price_data = { currency: "usd", product, unit_amount: 700 };
    const items = [{ price: gold }];
    await plan([
      { items, add_invoice_items: [{ price_data }], ...months() },
      { items, add_invoice_items: [{ price_data, quantity: 2 }], ...months() },
    ]);
    await days(62);
    assert.deepEqual(await bills(), ["subscription_create 2700", "subscription_cycle 3400", "subscription_cycle 2000"]);
  });

  test("is free as long as its phase is a trial", async () => {
    const { bills, days, gold, plan, silver, subscription } = await startPlanning();
    const { id, phases } = await plan([
      { items: [{ price: gold }], trial: true, ...months() },
      { items: [{ price: silver }], ...months() },
    ]);
    assert.equal(phases[0]?.trial_end, phases[0]?.end_date);
    assert.equal((await subscription(id)).status, "trialing");
    await days(31);
    assert.deepEqual(
      [(await subscription(id)).status, await bills()],
      ["active", ["subscription_create 0", "subscription_cycle 1000"]],
    );
  });

  test("is canceled with its subscription, whichever of the two is", async () => {
    const { gold, plan, schedule, stripe, subscription } = await startPlanning();
    const phases = [{ items: [{ price: gold }], ...months() }];
    const one = await plan(phases);
    const canceled = await stripe.subscriptionSchedules.cancel(one.id, { invoice_now: false, prorate: false });
    assert.deepEqual([canceled.status, canceled.current_phase], ["canceled", null]);
    assert.equal((await subscription(one.id)).status, "canceled");
    const other = await plan(phases);
    await stripe.subscriptions.cancel(String(other.subscription));
    assert.equal((await schedule(other.id)).status, "canceled");
  });

  test("is aborted when nobody pays for its subscription", async () => {
    const world = await startPlanning({ billing: { afterRetries: "cancel" } });
    const { customer, days, gold, plan, schedule, stripe, told } = world;
    const { id } = await plan([{ items: [{ price: gold }], ...months(6) }]);
    const { id: default_payment_method } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer,
    });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method } });
    await days(40);
    assert.equal((await schedule(id)).status, "canceled");
    assert.equal((await told("subscription_schedule.aborted")).length, 1);
  });

  test("lets go of a subscription that goes on as it is", async () => {
    const { days, gold, plan, silver, stripe, types } = await startPlanning();
    const phases = [
      { items: [{ price: gold }], ...months() },
      { items: [{ price: silver }], ...months() },
    ];
    const { id, subscription } = await plan(phases, { end_behavior: "cancel" });
    const before = (await types()).length;
    const released = await stripe.subscriptionSchedules.release(id);
    assert.deepEqual([released.status, released.released_subscription], ["released", subscription]);
    assert.deepEqual(await types(before), [
      "subscription_schedule.updated",
      "customer.subscription.updated",
      "subscription_schedule.released",
    ]);
    await days(31);
    const { items, schedule, status } = await stripe.subscriptions.retrieve(String(subscription));
    assert.deepEqual([items.data[0]?.price.id, schedule, status], [gold, null, "active"]);
    await assert.rejects(stripe.subscriptionSchedules.cancel(id), {
      message:
        "You cannot cancel a subscription schedule that is currently in the `released` status. It must be in " +
        "`not_started, active` status to be canceled.",
    });
  });

  test("takes the end that it has chosen along, unless somebody keeps it", async () => {
    const { gold, plan, stripe } = await startPlanning();
    const phases = [{ items: [{ price: gold }], ...months() }];
    for (const preserve_cancel_date of [false, true]) {
      const { id, subscription } = await plan(phases, { end_behavior: "cancel" });
      await stripe.subscriptionSchedules.release(id, { preserve_cancel_date });
      const { cancel_at } = await stripe.subscriptions.retrieve(String(subscription));
      assert.equal(cancel_at !== null, preserve_cancel_date);
    }
  });

  test("goes with its customer", async () => {
    const { customer, gold, now, plan, schedule, stripe } = await startPlanning();
    const phases = [{ items: [{ price: gold }], ...months() }];
    const [running, coming] = [await plan(phases), await plan(phases, { start_date: now() + daySeconds })];
    await stripe.customers.del(customer);
    for (const { id } of [running, coming]) assert.equal((await schedule(id)).status, "canceled");
  });
});

suite("a schedule on a subscription that is there", () => {
  async function attached() {
    const world = await startPlanning();
    const { customer, gold, stripe } = world;
    const subscription = await stripe.subscriptions.create({ customer, items: [{ price: gold, quantity: 3 }] });
    return {
      ...world,
      subscription,
      made: await stripe.subscriptionSchedules.create({ from_subscription: subscription.id }),
    };
  }

  test("has it as its phase, until its period ends", async () => {
    const { gold, made, stripe, subscription, told } = await attached();
    const [phase] = made.phases;
    const [item] = subscription.items.data;
    assert.deepEqual([made.status, made.subscription, made.phases.length], ["active", subscription.id, 1]);
    assert.deepEqual([phase?.start_date, phase?.end_date], [item?.current_period_start, item?.current_period_end]);
    assert.deepEqual([phase?.items[0]?.price, phase?.items[0]?.quantity], [gold, 3]);
    const [updated] = await told("customer.subscription.updated");
    assert.deepEqual(updated?.data.previous_attributes, { schedule: null });
    await assert.rejects(stripe.subscriptionSchedules.create({ from_subscription: subscription.id }), {
      message: `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.id}\`.`,
    });
  });

  test("downgrades it when its period ends", async () => {
    const { bills, days, made, silver, stripe } = await attached();
    const [phase] = made.phases as [Stripe.SubscriptionSchedule.Phase];
    const items = [{ price: String(phase.items[0]?.price), quantity: 3 }];
    const phases = [
      { items, start_date: phase.start_date, end_date: phase.end_date },
      { items: [{ price: silver }], ...months() },
    ];
    await stripe.subscriptionSchedules.update(made.id, { phases });
    assert.deepEqual(await bills(), ["subscription_create 6000"]);
    await days(31);
    assert.deepEqual(await bills(), ["subscription_create 6000", "subscription_cycle 1000"]);
  });

  test("decides about its end alone", async () => {
    const { made, stripe, subscription } = await attached();
    await assert.rejects(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }), {
      message:
        `The subscription is managed by the subscription schedule \`${made.id}\`, and updating any cancelation ` +
        "behavior directly is not allowed. Please update the schedule instead.",
    });
  });

  test("begins another phase when somebody changes the subscription itself", async () => {
    const { days, made, schedule, stripe, subscription } = await attached();
    await days(10);
    await stripe.subscriptions.update(subscription.id, { metadata: { a: "b" } });
    assert.equal((await schedule(made.id)).phases.length, 1);
    await stripe.subscriptionItems.update(String(subscription.items.data[0]?.id), { quantity: 5 });
    const { current_phase: current, phases } = await schedule(made.id);
    assert.deepEqual(
      phases.map(({ items }) => items[0]?.quantity),
      [3, 5],
    );
    assert.deepEqual([phases[0]?.end_date, current?.start_date], [phases[1]?.start_date, phases[1]?.start_date]);
  });

  test("refuses aloud what is not played of it", async () => {
    const { gold, plan } = await startPlanning();
    const issuer = { type: "account", account: "acct_1" } as const;
    const phase = { items: [{ price: gold }], invoice_settings: { issuer }, ...months() };
    await assert.rejects(plan([phase]), { statusCode: 501 });
  });

  test("takes nothing else when it is made", async () => {
    const { customer, gold, stripe } = await startPlanning();
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: gold }] });
    const both = { from_subscription: id, metadata: { a: "b" } };
    await assert.rejects(stripe.subscriptionSchedules.create(both), { param: "metadata" });
  });
});

suite("phases", () => {
  test("that run or are to come are changed, those that are over stay", async () => {
    const { bills, days, gold, plan, silver, stripe, subscription } = await startPlanning();
    const { id, phases } = await plan([
      { items: [{ price: gold }], ...months() },
      { items: [{ price: gold }], ...months() },
    ]);
    await days(31);
    const start_date = Number(phases[1]?.start_date);
    const more = [
      { start_date, items: [{ price: gold, quantity: 2 }], ...months() },
      { items: [{ price: silver }], ...months() },
    ];
    const updated = await stripe.subscriptionSchedules.update(id, { phases: more, proration_behavior: "none" });
    assert.deepEqual(
      updated.phases.map(({ items }) => [items[0]?.price, items[0]?.quantity]),
      [
        [gold, 1],
        [gold, 2],
        [silver, 1],
      ],
    );
    assert.equal((await subscription(id)).items.data[0]?.quantity, 2);
    await days(31);
    assert.deepEqual(await bills(), ["subscription_create 2000", "subscription_cycle 2000", "subscription_cycle 1000"]);
  });

  test("are cut short where the next one is to begin now", async () => {
    const { days, gold, now, plan, silver, stripe, subscription } = await startPlanning();
    const { id, phases } = await plan([{ items: [{ price: gold }], ...months() }]);
    await days(10);
    const start_date = Number(phases[0]?.start_date);
    const cut = [
      { start_date, items: [{ price: gold }], end_date: "now" as const },
      { start_date: "now" as const, items: [{ price: silver }], ...months() },
    ];
    const { current_phase: current } = await stripe.subscriptionSchedules.update(id, { phases: cut });
    assert.equal(current?.start_date, now());
    assert.equal((await subscription(id)).items.data[0]?.price.id, silver);
  });

  test("refuse what leaves a gap, goes backwards or has no beginning", async () => {
    const { days, gold, now, plan, stripe } = await startPlanning();
    const items = [{ price: gold }];
    const { id, phases } = await plan([
      { items, ...months() },
      { items, ...months() },
    ]);
    await days(1);
    const start = Number(phases[0]?.start_date);
    const update = (list: Stripe.SubscriptionScheduleUpdateParams.Phase[]) =>
      stripe.subscriptionSchedules.update(id, { phases: list });
    const anchored =
      "The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.";
    await assert.rejects(update([{ items, ...months() }]), { message: anchored });
    const fixed = "You can not modify the start date of the current phase.";
    await assert.rejects(update([{ items, start_date: start + 1, ...months() }]), { message: fixed });
    const past = "You can only adjust the end date to a future date for the current phase.";
    await assert.rejects(update([{ items, start_date: start, end_date: start + 60 }]), { message: past });
    await assert.rejects(
      update([
        { items, start_date: start, ...months() },
        { items, start_date: now() },
      ]),
      {
        param: "phases[1][start_date]",
      },
    );
    await assert.rejects(plan([{ items, end_date: now() + 60, ...months() }]), { param: "phases[0][end_date]" });
    await assert.rejects(plan([{ items, end_date: now() }]), { param: "phases[0][end_date]" });
    await assert.rejects(plan(Array.from({ length: 11 }, () => ({ items }))), { param: "phases" });
    await assert.rejects(plan([{ items, trial: true, billing_cycle_anchor: "phase_start" }]), {
      param: "phases[0][billing_cycle_anchor]",
    });
  });

  test("counted periods before clover, and had one coupon before basil", async () => {
    const world = startWorld();
    const { call } = world;
    const { customer, gold, now, stripe } = await planning(world);
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const form = `customer=${customer}&start_date=now&phases[0][items][0][price]=${gold}&phases[0][iterations]=3`;
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await call("POST", "/v1/subscription_schedules", {
      form: `${form}&phases[0][coupon]=${coupon}`,
      headers,
    });
    const [phase] = json.phases as { coupon: string; end_date: number }[];
    assert.equal(phase?.coupon, coupon);
    assert.ok(Number(phase?.end_date) > now() + 85 * daySeconds);
    assert.equal((json.billing_mode as { type: string }).type, "classic");
    const refused = await call("POST", "/v1/subscription_schedules", form);
    assert.deepEqual([refused.error.code, refused.error.param], ["parameter_unknown", "phases[0][iterations]"]);
  });
});
