import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, hourMs } from "#kit/clock.ts";
import type { SandboxLine } from "../../index.ts";
import { monthly } from "../../resources/subscriptions/testing.ts";
import { startWorld } from "../../testing.ts";

interface Due {
  readonly at: number;
  readonly object: string | null;
  readonly what: string;
}

interface Time {
  readonly now: number;
  readonly next: number | null;
  readonly due: readonly Due[];
  readonly clocks: readonly { readonly clock: string; readonly now: number; readonly due: readonly Due[] }[];
}

function startTime() {
  const lines: SandboxLine[] = [];
  const world = startWorld({ onLine: (line) => lines.push(line) });
  const get = (path: string) => world.sandbox.fetch(new Request(`http://localhost${path}`));
  const time = async () => (await (await get("/-/time.json")).json()) as Time;
  const move = async (fields: Readonly<Record<string, string>>) => {
    const token = (await (await get("/-/token")).text()).trim();
    const body = new URLSearchParams({ token, ...fields });
    return (await world.sandbox.fetch(new Request("http://localhost/-/time/advance", { method: "POST", body }))).status;
  };
  const customer = async (card: string, more: Stripe.CustomerCreateParams = {}) => {
    const { id } = await world.stripe.customers.create({ email: "a@shop.test", ...more });
    const method = await world.stripe.paymentMethods.attach(`pm_card_${card}`, { customer: id });
    await world.stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
    return id;
  };
  return { ...world, lines, time, move, customer };
}

type TimeWorld = ReturnType<typeof startTime>;

/** One of each state in which something is due. */
async function subscribeAll(world: TimeWorld) {
  const { stripe, customer } = world;
  const price = await monthly(world, 1_000);
  const items = [{ price }];
  const good = await customer("visa");
  const bad = await customer("chargeCustomerFail");
  const trial = {
    trial_period_days: 10,
    trial_settings: { end_behavior: { missing_payment_method: "pause" } },
  } as const;
  const sent = { collection_method: "send_invoice", days_until_due: 20 } as const;
  const resumes_at = Math.floor(world.clock.now() / 1000) + 40 * 86_400;
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: "repeating", duration_in_months: 1 });
  return {
    renewed: await stripe.subscriptions.create({ customer: good, items, discounts: [{ coupon: coupon.id }] }),
    ending: await stripe.subscriptions.create({ customer: good, items, cancel_at_period_end: true }),
    trialing: await stripe.subscriptions.create({ customer: bad, items, ...trial }),
    sent: await stripe.subscriptions.create({ customer: good, items, ...sent }),
    incomplete: await stripe.subscriptions.create({ customer: bad, items, payment_behavior: "default_incomplete" }),
    paused: await stripe.subscriptions
      .create({ customer: good, items })
      .then(({ id }) => stripe.subscriptions.update(id, { pause_collection: { behavior: "void", resumes_at } })),
  };
}

suite("what is due", () => {
  test("is named for every state of a subscription, at its instant", async () => {
    const world = startTime();
    const made = await subscribeAll(world);
    const start = (await world.time()).now;
    const due = async (id: string) =>
      (await world.time()).due
        .filter(({ object }) => object === id)
        .map(({ at, what }) => [(at - start) / dayMs, what]);
    assert.deepEqual(await due(made.renewed.id), [
      [23, "its renewal is announced"],
      [30, "is renewed"],
    ]);
    assert.deepEqual(await due(made.ending.id), [[30, "ends"]]);
    assert.deepEqual(await due(made.trialing.id), [
      [3, "its renewal is announced"],
      [7, "its trial ends soon"],
      [10, "its trial ends"],
    ]);
    assert.deepEqual(await due(made.incomplete.id), [[23 / 24, "expires, if not paid"]]);
    assert.deepEqual(await due(made.paused.id), [
      [30, "is renewed"],
      [40, "is collected again"],
    ]);
    const draft = String(made.sent.latest_invoice);
    assert.deepEqual(await due(draft), [[3_601_000 / dayMs, "is finalized, its time as a draft over"]]);
    await world.clock.advance(2 * hourMs);
    assert.deepEqual(await due(draft), [[20, "is overdue, if not paid"]]);
    await world.clock.advance(11 * dayMs);
    const { latest_invoice: failed, status } = await world.stripe.subscriptions.retrieve(made.trialing.id);
    assert.equal(status, "past_due");
    assert.deepEqual(
      (await due(String(failed))).map(([, what]) => what),
      ["is tried again"],
    );
  });

  test("is what happens next: nothing comes before it, and it comes to something", async () => {
    const world = startTime();
    await subscribeAll(world);
    const { now: start } = await world.time();
    for (let steps = 0; (await world.time()).now < start + 70 * dayMs; steps++) {
      assert.ok(steps < 200, "it goes on");
      const { next, due } = await world.time();
      const before = world.lines.length;
      assert.equal(await world.move({ to: "next" }), 303);
      const happened = world.lines.slice(before);
      assert.ok(happened.length > 0, `${due[0]?.object} ${due[0]?.what}`);
      assert.deepEqual([...new Set(happened.map(({ at }) => at))], [next], `${due[0]?.object} ${due[0]?.what}`);
    }
  });

  test("and looking at it changes nothing, not even the ids that come next", async () => {
    const [seen, unseen] = [startTime(), startTime()];
    for (const world of [seen, unseen]) await subscribeAll(world);
    const before = [...seen.sandbox.snapshot()].join();
    assert.ok((await seen.time()).due.length > 0);
    assert.ok([...seen.sandbox.snapshot()].join() === before);
    const next = ({ stripe }: TimeWorld) => stripe.customers.create();
    assert.equal((await next(seen)).id, (await next(unseen)).id);
  });

  test("on a test clock stands with its clock", async () => {
    const { stripe, time, customer, ...world } = startTime();
    const frozen_time = Date.UTC(2030, 0, 31) / 1000;
    const { id } = await stripe.testHelpers.testClocks.create({ frozen_time });
    const items = [{ price: await monthly({ stripe, ...world }, 1_000) }];
    const on = await customer("visa", { test_clock: id });
    const subscription = await stripe.subscriptions.create({ customer: on, items });
    const { clocks, due } = await time();
    assert.deepEqual(
      clocks.map(({ clock, now, due: [first] }) => [clock, now, first?.at, first?.object, first?.what]),
      [[id, frozen_time * 1000, Date.UTC(2030, 1, 21), subscription.id, "its renewal is announced"]],
    );
    assert.deepEqual(due.map(({ object, what }) => [object, what]).slice(-1), [[id, "is deleted"]]);
  });

  test("the clock goes on by a day or a calendar month, and not where nothing is due", async () => {
    const { time, move } = startTime();
    const { now, next } = await time();
    assert.equal(next, null);
    assert.equal(await move({ to: "next" }), 400);
    assert.equal(await move({ count: "1", unit: "days" }), 303);
    assert.equal((await time()).now, now + dayMs);
    assert.equal(await move({ count: "1", unit: "months" }), 303);
    assert.equal(new Date((await time()).now).toISOString(), "2026-12-03T09:00:00.000Z");
    for (const unit of ["years", "months"]) assert.equal(await move({ count: "20", unit }), 400);
    assert.equal(await move({ count: "-1", unit: "months" }), 400);
  });
});
