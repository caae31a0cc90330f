// Phases tile time: whatever is planned, each second until the end belongs to one phase, and each month of the
// subscription is billed once, with what its phase says. The second model is a calendar that is written out.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { dayMs, secondMs } from "#kit/clock.ts";
import { draws } from "#kit/testing.ts";
import { type Answer, startCore, type TestCore } from "./lives/core.ts";

const runs = { numRuns: draws(15, 1500), seed: 23 };
const daySeconds = dayMs / secondMs;

const plans = fc.record({
  mode: fc.constantFrom("classic", "flexible"),
  /** Of the year that comes; some months do not have that day. */
  month: fc.integer({ min: 0, max: 11 }),
  day: fc.integer({ min: 1, max: 31 }),
  endsWith: fc.constantFrom("cancel", "release"),
  behavior: fc.constantFrom("none", "create_prorations", "always_invoice"),
  isAttached: fc.boolean(),
  phases: fc.array(
    fc.record({
      months: fc.integer({ min: 1, max: 3 }),
      items: fc.uniqueArray(
        fc.record({ price: fc.integer({ min: 0, max: 2 }), quantity: fc.integer({ min: 1, max: 4 }) }),
        {
          minLength: 1,
          maxLength: 3,
          selector: ({ price }) => price,
        },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

const cents = [700, 1100, 1900];

/** The naive model: the last day of a month where that has fewer. */
function monthLater(start: number, months: number): number {
  const from = new Date(start * secondMs);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(from.getUTCDate(), last), 9) / secondMs;
}

/** What each month costs, one after the other, and one more where the subscription goes on. */
function wantedBills({ endsWith, phases }: Plan): number[] {
  const bills = phases.flatMap(({ items, months }) =>
    Array.from({ length: months }, () => items.reduce((sum, { price, quantity }) => sum + quantity * cents[price]!, 0)),
  );
  return endsWith === "release" ? [...bills, bills.at(-1)!] : bills;
}

interface Planned {
  readonly core: TestCore;
  readonly id: string;
  readonly start: number;
}

async function planned(plan: Plan): Promise<Planned> {
  const core = startCore();
  const { must } = core;
  const start = Date.UTC(2027, plan.month, plan.day, 9) / secondMs;
  const product = must("POST /v1/products", { name: "Plan" }).id;
  const recurring = { interval: "month" };
  const prices = cents.map(
    (unit_amount) => must("POST /v1/prices", { currency: "usd", product, recurring, unit_amount }).id,
  );
  const customer = must("POST /v1/customers", { name: "Ada" }).id;
  const method = must("POST /v1/payment_methods/pm_card_visa/attach", { customer }).id;
  must(`POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method } });
  const phases = plan.phases.map(({ items, months }) => ({
    items: items.map(({ price, quantity }) => ({ price: prices[price], quantity })),
    duration: { interval: "month", interval_count: months },
    proration_behavior: plan.behavior,
  }));
  const billing_mode = { type: plan.mode };
  const rest = { end_behavior: plan.endsWith };
  if (!plan.isAttached) {
    const { id } = must("POST /v1/subscription_schedules", {
      customer,
      start_date: start,
      billing_mode,
      phases,
      ...rest,
    });
    await core.goTo(start);
    return { core, id, start };
  }
  await core.goTo(start);
  const subscription = must("POST /v1/subscriptions", { customer, items: phases[0]?.items, billing_mode });
  const { id, current_phase } = must("POST /v1/subscription_schedules", { from_subscription: subscription.id });
  const [first, ...others] = phases;
  const all = [{ ...first, start_date: current_phase.start_date }, ...others];
  must(`POST /v1/subscription_schedules/${id}`, { phases: all, ...rest });
  return { core, id, start };
}

function assertTiled({ phases }: Answer, start: number, months: readonly number[]): void {
  let passed = 0;
  for (const [nth, { start_date, end_date }] of phases.entries()) {
    assert.equal(start_date, monthLater(start, passed));
    passed += months[nth]!;
    assert.equal(end_date, monthLater(start, passed));
  }
}

suite("phases", () => {
  test("tile time, and each month is billed once with the items of its phase", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { core, id, start } = await planned(plan);
        const length = plan.phases.reduce((sum, { months }) => sum + months, 0);
        const schedule = () => core.must(`GET /v1/subscription_schedules/${id}`);
        assertTiled(
          schedule(),
          start,
          plan.phases.map(({ months }) => months),
        );
        const subscription = String(schedule().subscription);
        for (let month = 0; month < length; month += 1) {
          await core.goTo(monthLater(start, month) + daySeconds);
          const { current_phase: current, phases } = schedule();
          const running = phases.filter((one: Answer) => one.start_date <= core.now() && core.now() < one.end_date);
          assert.deepEqual(
            running.map(({ start_date }: Answer) => start_date),
            [current.start_date],
          );
        }
        await core.goTo(monthLater(start, length) + daySeconds);
        assert.equal(schedule().status, plan.endsWith === "cancel" ? "completed" : "released");
        const bills = core.all("/v1/invoices", { subscription }).reverse();
        assert.deepEqual(
          bills.map(({ total }) => total),
          wantedBills(plan),
        );
        for (const [month, { lines }] of bills.entries()) {
          for (const { period } of lines.data) {
            assert.deepEqual(period, { start: monthLater(start, month), end: monthLater(start, month + 1) });
          }
        }
        assert.deepEqual(core.all("/v1/invoiceitems"), []);
        assert.deepEqual(core.bugs, []);
      }),
      runs,
    );
  });
});
