import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { createRegistry } from "../contract/context.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import { receiptOf } from "./receipts.ts";

const on = onEachDatabase<BillingTables>;

/** Payments at Stripe, as events tell of them that come an hour late. */
async function paymentsAtStripe(world: World, count: number, params: object): Promise<object[]> {
  const payments: object[] = [];
  for (let n = 0; n < count; n++) {
    const intent = world.stripe.paymentIntents.create({ amount: 2500, currency: "eur", ...params });
    payments.push({ ...(await world.run(intent.then((made) => made))) });
    await world.advance(100);
  }
  return payments;
}

async function storeEvents(world: World, sql: BillingSql, payments: readonly object[], each: number): Promise<void> {
  const registry = createRegistry(manifests);
  const now = world.ports.clock.now();
  const rows = payments.flatMap((object, n) =>
    Array.from({ length: each }, (_, copy) => {
      const created = Math.floor(now / secondMs) - 3_600 + copy;
      const type = "payment_intent.created";
      const event = { id: `evt_${n}_${copy}`, object: "event", type, created, livemode: false, data: { object } };
      return receiptOf(Buffer.from(JSON.stringify(event)), { registry, mode: "test", now });
    }),
  );
  for (let at = 0; at < rows.length; at += 100) {
    const values = rows.slice(at, at + 100);
    await sql.write("events", (tx) => tx.insertInto("receipts").values(values).execute());
  }
}

async function states(sql: BillingSql): Promise<string[]> {
  const rows = await sql.read("states", (reader) => reader.selectFrom("receipts").select("state").distinct().execute());
  return rows.map(({ state }) => state);
}

const reads = (world: World) => world.requests.filter((request) => request.startsWith("GET /v1/payment_intents"));

on("a backlog of 1,500 receipts is read by a few lists", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const instance = await sql.read("instance", (reader) =>
    reader.selectFrom("settings").select("value").where("key", "=", "instance").executeTakeFirstOrThrow(),
  );
  const payments = await paymentsAtStripe(world, 300, { metadata: { bursar_instance: instance.value } });
  await world.advance(hourMs);
  await storeEvents(world, sql, payments, 5);
  await world.run(world.billing.tick({ maxMs: 10 * minuteMs }));
  assert.deepEqual(await states(sql), ["done"]);
  const mirrored = await sql.read("mirror", (reader) => reader.selectFrom("mirror").select("id").execute());
  assert.equal(mirrored.length, 300);
  assert.deepEqual([...new Set(reads(world))], ["GET /v1/payment_intents"]);
  assert.ok(reads(world).length < 20, `${reads(world).length} lists`);
  await world.close();
});

on("many looks for one customer are one list, and what it does not show is read alone", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const payments = await paymentsAtStripe(world, 25, { customer: stripeCustomerId });
  await world.advance(hourMs);
  const hidden = { ...payments[0], id: "pi_hidden" };
  await storeEvents(world, sql, [...payments, hidden], 1);
  await world.run(world.billing.tick({ maxMs: secondMs }));
  assert.deepEqual(
    reads(world).filter((request) => !request.endsWith("pi_hidden")),
    ["GET /v1/payment_intents"],
  );
  assert.ok(reads(world).includes("GET /v1/payment_intents/pi_hidden"));
  await world.close();
});
