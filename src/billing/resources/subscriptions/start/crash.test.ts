// A process that is killed while it starts a subscription, at each of its awaits: another one goes on, the same start
// given again makes nothing twice, and what came of it is told once; also where the bank wants to hear the payer.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";
import { killAtEachAwait } from "../../../testing/killed.ts";
import { atStripe, openFlags, sell, starting } from "../../../testing/subscribers.ts";

/** By the card: what the start answers in the end, how the subscription stands, and what is told. */
const cards = {
  pm_card_visa: ["done", "active", "subscription.activated subscription.started"],
  pm_card_authenticationRequired: ["action_required", "incomplete", "subscription.action_required"],
} as const;

for (const [card, [answered, status, told]] of Object.entries(cards)) {
  onEachDatabase<BillingTables>(`a start, killed at any await, makes one (${card})`, async ({ url }) => {
    const world = await startWorld({ url });
    const customers = new Map<string, string>();
    const wishOf = (name: string) => ({ id: `start_${name}`, customerId: name });
    await killAtEachAwait(world, {
      oneIn: 15,
      async prepare(name) {
        customers.set(name, await sell(world, name, card));
        return (billing) => starting({ ...world, billing }, wishOf(name));
      },
      async verify(name, { outcome }) {
        assert.ok(outcome === answered || outcome === "processing", `${name}: ${outcome}`);
        assert.equal((await world.run(starting(world, wishOf(name)))).outcome, answered, name);
        const made = await atStripe(world, customers.get(name) ?? "");
        assert.deepEqual(
          made.map((one) => one.status),
          [status],
          name,
        );
        const facts = world.facts.filter(({ data }) => "subscriptionId" in data && data.subscriptionId === made[0]?.id);
        const types = facts.map(({ type }) => type).filter((type) => type.startsWith("subscription."));
        assert.equal(types.sort().join(" "), told, name);
      },
    });
    assert.deepEqual(await openFlags(world), []);
    await world.close();
  });
}
