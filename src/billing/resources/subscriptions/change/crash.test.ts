// A process that dies in the middle of a change, and two whose clocks differ.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, startSelling, told } from "../../../testing/changes.ts";
import { wishedADayAgo } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

/** In `npm test` every so many of them. */
const step = stride(17);

const ends = {
  "a change now": {
    wish: { id: "up", plan: "pro", coupon: "launch" },
    after: { "bursar-pro-month-eur": 1 },
    paid: 3000,
  },
  "a planned one": {
    wish: { id: "up", plan: "pro", when: "period_end" },
    after: { "bursar-basic-month-eur": 1 },
    paid: 1000,
  },
} as const;

for (const [what, { wish, after, paid }] of Object.entries(ends)) {
  on(`killed at any await, ${what} is made once and told once`, async ({ url }) => {
    const selling = await startSelling({ url });
    const { world, price } = selling;
    const dieAt = async (user: string, point?: number) => {
      const { customer, id } = await having(selling, [price("basic")], { user });
      const { life, billing } = await world.mortalTwin(point);
      const before = life.points.length;
      await world.run(Promise.race([billing.subscriptions.change(id, wish).catch(() => undefined), life.death]));
      const points = { before, after: life.points.length };
      life.kill();
      const { outcome } = await world.run(world.billing.subscriptions.change(id, wish));
      assert.equal(outcome, "done", user);
      await world.advance(2 * minuteMs);
      assert.deepEqual(await held(world, id), after, user);
      const sum = await paidBy(world, customer);
      assert.ok(Math.abs(sum - paid) <= 1, `${user}: ${sum}`); // A minute of a month is less than a cent.
      const facts = world.facts.filter(({ data }) => "subscriptionId" in data && data.subscriptionId === id);
      const changes = facts.filter(({ type }) => /\.change(d|_scheduled)$/.test(type));
      assert.equal(new Set(changes.map((fact) => fact.id)).size, 1, user);
      return points;
    };
    const alive = await dieAt("user_0");
    const count = alive.after - alive.before;
    assert.ok(count > 8, `only ${count} awaits`);
    for (let nth = 1; nth <= count; nth += step) await dieAt(`user_${nth}`, alive.before + nth);
    await world.close();
  });
}

on("two processes that wish the same at one moment make it once", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")]);
  const twin = await world.twin();
  const wish = { id: "up", plan: "pro" } as const;
  const both = [world.billing, twin].map(({ subscriptions }) => subscriptions.change(id, wish));
  const answers = await world.run(Promise.all(both));
  assert.deepEqual(
    answers.map(({ outcome }) => outcome),
    ["done", "done"],
  );
  await world.advance(minuteMs);
  assert.deepEqual([await held(world, id), await paidBy(world, customer)], [{ "bursar-pro-month-eur": 1 }, 3000]);
  assert.deepEqual(told(world), ["changed"]);
  await world.close();
});

on("what nobody answers for a day is found as it stands, and not made on the day after", async ({ url, sql }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { subscriptions } = world.billing;
  for (const [user, fault] of [
    ["user_1", "unheard"],
    ["user_2", "lost"],
  ] as const) {
    const { id } = await having(selling, [price("basic")], { user });
    world.fail("POST /v1/subscriptions/", fault, 1000);
    const wish = { id: "up", plan: "pro" } as const;
    assert.equal((await world.run(subscriptions.change(id, wish))).outcome, "processing");
    await wishedADayAgo(sql);
    world.mend();
    await world.advance(10 * minuteMs);
    const isMade = fault === "unheard";
    assert.deepEqual(await held(world, id), { [`bursar-${isMade ? "pro" : "basic"}-month-eur`]: 1 });
    if (isMade) assert.equal((await world.run(subscriptions.change(id, wish))).outcome, "done");
    else await assert.rejects(world.run(subscriptions.change(id, wish)), { code: "wrong_state", message: /in time/ });
  }
  await world.advance(secondMs);
  assert.deepEqual(told(world), ["changed", "change_failed"]);
  await world.close();
});
