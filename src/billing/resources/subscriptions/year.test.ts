// A year of one customer's life, made through Stripe's SDK by somebody else: subscribed, upgraded, not paid, recovered,
// ended. However it was heard of, what is known at the end is what Stripe shows, and each thing was told once.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { draws } from "#kit/testing.ts";
import type { BillingSql, BillingTables } from "../../kernel/store/tables.ts";
import { leaveCatchUp, startWorld, type World } from "../../testing/index.ts";
import { assertMirrored, monthly, payer, payWith, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

/** Lets days pass, and what happened in them be heard of. */
type Days = (count: number) => Promise<void>;

async function liveAYear(world: World, customer: string, days: Days): Promise<void> {
  const { stripe, run } = world;
  const [silver, gold] = [await monthly(world, 1000, "silver"), await monthly(world, 3000, "gold")];
  const { id, items } = await subscribe(world, customer, { items: [{ price: silver }] });
  await days(70);
  const [item] = items.data;
  await run(stripe.subscriptions.update(id, { items: [{ id: item?.id ?? "", price: gold }] }).then((made) => made));
  await days(60);
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await days(29); // The renewal fails on one of them.
  const { latest_invoice } = await run(stripe.subscriptions.retrieve(id).then((one) => one));
  await payWith(world, customer, "pm_card_visa");
  await run(stripe.invoices.pay(String(latest_invoice)).then((paid) => paid));
  await days(100);
  await run(stripe.subscriptions.update(id, { cancel_at_period_end: true }).then((made) => made));
  await days(106);
}

/** How often each was told. What is told of the methods that are paid with is another room's. */
function counted(world: World): Record<string, number> {
  const ofThem = world.facts.filter(({ type }) => !type.startsWith("method."));
  return Object.fromEntries([...Map.groupBy(ofThem, ({ type }) => type)].map(([type, some]) => [type, some.length]));
}

const ofSubscription = {
  "subscription.started": 1,
  "subscription.activated": 1,
  "subscription.changed": 1,
  "subscription.past_due": 1,
  "subscription.recovered": 1,
  "subscription.cancel_scheduled": 1,
  "subscription.ended": 1,
};

async function assertLived(world: World, sql: BillingSql, customer: string): Promise<void> {
  const { stripe, run } = world;
  await assertMirrored(world, sql, customer);
  const invoices = await run(Array.fromAsync(stripe.invoices.list({ customer, limit: 100 })));
  const charges = await run(Array.fromAsync(stripe.charges.list({ customer, limit: 100 })));
  assert.ok(invoices.length >= 9 && invoices.every(({ status }) => status === "paid"));
  assert.deepEqual(counted(world), {
    ...ofSubscription,
    "invoice.finalized": invoices.length,
    "invoice.paid": invoices.length,
    "invoice.failed": charges.filter(({ status }) => status === "failed").length,
  });
  const left = await sql.read("left", async (reader) => ({
    receipts: await reader.selectFrom("receipts").select("id").where("state", "in", ["open", "dead"]).execute(),
    flags: await reader.selectFrom("flags").select(["kind", "subject"]).where("resolved_at", "is", null).execute(),
  }));
  assert.deepEqual(left, { receipts: [], flags: [] });
  const lines = await sql.read("lines", (reader) =>
    reader
      .selectFrom("invoice_lines")
      .select((eb) => eb.fn.sum<number>("amount").as("sum"))
      .executeTakeFirstOrThrow(),
  );
  assert.equal(
    Number(lines.sum),
    invoices.reduce((sum, { total }) => sum + total, 0),
  );
}

on("heard of by webhooks as it happens", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  await liveAYear(world, customer, (count) => world.advance(count * dayMs));
  await assertLived(world, sql, customer);
  await world.close();
});

on("with webhooks lost for a day, and found by catching up", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  await liveAYear(world, customer, async (count) => {
    for (let left = count; left > 0; left -= 2) {
      world.setWebhooks(false);
      await world.advance(dayMs);
      world.setWebhooks(true);
      if (left > 1) await world.advance(dayMs);
    }
  });
  await assertLived(world, sql, customer);
  await world.close();
});

for (const seed of Array.from({ length: draws(1, 8) }, (_, nth) => nth + 1)) {
  on(`by the events of each day in any order, some of them twice (${seed})`, async ({ url, sql }) => {
    const world = await startWorld({ url, seed, isStarted: false });
    const random = seededRandom(seed, "days");
    world.setWebhooks(false);
    await leaveCatchUp(sql);
    const customer = await payer(world, "user_1");
    const tick = () => world.run(world.billing.tick({ maxMs: minuteMs }));
    await liveAYear(world, customer, async (count) => {
      for (let day = 0; day < count; day++) {
        const from = world.ports.clock.now();
        await world.advance(dayMs);
        const told = await eventsSince(world, from - hourMs);
        if (told.length === 0) continue;
        const twice = told.filter(() => random.integer(1, 3) === 1);
        for (const event of shuffled([...told, ...twice], random)) {
          assert.equal(await world.deliver(event), 200);
          if (random.integer(1, 2) === 1) await tick();
        }
        await tick();
      }
    });
    for (let nth = 0; nth < 5; nth++) {
      await world.advance(2 * minuteMs);
      await tick();
    }
    await assertLived(world, sql, customer);
    await world.close();
  });
}

async function eventsSince({ stripe, run }: World, from: number): Promise<Stripe.Event[]> {
  const created = { gte: Math.floor(from / secondMs) };
  return run(Array.fromAsync(stripe.events.list({ limit: 100, created })));
}

function shuffled<Item>(items: readonly Item[], random: { integer(min: number, max: number): number }): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.integer(0, left.length - 1), 1));
}
