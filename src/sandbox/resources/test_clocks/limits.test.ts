import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const secondOf = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000;
const newYear = secondOf("2030-01-01");

/** A world with a clock, and a customer on it. */
async function startClock(options: Parameters<typeof startWorld>[0] = {}, frozen_time = newYear) {
  const world = startWorld(options);
  const { id } = await world.stripe.testHelpers.testClocks.create({ frozen_time });
  const { id: customer } = await world.stripe.customers.create({ test_clock: id });
  const advance = (to: number) => world.call("POST", `/v1/test_helpers/test_clocks/${id}/advance`, `frozen_time=${to}`);
  /** Until it has ended, well or not. */
  const settle = async (): Promise<Stripe.TestHelpers.TestClock> => {
    const clock = await world.stripe.testHelpers.testClocks.retrieve(id);
    if (clock.status !== "advancing") return clock;
    await world.clock.advance(0);
    return settle();
  };
  return { ...world, id, customer, advance, settle };
}

type Every = readonly [count: number, interval: Stripe.Price.Recurring.Interval];

/** Free, so that it is active at once. */
async function subscribe({ stripe }: Pick<SandboxWorld, "stripe">, customer: string, ...every: readonly Every[]) {
  const priceFor = ([interval_count, interval]: Every) =>
    stripe.prices.create({
      currency: "usd",
      unit_amount: 0,
      recurring: { interval, interval_count },
      product_data: { name: "Gold" },
    });
  const items = await Promise.all(every.map(async (one) => ({ price: (await priceFor(one)).id })));
  return stripe.subscriptions.create({ customer, items });
}

suite("the limits of test clocks", () => {
  test("a clock goes forward only", async () => {
    const { advance } = await startClock();
    for (const time of [newYear, newYear - 1]) {
      const { status, error } = await advance(time);
      assert.deepEqual([status, error.param], [400, "frozen_time"]);
    }
  });

  const month: Every = [1, "month"];
  const furthest: readonly { readonly from: string; readonly on: readonly Every[]; readonly to: string }[] = [
    { from: "2030-01-01", on: [], to: "2032-01-01" },
    { from: "2030-01-01", on: [month], to: "2030-03-01" },
    { from: "2030-01-01", on: [[1, "year"]], to: "2032-01-01" },
    { from: "2030-01-01", on: [[3, "year"]], to: "2036-01-01" },
    { from: "2030-01-01", on: [[1, "week"]], to: "2030-01-15" },
    { from: "2030-01-01", on: [month, [1, "year"]], to: "2030-03-01" },
    { from: "2030-12-31", on: [month], to: "2031-02-28" },
  ];
  for (const { from, on, to } of furthest) {
    const named = on.map(([count, interval]) => `${count} ${interval}`).join(" and ") || "nothing";
    test(`from ${from}, with ${named} on it, it goes to ${to} at once and not further`, async () => {
      const world = await startClock({}, secondOf(from));
      if (on.length > 0) await subscribe(world, world.customer, ...on);
      const { status, error } = await world.advance(secondOf(to) + 1);
      assert.deepEqual([status, error.param], [400, "frozen_time"]);
      const said = (day: string) => `${secondOf(day)} (${day} 00:00:00 UTC)`;
      const begins = `The frozen time of this clock is ${said(from)}. You can only advance it up to ${said(to)}. `;
      assert.ok(String(error.message).startsWith(begins), String(error.message));
      assert.equal((await world.advance(secondOf(to))).status, 200);
      assert.equal((await world.settle()).frozen_time, secondOf(to));
    });
  }

  test("the next two intervals count from where it has come to, and what is over counts no more", async () => {
    const world = await startClock();
    const { id } = await subscribe(world, world.customer, month);
    await world.advance(secondOf("2030-02-10"));
    await world.settle();
    assert.equal((await world.advance(secondOf("2030-04-10") + 1)).status, 400);
    await world.stripe.subscriptions.cancel(id);
    assert.equal((await world.advance(secondOf("2032-02-10"))).status, 200);
  });

  test("a clock has three customers at most, and each of them three subscriptions that are not over", async () => {
    const world = await startClock();
    const { stripe, call, id, customer } = world;
    const first = await subscribe(world, customer, month);
    for (let count = 1; count < 3; count++) {
      await stripe.customers.create({ test_clock: id });
      await subscribe(world, customer, month);
    }
    const { status, error } = await call("POST", "/v1/customers", `test_clock=${id}`);
    assert.deepEqual([status, error.param], [400, "test_clock"]);
    await assert.rejects(subscribe(world, customer, month), { statusCode: 400, param: "customer" });
    await stripe.subscriptions.cancel(first.id);
    await subscribe(world, customer, month);
  });

  test("an account whose clocks are unlimited lets them go as far as they like, and hold as much", async () => {
    const world = await startClock({ billing: { testClocks: "unlimited" } });
    for (let count = 0; count < 4; count++) {
      await world.stripe.customers.create({ test_clock: world.id });
      await subscribe(world, world.customer, month);
    }
    assert.equal((await world.advance(secondOf("2035-01-01"))).status, 200);
    assert.equal((await world.settle()).frozen_time, secondOf("2035-01-01"));
  });

  test("by a fault it ends in internal_failure where it stood, and can be deleted only", async () => {
    const world = await startClock();
    const { stripe, sandbox, id, customer } = world;
    const before = await subscribe(world, customer, month);
    sandbox.faults.add({ kind: "clock_failure" });
    const { json } = await world.advance(secondOf("2030-02-10"));
    assert.equal(json.status, "advancing");
    const failed = await world.settle();
    assert.deepEqual([failed.status, failed.frozen_time, failed.status_details], ["internal_failure", newYear, {}]);
    const [event] = (await stripe.events.list({ type: "test_helpers.test_clock.internal_failure" })).data;
    assert.deepEqual(event?.data.object, failed);
    assert.deepEqual(await stripe.subscriptions.retrieve(before.id), before, "nothing has happened on the way");
    assert.equal((await world.advance(secondOf("2030-02-10"))).status, 400);
    assert.equal((await stripe.testHelpers.testClocks.del(id)).deleted, true);
    assert.equal((await stripe.subscriptions.retrieve(before.id)).status, "canceled");
  });
});
