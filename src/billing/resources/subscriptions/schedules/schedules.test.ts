// What the Dashboard, the portal or another program plans for a subscription, or asks for and leaves unpaid, is told.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { assertMirrored, monthly, payer, payWith, subscribe } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

async function start(url: string) {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 3000)];
  const { id, items } = await subscribe(world, customer, { items: [{ price: silver }] });
  await world.advance(minuteMs);
  return { world, customer, silver, gold, id, item: items.data[0]?.id ?? "" };
}

/** The facts about changes, and that there was one. */
function told(world: World): string[] {
  return world.facts.flatMap(({ type }) => /^subscription\.(change\w*)$/.exec(type)?.[1] ?? []);
}

/** At the end of the period that runs, for one period. */
async function plan({ stripe, run }: World, of: { id: string; from: string; to: string }): Promise<string> {
  const { id, phases } = await run(stripe.subscriptionSchedules.create({ from_subscription: of.id }).then((it) => it));
  const [current] = phases;
  assert.ok(current);
  const now = { items: [{ price: of.from, quantity: 1 }], start_date: current.start_date, end_date: current.end_date };
  const duration = { interval: "month", interval_count: 1 } as const;
  const next = { items: [{ price: of.to, quantity: 2 }], duration };
  await run(stripe.subscriptionSchedules.update(id, { phases: [now, next] }).then((it) => it));
  return id;
}

on(
  "a change that somebody has planned is told with its date, and is nothing else than a change when it comes",
  async ({ url }) => {
    const { world, silver, gold, id } = await start(url);
    await plan(world, { id, from: silver, to: gold });
    await world.advance(minuteMs);
    assert.deepEqual(told(world), ["change_scheduled"]);
    const planned = world.facts.find(({ type }) => type === "subscription.change_scheduled")?.data;
    const { items } = await world.run(world.billing.subscriptions.get(id));
    assert.deepEqual(planned, {
      subscriptionId: id,
      customerId: "user_1",
      items: [{ priceId: gold, quantity: 2 }],
      changesAt: items[0]?.currentPeriodEnd.toISOString(),
    });
    await world.advance(70 * dayMs);
    assert.deepEqual(told(world), ["change_scheduled", "changed"]);
    await world.close();
  },
);

for (const [how, isHeard] of [
  ["and is told by its events", true],
  ["and is told by the subscription alone, when webhooks are lost", false],
] as const) {
  on(`a planned change is taken back, ${how}`, async ({ url }) => {
    const { world, silver, gold, id } = await start(url);
    const schedule = await plan(world, { id, from: silver, to: gold });
    await world.advance(minuteMs);
    world.setWebhooks(isHeard);
    await world.run(world.stripe.subscriptionSchedules.release(schedule).then((it) => it));
    await world.advance(minuteMs);
    if (!isHeard) await world.run(world.billing.inbox.catchUp());
    await world.advance(minuteMs);
    assert.deepEqual(told(world), ["change_scheduled", "change_withdrawn"]);
    await world.advance(40 * dayMs);
    assert.deepEqual(told(world), ["change_scheduled", "change_withdrawn"]);
    await world.close();
  });
}

on(
  "a change that waits for its payment is told as pending, then as replaced, applied or expired",
  async ({ url, sql }) => {
    const { world, customer, silver, gold, id, item } = await start(url);
    const { stripe, run } = world;
    const ask = (price: string, quantity: number) =>
      run(
        stripe.subscriptions
          .update(id, {
            items: [{ id: item, price, quantity }],
            payment_behavior: "pending_if_incomplete",
            proration_behavior: "always_invoice",
          })
          .then((it) => it),
      );
    await payWith(world, customer, "pm_card_chargeCustomerFail");
    await world.advance(dayMs);
    await ask(gold, 1);
    await world.advance(minuteMs);
    await assertMirrored(world, sql, customer);
    assert.deepEqual(told(world), ["change_pending"]);
    const { latest_invoice } = await ask(gold, 2);
    await world.advance(minuteMs);
    assert.deepEqual(told(world).toSorted(), ["change_pending", "change_pending", "change_replaced"]);
    await run(stripe.invoices.pay(String(latest_invoice), { payment_method: "pm_card_visa" }).then((it) => it));
    await world.advance(minuteMs);
    assert.deepEqual(told(world).slice(3).toSorted(), ["change_applied", "changed"]);
    await ask(silver, 9);
    await world.advance(minuteMs);
    await world.advance(24 * hourMs);
    assert.deepEqual(told(world).slice(5), ["change_pending", "change_expired"]);
    await assertMirrored(world, sql, customer);
    await world.close();
  },
);
