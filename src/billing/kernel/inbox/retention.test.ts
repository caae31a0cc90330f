import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import { receiptBodyDaysKey } from "./retention.ts";

const on = onEachDatabase<BillingTables>;

const events = (sql: BillingSql) =>
  sql.read("bodies", (reader) => reader.selectFrom("receipts").selectAll().where("kind", "=", "event").execute());

async function age(sql: BillingSql, days: number): Promise<void> {
  await sql.write("older", async (tx) => {
    const older = days * dayMs;
    await tx
      .updateTable("receipts")
      .set((eb) => ({ received_at: eb("received_at", "-", older), ended_at: eb("ended_at", "-", older) }))
      .execute();
  });
}

on("a body goes 90 days after it was worked, and the row stays and can be replayed", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const tick = () => world.run(world.billing.tick({ maxMs: minuteMs }));
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(secondMs);
  await tick();
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const object = { id: "pi_1", object: "payment_intent", status: "succeeded", amount: 1, metadata: {} };
  const foreign = { id: "evt_foreign", object: "event", type: "payment_intent.succeeded", livemode: false };
  await world.deliver({ ...foreign, created, data: { object } });
  await tick();
  await age(sql, 89);
  await tick();
  assert.ok((await events(sql)).every(({ body }) => body !== null));
  await age(sql, 2);
  await tick();
  const forgotten = await events(sql);
  assert.ok(forgotten.every(({ body }) => body === null));
  assert.ok(forgotten.every(({ sha256 }) => sha256.length === 64));
  for (const { id, state } of forgotten) if (state === "done") await world.run(world.billing.inbox.replay(id));
  await tick();
  assert.ok((await events(sql)).every(({ state }) => state !== "open" && state !== "dead"));
  assert.equal(world.facts.length, 1);
  await world.close();
});

on("the days are a setting, and a tick keeps to it", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(secondMs);
  await world.run(world.billing.tick({ maxMs: minuteMs }));
  await sql.write("setting", async (tx) => {
    await tx.insertInto("settings").values({ key: receiptBodyDaysKey, value: "7" }).execute();
  });
  await age(sql, 8);
  await world.run(world.billing.tick({ maxMs: minuteMs }));
  const rows = await events(sql);
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ body }) => body === null));
  await world.close();
});

on(
  "a foreign receipt without its body is judged by its object, so that a replay makes nothing ours",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    const tick = () => world.run(world.billing.tick({ maxMs: minuteMs }));
    const intent = await world.stripe.paymentIntents.create({ amount: 500, currency: "eur" });
    await world.advance(secondMs);
    await tick();
    await age(sql, 91);
    await tick();
    const [receipt] = await events(sql);
    assert.deepEqual([receipt?.state, receipt?.body], ["foreign", null]);
    await world.run(world.billing.inbox.replay(receipt?.id as string));
    await tick();
    const mirrored = await sql.read("mirror", (reader) =>
      reader.selectFrom("mirror").select("id").where("id", "=", intent.id).execute(),
    );
    assert.deepEqual(mirrored, []);
    assert.equal((await events(sql))[0]?.state, "foreign");
    await world.close();
  },
);
