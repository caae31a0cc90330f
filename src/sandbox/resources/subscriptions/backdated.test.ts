import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, secondMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

const at = (month: number, day: number) => Date.UTC(2027, month - 1, day) / secondMs;

interface Begun {
  readonly now: number;
  readonly type: "classic" | "flexible";
  readonly amount?: number;
}

/** At this second, of a world that has just begun. */
async function begun({ now, type, amount = 3000 }: Begun, params: Partial<Stripe.SubscriptionCreateParams>) {
  const world = startWorld({ start: now * secondMs });
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: await monthly(world, amount) }],
    billing_mode: { type },
    expand: ["latest_invoice"],
    ...params,
  });
  const invoice = subscription.latest_invoice as Stripe.Invoice | null; // It was asked for.
  const lines = invoice?.lines.data.map(({ amount: of, period }) => [of, period.start, period.end]) ?? [];
  return { ...world, customer, subscription, invoice, lines };
}

// https://docs.stripe.com/billing/subscriptions/backdating
suite("a subscription that began in the past", () => {
  // The examples of the page; February has 28 days.
  const parts = [
    [2, 15, 3, 14 / 28],
    [1, 15, 2, 17 / 31],
  ] as const;
  for (const [month, day, next, part] of parts) {
    test(`classic is billed in one line, for its part of a month from the ${day}th of month ${month}`, async () => {
      const start = at(month, day);
      const anchor = at(next, 1);
      const now = start + 5 * 86_400;
      const { subscription, lines } = await begun(
        { now, type: "classic" },
        { backdate_start_date: start, billing_cycle_anchor: anchor },
      );
      assert.deepEqual(lines, [[Math.round(3000 * part), start, anchor]]);
      assert.deepEqual([subscription.start_date, subscription.created], [start, now]);
      assert.equal(subscription.items.data[0]?.current_period_end, anchor);
    });
  }

  test("classic begins its first whole period now, beside what lies behind it", async () => {
    const { subscription, lines, invoice } = await begun(
      { now: at(3, 1), type: "classic" },
      { backdate_start_date: at(2, 15) },
    );
    assert.equal(subscription.billing_cycle_anchor, at(3, 1));
    assert.deepEqual(lines, [
      [3000, at(3, 1), at(4, 1)],
      [1500, at(2, 15), at(3, 1)],
    ]);
    assert.deepEqual([invoice?.status, invoice?.amount_paid], ["paid", 4500]);
  });

  test("classic that ends in its first period is asked for the part of it that begins now", async () => {
    const params = { backdate_start_date: at(2, 15), cancel_at: at(3, 11) };
    const { lines } = await begun({ now: at(3, 1), type: "classic", amount: 3100 }, params);
    assert.deepEqual(lines, [
      [1000, at(3, 1), at(3, 11)],
      [1550, at(2, 15), at(3, 1)],
    ]);
  });

  test("flexible is billed as if each period had been, and goes on from there", async () => {
    const { subscription, lines, stripe, clock } = await begun(
      { now: at(10, 15), type: "flexible" },
      { backdate_start_date: at(8, 17), billing_cycle_anchor: at(11, 1) },
    );
    assert.deepEqual(lines, [
      [3000, at(10, 1), at(11, 1)],
      [3000, at(9, 1), at(10, 1)],
      [Math.round((3000 * 15) / 31), at(8, 17), at(9, 1)],
    ]);
    const { id, items } = subscription;
    assert.deepEqual([items.data[0]?.current_period_start, subscription.start_date], [at(10, 1), at(8, 17)]);
    await clock.advance(18 * dayMs);
    const bills = (await stripe.invoices.list({ subscription: id })).data;
    assert.deepEqual(
      bills.map(({ total, status }) => [total, status]),
      [
        [3000, "paid"],
        [7452, "paid"],
      ],
    );
  });

  test("flexible is anchored where it began, and gives back what is unused of its current period only", async () => {
    const { subscription, lines, stripe } = await begun(
      { now: at(10, 16), type: "flexible", amount: 3100 },
      { backdate_start_date: at(9, 1) },
    );
    assert.equal(subscription.billing_cycle_anchor, at(9, 1));
    assert.deepEqual(lines, [
      [3100, at(10, 1), at(11, 1)],
      [3100, at(9, 1), at(10, 1)],
    ]);
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? "", quantity: 2 }],
    });
    assert.deepEqual(
      (await stripe.invoiceItems.list({ pending: true })).data.map(({ amount }) => amount),
      [-1600, 3200],
    );
  });

  // Reckoned again by whole days: no time of day is in it.
  for (const type of ["classic", "flexible"] as const) {
    test(`costs of every time behind it what its days cost, and leaves out none: ${type}`, async () => {
      const world = await begun({ now: at(10, 15), type }, {});
      const items = [{ price: world.subscription.items.data[0]?.price.id ?? "" }];
      for (let behind = 1; behind < 90; behind += 4) {
        const start = at(10, 15 - behind);
        const { latest_invoice } = await world.stripe.subscriptions.create({
          customer: world.customer,
          items,
          billing_mode: { type },
          backdate_start_date: start,
          billing_cycle_anchor: at(11, 1),
        });
        const { lines } = await world.stripe.invoices.retrieve(String(latest_invoice));
        const got = lines.data.map(({ amount, period }) => [amount, period.start, period.end]);
        assert.deepEqual(got, type === "classic" ? [sinceThen(start)] : byMonths(start), `${behind} days`);
      }
    });
  }

  for (const type of ["classic", "flexible"] as const) {
    test(`asks for nothing of the time behind it where it is not to be prorated: ${type}`, async () => {
      const { subscription, invoice } = await begun(
        { now: at(10, 15), type },
        { backdate_start_date: at(9, 1), billing_cycle_anchor: at(11, 1), proration_behavior: "none" },
      );
      assert.deepEqual([invoice, subscription.status, subscription.start_date], [null, "active", at(9, 1)]);
    });
  }

  // "A 2 month coupon on a subscription backdated by 2 months": https://docs.stripe.com/billing/subscriptions/coupons
  for (const type of ["classic", "flexible"] as const) {
    test(`has the months of a discount counted from its beginning: ${type}`, async () => {
      const world = await begun({ now: at(10, 15), type }, {});
      const months = { duration: "repeating", duration_in_months: 2 } as const;
      const { id: coupon } = await world.stripe.coupons.create({ percent_off: 10, ...months });
      const items = [{ price: world.subscription.items.data[0]?.price.id ?? "" }];
      for (const named of [{ items, discounts: [{ coupon }] }, { items: [{ ...items[0], discounts: [{ coupon }] }] }]) {
        const made = await world.stripe.subscriptions.create({
          customer: world.customer,
          billing_mode: { type },
          backdate_start_date: at(8, 15),
          ...named,
        });
        const invoice = await world.stripe.invoices.retrieve(String(made.latest_invoice), { expand: ["discounts"] });
        const taken = invoice.lines.data.map((line) => [line.period.start, line.discount_amounts?.[0]?.amount ?? 0]);
        const behind = { classic: { [at(8, 15)]: 590 }, flexible: { [at(9, 15)]: 300, [at(8, 15)]: 300 } };
        assert.deepEqual(Object.fromEntries(taken), { [at(10, 15)]: 0, ...behind[type] });
        assert.deepEqual([made.discounts, made.items.data[0]?.discounts], [[], []], "its months are over");
      }
      const later = await world.stripe.subscriptions.create({
        customer: world.customer,
        items,
        billing_mode: { type },
        backdate_start_date: at(9, 15),
        discounts: [{ coupon }],
        expand: ["discounts"],
      });
      const [discount] = later.discounts as Stripe.Discount[];
      assert.deepEqual([discount?.start, discount?.end], [at(9, 15), at(11, 15)]);
    });
  }

  for (const type of ["classic", "flexible"] as const) {
    test(`with a trial is billed for the time behind it, and free from now on: ${type}`, async () => {
      const { subscription, lines, invoice, stripe, clock } = await begun(
        { now: at(10, 15), type },
        { backdate_start_date: at(9, 1), trial_end: at(11, 1) },
      );
      const { status, trial_start, trial_end, start_date, billing_cycle_anchor: anchor, items } = subscription;
      assert.deepEqual([status, trial_start, trial_end], ["trialing", at(10, 15), at(11, 1)]);
      assert.deepEqual([start_date, anchor, items.data[0]?.current_period_start], [at(9, 1), at(11, 1), at(10, 15)]);
      const behind = {
        classic: [part(at(9, 1), at(10, 15), at(10, 1) - at(9, 1))],
        flexible: [part(at(10, 1), at(10, 15), at(11, 1) - at(10, 1)), [3000, at(9, 1), at(10, 1)]],
      };
      assert.deepEqual(lines, [[0, at(10, 15), at(11, 1)], ...behind[type]]);
      assert.equal(invoice?.status, "paid");
      await clock.advance(18 * dayMs);
      const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data;
      assert.deepEqual([renewal?.total, renewal?.billing_reason], [3000, "subscription_cycle"]);
    });
  }

  // https://docs.stripe.com/billing/subscriptions/backdating#backdating-an-update
  for (const type of ["classic", "flexible"] as const) {
    test(`may be changed from its beginning on while its first period runs, later no more: ${type}`, async () => {
      const { subscription, invoice, stripe, clock } = await begun(
        { now: at(10, 15), type, amount: 3100 },
        { backdate_start_date: at(9, 15) },
      );
      const item = subscription.items.data[0]?.id ?? "";
      const change = (quantity: number, proration_date: number) =>
        stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity }], proration_date });
      await assert.rejects(change(2, at(9, 14)), { param: "proration_date" });
      const anchored = { proration_date: at(10, 15), billing_cycle_anchor: { type: "now" } } as const;
      await assert.rejects(stripe.subscriptions.update(subscription.id, anchored), /when `billing_cycle_anchor=now`/);
      await change(2, at(9, 30));
      const waiting = (await stripe.invoiceItems.list({ pending: true })).data;
      const half = [at(9, 30), at(10, 15)];
      assert.deepEqual(
        waiting
          .map(({ amount, period }) => [amount, period.start, period.end])
          .sort(([one = 0], [other = 0]) => one - other),
        [
          [-3100, at(10, 15), at(11, 15)],
          [-1550, ...half],
          [3100, ...half],
          [6200, at(10, 15), at(11, 15)],
        ],
      );
      const credited = waiting.flatMap(
        ({ proration_details: details }) =>
          details?.credited_items?.invoice_line_item_details?.invoice_line_items ?? [],
      );
      assert.deepEqual(new Set(credited), new Set(invoice?.lines.data.map(({ id }) => id)));
      await clock.advance(32 * dayMs);
      await assert.rejects(change(3, at(10, 20)), { param: "proration_date" });
    });
  }

  test("is previewed as it is billed, with a start in the past", async () => {
    const { stripe, customer, subscription, invoice } = await begun(
      { now: at(10, 15), type: "flexible" },
      { backdate_start_date: at(8, 17), billing_cycle_anchor: at(11, 1) },
    );
    const items = [{ price: subscription.items.data[0]?.price.id ?? "" }];
    const anchor = { type: "timestamp", timestamp: at(11, 1) } as const;
    const preview = await stripe.invoices.createPreview({
      customer,
      subscription_details: { items, start_date: at(8, 17), billing_cycle_anchor: anchor },
    });
    const shown = ({ lines, total }: Stripe.Invoice) => [
      total,
      lines.data.map(({ amount, period }) => [amount, period]),
    ];
    assert.deepEqual(shown(preview), shown(invoice as Stripe.Invoice));
    const again = { subscription: subscription.id, subscription_details: { start_date: at(8, 17) } };
    await assert.rejects(stripe.invoices.createPreview(again), { param: "subscription_details[start_date]" });
  });

  test("is refused when it begins ahead or too far behind", async () => {
    const start = { now: at(10, 15), type: "flexible" } as const;
    const rows = [
      [{ backdate_start_date: at(10, 16) }, 400, /future/],
      [{ backdate_start_date: at(9, 1), billing_cycle_anchor_config: { day_of_month: 1 } }, 400, /only pass one/],
      [{ backdate_start_date: Date.UTC(1995, 0, 1) / secondMs }, 400, /at most 250 lines/],
    ] as const;
    for (const [params, status, message] of rows) {
      await assert.rejects(begun(start, params), (error: Stripe.errors.StripeError) => {
        assert.equal(error.statusCode, status);
        return message.test(error.message);
      });
    }
  });
});

type Line = readonly [amount: number, start: number, end: number];

/** Its days to the first of November, of as many as there are from its day to that of the next month. */
function sinceThen(start: number): Line {
  const from = new Date(start * secondMs);
  const [month, day] = [from.getUTCMonth() + 1, from.getUTCDate()];
  const next = Math.min(at(month + 1, day), at(month + 2, 0)); // Its day, or the last of a shorter month.
  return part(start, at(11, 1), next - start);
}

/** Each month of the calendar by itself, the newest first. */
function byMonths(start: number): Line[] {
  const months = [10, 9, 8, 7].filter((month) => at(month + 1, 1) > start);
  return months.map((month) => part(Math.max(start, at(month, 1)), at(month + 1, 1), at(month + 1, 1) - at(month, 1)));
}

/** To the nearest cent, halves down. */
function part(start: number, end: number, whole: number): Line {
  return [Math.ceil((2 * 3000 * (end - start) - whole) / (2 * whole)), start, end];
}
