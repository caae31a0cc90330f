// What is told of subscriptions and their invoices while they live, and when.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { assertMirrored, monthly, payer, payWith, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;
const monthMs = 31 * dayMs;

/** The facts since it was last asked. */
function fresh(world: World): readonly string[] {
  const told = world.facts.slice(asked.get(world) ?? 0);
  asked.set(world, world.facts.length);
  return told.map(({ type }) => type).filter(isOurs);
}

/** What is told of the methods that are paid with is another room's. */
const isOurs = (type: string) => !type.startsWith("method.");
const asked = new WeakMap<World, number>();

on("a life with a trial, a failed renewal, a pause and an end is told in its order", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { stripe, run } = world;
  const customer = await payer(world, "user_1");
  const price = await monthly(world, 1000, "gold");
  const { id, items } = await subscribe(world, customer, { items: [{ price }], trial_period_days: 7 });
  await world.advance(minuteMs);
  assert.deepEqual(fresh(world).toSorted(), ["invoice.finalized", "invoice.paid", "subscription.started"]);
  await world.advance(4 * dayMs - 2 * minuteMs);
  assert.deepEqual(fresh(world), []);
  await world.advance(2 * minuteMs);
  assert.deepEqual(fresh(world), ["trial.ending"]);
  await world.advance(3 * dayMs + 2 * hourMs);
  assert.deepEqual(fresh(world).toSorted(), ["invoice.finalized", "invoice.paid", "subscription.activated"]);
  const [item] = items.data;
  await run(stripe.subscriptions.update(id, { items: [{ id: item?.id ?? "", quantity: 3 }] }).then((made) => made));
  await world.advance(minuteMs);
  assert.deepEqual(fresh(world), ["subscription.changed"]);
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await world.advance(monthMs + 2 * hourMs);
  assert.deepEqual(fresh(world).toSorted().slice(0, 3), [
    "invoice.failed",
    "invoice.finalized",
    "subscription.past_due",
  ]);
  await payWith(world, customer, "pm_card_visa");
  const { latest_invoice } = await run(stripe.subscriptions.retrieve(id).then((one) => one));
  await run(stripe.invoices.pay(String(latest_invoice)).then((paid) => paid));
  await world.advance(minuteMs);
  assert.deepEqual(fresh(world).toSorted(), ["invoice.paid", "subscription.recovered"]);
  await run(stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } }).then((made) => made));
  await world.advance(minuteMs);
  await run(stripe.subscriptions.update(id, { pause_collection: "" }).then((made) => made));
  await world.advance(minuteMs);
  await run(stripe.subscriptions.update(id, { cancel_at_period_end: true }).then((made) => made));
  await world.advance(minuteMs);
  await run(stripe.subscriptions.update(id, { cancel_at_period_end: false }).then((made) => made));
  await world.advance(minuteMs);
  await run(stripe.subscriptions.cancel(id).then((made) => made));
  await world.advance(minuteMs);
  assert.deepEqual(fresh(world), [
    "subscription.paused",
    "subscription.resumed",
    "subscription.cancel_scheduled",
    "subscription.cancel_withdrawn",
    "subscription.ended",
  ]);
  const ended = world.facts.find(({ type }) => type === "subscription.ended")?.data;
  assert.deepEqual(ended && "reason" in ended && [ended.reason, "customerId" in ended && ended.customerId], [
    "cancellation_requested",
    "user_1",
  ]);
  await assertMirrored(world, sql, customer);
  await world.close();
});

on("an invoice whose due date passes is overdue, once, and one that is paid before is not", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripe, run } = world;
  const customer = await payer(world, "user_1");
  await run(stripe.customers.update(customer, { email: "ada@example.test" }).then((made) => made));
  const params = { customer, collection_method: "send_invoice", days_until_due: 10 } as const;
  const send = async () => {
    const { id } = await run(stripe.invoices.create({ ...params, currency: "eur" }).then((made) => made));
    await run(stripe.invoices.addLines(id, { lines: [{ amount: 500, description: "Work" }] }).then((made) => made));
    return run(stripe.invoices.sendInvoice(id).then((made) => made));
  };
  const [late, paid] = [await send(), await send()];
  await world.advance(minuteMs);
  await run(stripe.invoices.pay(paid.id, { paid_out_of_band: true }).then((made) => made));
  await world.advance(11 * dayMs);
  const overdue = world.facts.filter(({ type }) => type === "invoice.overdue").map(({ data }) => data);
  assert.deepEqual(
    overdue.map((data) => "invoiceId" in data && data.invoiceId),
    [late.id],
  );
  await run(stripe.invoices.voidInvoice(late.id).then((made) => made));
  await world.advance(minuteMs);
  assert.deepEqual(
    world.facts
      .map(({ type }) => type)
      .filter(isOurs)
      .toSorted(),
    ["invoice.finalized", "invoice.finalized", "invoice.overdue", "invoice.paid", "invoice.voided"],
  );
  await world.close();
});

on("a confirmation that the bank asks for is told, with the page where the customer gives it", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await payer(world, "user_1", "pm_card_authenticationRequired");
  const price = await monthly(world, 1000);
  await subscribe(world, customer, { items: [{ price }] });
  await world.advance(minuteMs);
  const [asked] = world.facts.filter(({ type }) => type === "invoice.action_required").map(({ data }) => data);
  assert.ok(asked && "hostedInvoiceUrl" in asked && asked.hostedInvoiceUrl);
  assert.deepEqual(
    world.facts
      .map(({ type }) => type)
      .filter(isOurs)
      .toSorted(),
    ["invoice.action_required", "invoice.finalized"],
  );
  await world.close();
});

on("what a Customer had before it was linked is not news, what happens from then on is", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { stripe, run, billing } = world;
  const { id: customer } = await run(stripe.customers.create({}).then((made) => made));
  await payWith(world, customer, "pm_card_visa");
  const price = await monthly(world, 1000);
  const { id, latest_invoice } = await subscribe(world, customer, { items: [{ price }] });
  await world.advance(dayMs);
  await run(billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  await world.advance(minuteMs);
  await run(stripe.subscriptions.update(id, { metadata: { seen: "yes" } }).then((made) => made));
  await run(stripe.invoices.update(String(latest_invoice), { metadata: { seen: "yes" } }).then((made) => made));
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  assert.deepEqual(world.facts, []);
  await run(stripe.subscriptions.cancel(id).then((made) => made));
  await world.advance(10 * secondMs);
  assert.deepEqual(
    world.facts.map(({ type }) => type),
    ["subscription.ended"],
  );
  await world.close();
});
