// What a machine's own clock says decides nothing: Stripe's time does, and while that is not known nothing is decided.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { webhookRequest } from "../../../testing/webhook.ts";
import { createOrder, optionsFor, startWorld, type World } from "../../testing/index.ts";
import { type Machine, startMachine } from "../../testing/machine.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

const clocks = [-3 * hourMs, -20 * secondMs, 20 * secondMs, 600 * secondMs, 26 * hourMs];

for (const aheadMs of clocks) {
  on(`on a clock ${aheadMs / secondMs} s ahead, a payment after the first call is seen`, async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const { billing, close } = await startMachine(world, { url, aheadMs });
    await createOrder(world, "order_1");
    const { clientSecret } = await world.run(billing.orders.checkout("order_1"));
    assert.ok(clientSecret);
    await world.advance(5 * secondMs);
    await world.pay("order_1", "pm_card_visa");
    await world.advance(secondMs);
    await world.run(billing.tick({ maxMs: secondMs }));
    const order = await world.run(billing.orders.get("order_1"));
    assert.equal(order.status, "paid");
    const paidMs = Math.abs((order.paidAt?.getTime() ?? 0) - world.ports.clock.now());
    assert.ok(paidMs < minuteMs, "and it was paid when it was paid");
    await close();
    await world.close();
  });

  on(`on a clock ${aheadMs / secondMs} s ahead, what a lost call made is found`, async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    const { billing, close } = await startMachine(world, { url, aheadMs });
    await createOrder(world, "order_1");
    world.fail("POST /v1/payment_intents", "unheard", 100);
    await world.run(billing.orders.checkout("order_1")).catch(() => undefined); // over a day ahead, it is found at once
    world.mend();
    await keyGrowsOld(sql);
    await world.advance(10 * minuteMs);
    await world.run(billing.tick({ maxMs: secondMs }));
    const { data } = await world.run(world.stripe.paymentIntents.list().then((list) => list));
    assert.equal(data.length, 1, "and not made a second time");
    const order = await world.run(billing.orders.get("order_1"));
    assert.equal(order.stripe.paymentIntentId, data[0]?.id);
    await close();
    await world.close();
  });
}

/** What was sent is looked for, and not sent again, from now on. */
async function keyGrowsOld(sql: BillingSql): Promise<void> {
  await sql.write("older", async (tx) => {
    await tx.updateTable("calls").set({ state: "finding", next_at: 0 }).where("state", "=", "unknown").execute();
  });
}

on("nothing is sent, and no webhook judged, while Stripe's time is not known", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  for (const method of ["GET", "POST"]) world.fail(method, "lost", 100);
  const machine = await startMachine(world, { url, aheadMs: 20 * secondMs });
  await assert.rejects(world.run(machine.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
  const calls = await sql.read("calls", (reader) => reader.selectFrom("calls").selectAll().execute());
  assert.deepEqual(calls, []);
  assert.equal(await webhook(world, machine), 503);
  assert.equal(await ready(world, machine), 503);
  world.mend();
  assert.equal(await ready(world, machine), 200);
  assert.equal(await webhook(world, machine), 200);
  await world.run(machine.billing.orders.checkout("order_1"));
  await machine.close();
  await world.close();
});

on("after a sleep an authentic webhook is never refused as stale, and a stale one still is", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const machine = await startMachine(world, { url });
  assert.equal(await webhook(world, machine), 200);
  await machine.sleep(2 * hourMs);
  world.fail("GET", "lost", 1);
  assert.equal(await webhook(world, machine), 503, "until Stripe has answered again");
  assert.equal(await webhook(world, machine), 200);
  await machine.sleep(2 * hourMs);
  assert.equal(await webhook(world, machine, hourMs), 400);
  await machine.close();
  await world.close();
});

on(
  "after Stripe's clock was set forward, as a sandbox's can be, its webhooks are believed at once",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const machine = await startMachine(world, { url });
    assert.equal(await webhook(world, machine), 200);
    await machine.stripeJumps(10 * dayMs);
    assert.equal(await webhook(world, machine), 200);
    assert.equal(await webhook(world, machine, hourMs), 400, "a stale one still is");
    assert.equal(await webhook(world, machine, -hourMs), 400, "and one that Stripe's clock has not reached");
    await machine.close();
    await world.close();
  },
);

async function webhook(world: World, { billing }: Machine, ageMs = 0): Promise<number> {
  const object = { id: "x", object: "y" };
  const event = { id: "evt_1", object: "event", type: "a.b", created: 1, data: { object } };
  const [secret] = optionsFor("").stripe.webhookSecrets;
  const request = webhookRequest(event, { now: world.ports.clock.now(), secret: secret as string, ageMs });
  return (await world.run(billing.fetch(request))).status;
}

async function ready(world: World, { billing }: Machine): Promise<number> {
  return (await world.run(billing.fetch(new Request("http://billing.test/ready")))).status;
}
