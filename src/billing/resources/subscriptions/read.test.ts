// Subscriptions and invoices as callers see them: by customer, status and date, in TypeScript and in REST.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { billingUrl, startWorld, type World } from "../../testing/index.ts";
import { monthly, payer, payWith, subscribe } from "../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

const asked = (world: World, noun: string) => world.requests.filter((line) => line === `GET /v1/${noun}`).length;

on("what a linked Customer had is read once, and then events tell", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripe, run, billing } = world;
  const { id: stripeCustomerId } = await run(stripe.customers.create({}).then((made) => made));
  await payWith(world, stripeCustomerId, "pm_card_visa");
  const price = await monthly(world, 1000, "gold");
  const ended = await subscribe(world, stripeCustomerId, { items: [{ price }] });
  await run(stripe.subscriptions.cancel(ended.id).then((made) => made));
  await world.advance(minuteMs);
  const { id } = await subscribe(world, stripeCustomerId, { items: [{ price, quantity: 2 }] });
  await world.advance(dayMs);
  await run(billing.customers.link({ id: "user_1", stripeCustomerId }));
  const list = async () => (await run(billing.subscriptions.list({ customerId: "user_1" }))).data;
  assert.deepEqual(
    (await list()).map((one) => [one.id, one.status, one.customerId]),
    [
      [id, "active", "user_1"],
      [ended.id, "canceled", "user_1"],
    ],
  );
  await list();
  // Once for what they may use, when they were linked, and once for the list.
  assert.equal(asked(world, "subscriptions"), 2);
  const [invoice] = (await run(billing.invoices.list({ customerId: "user_1", subscriptionId: id }))).data;
  assert.deepEqual([invoice?.status, invoice?.amounts.paid, invoice?.lineCount], ["paid", 2000, 1]);
  assert.equal((await run(billing.invoices.list({ customerId: "user_1" }))).data.length, 2);
  assert.equal(asked(world, "invoices"), 2);
  const whole = await run(billing.invoices.get(invoice?.id ?? ""));
  assert.deepEqual(
    whole.lines.map((line) => [line.amount, line.quantity, line.priceId, line.isProration]),
    [[2000, 2, price, false]],
  );
  assert.equal(whole.stripe.invoice.id, invoice?.id);
  const subscription = await run(billing.subscriptions.get(id));
  assert.deepEqual(
    subscription.items.map(({ lookupKey, quantity }) => [lookupKey, quantity]),
    [["gold", 2]],
  );
  assert.deepEqual(world.facts, [], "what it had is not news");
  await run(stripe.subscriptions.update(id, { cancel_at_period_end: true }).then((made) => made));
  await world.advance(30 * secondMs);
  const [later] = await list();
  assert.deepEqual([later?.cancelAtPeriodEnd, later?.cancelAt], [true, later?.items[0]?.currentPeriodEnd]);
  await world.close();
});

on("lists go by status and by date, page by page, and show nobody else's", async ({ url }) => {
  const world = await startWorld({ url });
  const { run, billing } = world;
  const price = await monthly(world, 1000);
  const ids: string[] = [];
  for (const id of ["user_1", "user_2", "user_3"]) {
    ids.unshift((await subscribe(world, await payer(world, id), { items: [{ price }] })).id);
    await world.advance(hourMs);
  }
  await run(world.stripe.subscriptions.cancel(ids[0] ?? "").then((made) => made));
  await world.advance(minuteMs);
  const { subscriptions } = billing;
  const first = await run(subscriptions.list({ limit: 2 }));
  const second = await run(subscriptions.list({ limit: 2, cursor: first.nextCursor ?? "" }));
  assert.deepEqual(
    [...first.data, ...second.data].map(({ id }) => id),
    ids,
  );
  assert.equal(second.nextCursor, null);
  assert.deepEqual(
    (await run(subscriptions.list({ status: "canceled" }))).data.map(({ id }) => id),
    [ids[0]],
  );
  assert.deepEqual(
    (await run(subscriptions.list({ customerId: "user_2" }))).data.map(({ id }) => id),
    [ids[1]],
  );
  const from = first.data[1]?.createdAt as Date;
  assert.equal((await run(subscriptions.list({ from }))).data.length, 2);
  assert.equal((await run(billing.invoices.list({ status: "paid", to: from }))).data.length, 1);
  const [paid] = (await run(billing.invoices.list({ customerId: "user_3" }))).data;
  const byNumber = await run(billing.invoices.list({ number: paid?.number ?? "" }));
  assert.deepEqual(
    byNumber.data.map(({ id }) => id),
    [paid?.id],
  );
  await assert.rejects(run(subscriptions.get("sub_of_somebody")), { code: "not_found" });
  await assert.rejects(run(billing.invoices.get("in_of_somebody")), { code: "not_found" });
  await assert.rejects(run(subscriptions.list({ customerId: "user_9" })), { code: "not_found" });
  await assert.rejects(run(subscriptions.list({ status: "ended" as never })), { code: "invalid_params" });
  await world.close();
});

on("REST shows what TypeScript does", async ({ url }) => {
  const bootstrapKey = `bk_test_${"reads".repeat(10)}`;
  const world = await startWorld({ url, options: { bootstrapKey } });
  const { run, billing } = world;
  const price = await monthly(world, 1000, "gold");
  const customer = await payer(world, "user_1");
  const { id, latest_invoice } = await subscribe(world, customer, { items: [{ price }], trial_period_days: 7 });
  await world.advance(minuteMs);
  const rest = async (path: string) => {
    const headers = { authorization: `Bearer ${bootstrapKey}` };
    const answer = await run(billing.fetch(new Request(`${billingUrl}/v1/${path}`, { headers })));
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  const said = (value: unknown) => ({ status: 200, body: JSON.parse(JSON.stringify(value)) as unknown });
  const { subscriptions, invoices } = billing;
  assert.deepEqual(await rest(`subscriptions/${id}`), said(await run(subscriptions.get(id))));
  const page = said(await run(subscriptions.list({ customerId: "user_1", status: "trialing" })));
  assert.deepEqual(await rest("subscriptions?customerId=user_1&status=trialing"), page);
  const invoice = await run(invoices.get(String(latest_invoice)));
  assert.equal(invoice.lines.length, 1);
  assert.deepEqual(await rest(`invoices/${latest_invoice}`), said(invoice));
  assert.deepEqual(await rest("invoices?status=paid"), said(await run(invoices.list({ status: "paid" }))));
  assert.equal((await rest("invoices/in_of_somebody")).status, 404);
  await world.close();
});
