import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { leaveCatchUp, startWorld, type World } from "../../testing/index.ts";
import { fileLooks, unknownCreated } from "../changes/looks.ts";
import { createRegistry, type Kernel } from "../contract/context.ts";
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
    payments.push({ ...(await payAtStripe(world, params)) });
    await world.advance(100);
  }
  return payments;
}

function payAtStripe(world: World, params: object = {}) {
  const intent = world.stripe.paymentIntents.create({ amount: 2500, currency: "eur", ...params });
  return world.run(intent.then((made) => made));
}

async function marks(sql: BillingSql): Promise<{ metadata: Record<string, string> }> {
  const instance = await sql.read("instance", (reader) =>
    reader.selectFrom("settings").select("value").where("key", "=", "instance").executeTakeFirstOrThrow(),
  );
  return { metadata: { bursar_instance: instance.value } };
}

async function storeEvents(
  world: World,
  sql: BillingSql,
  objects: readonly object[],
  each: number,
  type = "payment_intent.created",
): Promise<void> {
  const registry = createRegistry(manifests);
  const now = world.ports.clock.now();
  const rows = objects.flatMap((object, n) =>
    Array.from({ length: each }, (_, copy) => {
      const created = Math.floor(now / secondMs) - 3_600 + copy;
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
  const payments = await paymentsAtStripe(world, 300, await marks(sql));
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
  const payments = await paymentsAtStripe(world, 24, { customer: stripeCustomerId });
  for (let n = 0; n < 100; n++) await payAtStripe(world); // of others, at the same time
  payments.push(...(await paymentsAtStripe(world, 1, { customer: stripeCustomerId })));
  await world.advance(hourMs);
  const hidden = { ...payments[0], id: "pi_hidden" };
  const timeless = { ...payments[0], id: "pi_hidden_too", created: null };
  await storeEvents(world, sql, [...payments, hidden, timeless], 1);
  await world.run(world.billing.tick({ maxMs: secondMs }));
  assert.deepEqual(
    reads(world).filter((request) => !request.includes("pi_hidden")),
    ["GET /v1/payment_intents"],
  );
  for (const id of ["pi_hidden", "pi_hidden_too"]) {
    assert.ok(reads(world).includes(`GET /v1/payment_intents/${id}`), id);
  }
  await world.close();
});

const backlogs = [
  { ofCustomer: 20, ofNobody: 0, lists: 0 },
  { ofCustomer: 21, ofNobody: 0, lists: 1 },
  { ofCustomer: 0, ofNobody: 20, lists: 0 },
  { ofCustomer: 0, ofNobody: 21, lists: 1 },
  { ofCustomer: 20, ofNobody: 1, lists: 1 },
];

on("up to twenty looks are made one by one, of a customer and of many lanes; more are a list", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  for (const { ofCustomer, ofNobody, lists } of backlogs) {
    const id = `user_${ofCustomer}_${ofNobody}`;
    const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id }));
    const payments = [
      ...(await paymentsAtStripe(world, ofCustomer, { customer: stripeCustomerId })),
      ...(await paymentsAtStripe(world, ofNobody, await marks(sql))),
    ];
    await world.advance(hourMs);
    await sql.write("before", async (tx) => void (await tx.deleteFrom("receipts").execute()));
    await storeEvents(world, sql, payments, 1);
    world.requests.length = 0;
    await world.run(world.billing.drain());
    assert.deepEqual(await states(sql), ["done"]);
    assert.equal(reads(world).length, lists > 0 ? lists : payments.length, id);
  }
  await world.close();
});

on("many looks of one customer, of which Stripe's list knows nothing, are that list all the same", async (database) => {
  const { url, sql } = database;
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const { stripeCustomerId: customer } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const paid = { customer, confirm: true, payment_method: "pm_card_visa", return_url: "https://shop.example/back" };
  const payment_intent = (await payAtStripe(world, paid)).id;
  const refunds: object[] = [];
  const part = { payment_intent, amount: 10, ...(await marks(sql)) };
  for (let n = 0; n < 21; n++) refunds.push(await world.run(world.stripe.refunds.create(part).then((made) => made)));
  await world.advance(hourMs);
  await storeEvents(world, sql, refunds, 1, "refund.created");
  await sql.write("of one", async (tx) => {
    await tx
      .updateTable("receipts")
      .set({ lane: String(customer), customer })
      .execute();
  });
  world.requests.length = 0;
  await world.run(world.billing.drain());
  assert.deepEqual(
    world.requests.filter((request) => request.startsWith("GET /v1/refunds")),
    ["GET /v1/refunds"],
  );
  await world.close();
});

on("a list is read while what it shows is looked for, and no further than it is worth", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const ours = await marks(sql);
  const others = async (count: number) => {
    for (let n = 0; n < count; n++) await payAtStripe(world);
  };
  const readsOf = async (payments: readonly object[]) => {
    await world.advance(hourMs);
    await storeEvents(world, sql, payments, 1);
    world.requests.length = 0;
    await world.run(world.billing.drain());
    await sql.write("before", async (tx) => void (await tx.deleteFrom("receipts").execute()));
    return { lists: reads(world).filter((read) => !read.includes("/pi_")).length, all: reads(world).length };
  };
  await others(100);
  const together = await paymentsAtStripe(world, 21, ours);
  assert.deepEqual(await readsOf(together), { lists: 1, all: 1 }, "all are on its first page");
  const apart = await paymentsAtStripe(world, 1, ours);
  await others(320);
  apart.push(...(await paymentsAtStripe(world, 20, ours)));
  assert.deepEqual(await readsOf(apart), { lists: 3, all: 4 }, "the last one is looked at alone");
  await world.close();
});

on("what is known already is listed as it was made, and written over what is known", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const payments = await paymentsAtStripe(world, 21, await marks(sql));
  await storeEvents(world, sql, payments, 1);
  await world.run(world.billing.drain());
  const objects = (payments as { id: string }[]).map(({ id }) => ({
    kind: "payment_intent",
    id,
    customer: null,
    parent: null,
  }));
  const now = world.ports.clock.now();
  await sql.write("owed", (tx) => fileLooks({ mode: "test" } as Kernel, tx, { objects, now }));
  await world.advance(minuteMs);
  world.requests.length = 0;
  await world.run(world.billing.drain());
  assert.deepEqual(reads(world), ["GET /v1/payment_intents"]);
  const versions = await sql.read("versions", (reader) =>
    reader.selectFrom("mirror").select("version").distinct().execute(),
  );
  assert.deepEqual(versions, [{ version: 2 }]);
  await world.close();
});
