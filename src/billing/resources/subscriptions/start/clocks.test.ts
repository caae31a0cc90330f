// A start of somebody who lives by a test clock: what it makes is dated by that, and is found by it.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";
import { assertMirrored, payWith } from "../../../testing/mirrored.ts";
import { atStripe, plans, starting } from "../../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

for (const [where, frozenTime] of Object.entries({ past: 1_577_880_000, future: 1_893_456_000 })) {
  on(
    `in the ${where} a start whose answer was lost for a day is found, and ends by the clock`,
    async ({ url, sql }) => {
      const world = await startWorld({ url });
      const { stripe, run, billing } = world;
      await run(billing.catalog.apply(plans));
      const clock = await run(
        stripe.testHelpers.testClocks.create({ frozen_time: frozenTime }).then((made) => made.id),
      );
      const customer = await run(stripe.customers.create({ test_clock: clock }).then((made) => made.id));
      await payWith(world, customer, "pm_card_visa");
      await run(billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
      world.fail("POST /v1/subscriptions", "unheard", 10_000);
      assert.equal((await run(starting(world))).outcome, "processing");
      await world.advance(25 * hourMs); // Stripe has forgotten the key.
      world.mend();
      await world.advance(10 * minuteMs);
      const { outcome, value } = await run(starting(world));
      const { id = "", status, createdAt } = value.subscription ?? {};
      assert.deepEqual([outcome, status, createdAt], ["done", "active", new Date(frozenTime * secondMs)]);
      assert.equal((await atStripe(world, customer)).length, 1);
      await run(billing.subscriptions.cancel(id, { id: "cancel_1", when: "period_end" }));
      const later = { frozen_time: frozenTime + (40 * dayMs) / secondMs };
      await run(stripe.testHelpers.testClocks.advance(clock, later).then((moved) => moved));
      await world.advance(minuteMs);
      await assertMirrored(world, sql, customer);
      const told = world.facts.map(({ type }) => type).filter((type) => type.startsWith("subscription."));
      assert.deepEqual(told.toSorted(), [
        "subscription.activated",
        "subscription.cancel_scheduled",
        "subscription.ended",
        "subscription.started",
      ]);
      assert.equal((await run(starting(world, { id: "start_2" }))).outcome, "done", "the slot is free");
      await world.close();
    },
  );
}
