// What is paid is of an order or of an invoice; what is neither's is for a human.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { monthly, payer, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

async function flags(world: World, state: "open" | "resolved" = "open") {
  const { data } = await world.run(world.billing.flags.list({ state, kind: "payment_unclaimed" }));
  return data.map(({ subject }) => subject);
}

const asked = (world: World) => world.requests.filter((line) => line === "GET /v1/invoice_payments").length;

async function pay({ stripe, run }: World, customer: string): Promise<string> {
  const params = { amount: 700, currency: "eur", customer, confirm: true, return_url: "https://shop.example/back" };
  const made = stripe.paymentIntents.create({ ...params, payment_method: "pm_card_visa" });
  return (await run(made.then((intent) => intent))).id;
}

on("a payment that no order and no invoice claims is asked about, and then flagged", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const id = await pay(world, customer);
  await world.advance(2 * minuteMs);
  assert.deepEqual([await flags(world), asked(world)], [[], 0], "it may come yet");
  await world.advance(2 * minuteMs);
  assert.deepEqual([await flags(world), asked(world)], [[id], 1]);
  const { data } = await world.run(world.billing.flags.list({ kind: "payment_unclaimed" }));
  assert.match(data[0]?.detail ?? "", new RegExp(`^7.00 EUR came by ${id} of ${customer}`));
  await world.run(world.stripe.refunds.create({ payment_intent: id }).then((made) => made));
  await world.advance(5 * minuteMs);
  assert.deepEqual([await flags(world), asked(world)], [[id], 2], "what goes back is asked about again");
  await world.close();
});

on("what an order or an invoice claims is not asked about, and what goes back of it is not either", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const price = await monthly(world, 1000);
  await subscribe(world, customer, { items: [{ price }] });
  await createOrder(world, "order_1", { customerId: "user_1" });
  const { id: ofOrder } = await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs);
  const { data } = await world.run(world.stripe.paymentIntents.list({ customer }).then((list) => list));
  assert.equal(data.length, 2);
  for (const { id } of data) await world.run(world.stripe.refunds.create({ payment_intent: id }).then((made) => made));
  await world.advance(5 * minuteMs);
  assert.ok(data.some(({ id }) => id === ofOrder));
  assert.deepEqual([await flags(world), asked(world)], [[], 0]);
  await world.close();
});

on("an invoice whose claim was lost on the way is found by asking", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const price = await monthly(world, 1000);
  world.setWebhooks(false);
  const { latest_invoice } = await subscribe(world, customer, { items: [{ price }] });
  const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
  const paid = data.find(({ type }) => type === "payment_intent.succeeded");
  // As if what tells of the invoice were older than what Stripe lists.
  await sql.write("lost", async (tx) => {
    const value = String(world.ports.clock.now() + 60 * minuteMs);
    await tx
      .insertInto("settings")
      .values({ key: "catch_up_created", value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
  });
  assert.equal(await world.deliver(paid), 200);
  await world.advance(4 * minuteMs);
  const invoice = await world.run(world.billing.invoices.get(String(latest_invoice)));
  assert.deepEqual([invoice.status, invoice.customerId], ["paid", "user_1"]);
  assert.deepEqual([await flags(world), asked(world)], [[], 1]);
  await world.advance(10 * secondMs);
  await world.close();
});
