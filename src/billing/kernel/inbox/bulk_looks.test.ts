import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { unknownCreated } from "../changes/looks.ts";
import { createRegistry } from "../contract/context.ts";
import type { Remote } from "../contract/reacting.ts";
import type { BillingSql, BillingTables, MirrorRow, ReceiptRow } from "../store/tables.ts";
import { isUsable, type Listed } from "./bulk_looks.ts";
import { arrivalOf } from "./receipts.ts";

const on = onEachDatabase<BillingTables>;

test("a listed object stands for a look when all that it is owed for was over before the list was asked for", () => {
  const remote = { id: "pi_1", object: "payment_intent" } as Remote;
  const listed: Listed = { remote, begunAt: 10_000, receipts: new Set(["evt_1"]), version: 3 };
  const look = (created: number) => ({ kind: "look", created }) as ReceiptRow;
  const event = (id: string) => ({ kind: "event", id }) as ReceiptRow;
  const stands = (receipts: readonly ReceiptRow[], version = 3) =>
    isUsable(listed, { receipts, mirror: { version } as MirrorRow });
  assert.ok(stands([event("evt_1"), look(9)]));
  assert.ok(!stands([look(9), look(10)]), "that second was not over");
  assert.ok(!stands([look(unknownCreated)]), "nobody knows since when it is owed");
  assert.ok(!stands([event("evt_1"), event("evt_2")]), "it came after");
  assert.ok(!stands([event("evt_1")], 4), "it moved after");
  assert.ok(!isUsable(undefined, { receipts: [], mirror: undefined }));
});

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
      return arrivalOf(Buffer.from(JSON.stringify(event)), { registry, mode: "test", now }).row;
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
