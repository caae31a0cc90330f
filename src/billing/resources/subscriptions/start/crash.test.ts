// A process that is killed while it starts a subscription, at each of its awaits: another one goes on, the same start
// given again makes nothing twice, and what came of it is told once. `npm test` takes a sample, the whole run all.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";
import { atStripe, openFlags, sell, starting } from "../../../testing/subscribers.ts";

/** In `npm test` every so many of them. */
const step = stride(12);

/** By the card: what the start answers in the end, how the subscription stands, and what is told. */
const cards = {
  pm_card_visa: ["done", "active", "subscription.activated subscription.started"],
  pm_card_authenticationRequired: ["action_required", "incomplete", "subscription.action_required"],
} as const;

for (const [card, [answered, status, told]] of Object.entries(cards)) {
  onEachDatabase<BillingTables>(`a start, killed at any await, makes one (${card})`, async ({ url }) => {
    const world = await startWorld({ url });
    let booted = 0;
    const startIn = async (id: string, nth?: number) => {
      const customer = await sell(world, id, card);
      const { life, billing } = await world.mortalTwin(nth === undefined ? undefined : booted + nth);
      const before = life.points.length;
      const wish = { id: `start_${id}`, customerId: id, plan: "pro", every: "month", currency: "eur" } as const;
      await world.run(Promise.race([billing.subscriptions.start(wish), life.death]));
      const count = life.points.length - before;
      if (nth === undefined) booted = before;
      life.kill();
      const { outcome } = await world.run(starting(world, wish));
      assert.ok(outcome === answered || outcome === "processing", `${id}: ${outcome}`);
      await world.advance(2 * minuteMs);
      assert.equal((await world.run(starting(world, wish))).outcome, answered, id);
      const made = await atStripe(world, customer);
      assert.deepEqual(
        made.map((one) => one.status),
        [status],
        id,
      );
      const facts = world.facts.filter(({ data }) => "subscriptionId" in data && data.subscriptionId === made[0]?.id);
      const types = facts.map(({ type }) => type).filter((type) => type.startsWith("subscription."));
      assert.equal(types.sort().join(" "), told, id);
      return count;
    };
    const count = await startIn("user_0");
    assert.ok(count > 10, `only ${count} awaits`);
    for (let nth = 1; nth <= count; nth += step) await startIn(`user_${nth}`, nth);
    assert.deepEqual(await openFlags(world), []);
    await world.close();
  });
}
