// What goes back of a payment is told once it is known what was paid by it: an order, an invoice, or nothing of ours.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { monthly, payer, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

const refunds = (world: World) =>
  world.facts.flatMap(({ type, data }) =>
    type === "refund.succeeded" && "invoiceId" in data && "orderId" in data ? [[data.orderId, data.invoiceId]] : [],
  );

async function flags(world: World) {
  const { data } = await world.run(world.billing.flags.list({ state: "open", kind: "payment_disputed" }));
  return data.map(({ detail }) => detail);
}

async function pay({ stripe, run }: World, customer: string, card = "pm_card_visa"): Promise<string> {
  const params = { amount: 700, currency: "eur", customer, confirm: true, return_url: "https://shop.example/back" };
  return (await run(stripe.paymentIntents.create({ ...params, payment_method: card }).then((intent) => intent))).id;
}

async function paymentOf(world: World, customer: string): Promise<string> {
  const { data } = await world.run(world.stripe.paymentIntents.list({ customer }).then((list) => list));
  return data[0]?.id ?? "";
}

/** Events of invoices and their payments are lost; those of payments, refunds and disputes come. */
async function deliverMoney(world: World): Promise<void> {
  const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
  for (const event of data.toReversed().filter(({ type }) => /^(payment_intent|refund|charge)\./.test(type))) {
    await world.deliver(event);
  }
}

on("a refund of an invoice whose claim comes late is told with the invoice, once", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const price = await monthly(world, 1000);
  world.setWebhooks(false);
  const { latest_invoice } = await subscribe(world, customer, { items: [{ price }] });
  const payment = await paymentOf(world, customer);
  await world.run(world.stripe.refunds.create({ payment_intent: payment }).then((made) => made));
  await sql.write("lost", async (tx) => {
    const value = String(world.ports.clock.now() + 60 * minuteMs);
    await tx
      .insertInto("settings")
      .values({ key: "catch_up_created", value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
  });
  await deliverMoney(world);
  await world.advance(minuteMs);
  assert.deepEqual(refunds(world), [], "whose it is, is not known yet");
  await world.advance(5 * minuteMs);
  assert.deepEqual(refunds(world), [[null, String(latest_invoice)]]);
  await world.advance(20 * minuteMs);
  assert.equal(refunds(world).length, 1);
  await world.close();
});

on("a refund of nobody's payment is told when Stripe has said so, and the next one at once", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1");
  const payment = await pay(world, customer);
  const refund = () => world.run(world.stripe.refunds.create({ payment_intent: payment, amount: 100 }).then((r) => r));
  await refund();
  await world.advance(minuteMs);
  assert.deepEqual(refunds(world), []);
  await world.advance(4 * minuteMs);
  assert.deepEqual(refunds(world), [[null, null]]);
  await refund();
  await world.advance(10 * secondMs);
  assert.deepEqual(refunds(world), [
    [null, null],
    [null, null],
  ]);
  await world.close();
});

on(
  "a dispute is flagged with the invoice that it is of, and of nobody's payment when that is known",
  async ({ url }) => {
    const world = await startWorld({ url });
    const customer = await payer(world, "user_1", "pm_card_createDispute");
    const price = await monthly(world, 1000);
    const { latest_invoice } = await subscribe(world, customer, { items: [{ price }] });
    await world.advance(minuteMs);
    assert.deepEqual(await flags(world), [`10.00 EUR of invoice ${String(latest_invoice)} are disputed`]);
    const payment = await pay(world, customer, "pm_card_createDispute");
    await world.advance(minuteMs);
    assert.equal((await flags(world)).length, 1);
    await world.advance(5 * minuteMs);
    assert.ok((await flags(world)).includes(`7.00 EUR of payment ${payment} are disputed`));
    await world.close();
  },
);
