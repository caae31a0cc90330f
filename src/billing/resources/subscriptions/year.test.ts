// A year of one customer's life, made through Stripe's SDK by somebody else: subscribed, upgraded, not paid, recovered,
// ended. What is known at the end is what Stripe shows, and each thing was told once.
import assert from "node:assert/strict";
import { dayMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingSql, BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
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

/** How often each was told. */
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
