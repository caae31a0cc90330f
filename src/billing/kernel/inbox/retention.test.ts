import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import type { Kernel } from "../contract/context.ts";
import type { BillingSql, BillingTables, ReceiptRow } from "../store/tables.ts";
import { forgetBodies, nextForgetAt, receiptBodyDaysKey } from "./retention.ts";

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

const kept = 90 * dayMs;

/** An event with a body that ended at that instant. */
function ended(id: string, ended_at: number | null, more: Partial<ReceiptRow> = {}): ReceiptRow {
  const about = { kind: "event", type: "toy.updated", lane: id, object_kind: "toy", object_id: id } as const;
  const nobodys = { customer: null, parent: null, api_version: null, account: null, sha256: "", livemode: 0 };
  const worked = {
    attempts: 1,
    repeats: 0,
    renewed: 0,
    next_at: 1,
    error: null,
    state: "done",
    received_at: 1,
  } as const;
  return { id, ...about, ...nobodys, ...worked, created: 1, body: Buffer.from("{}"), ended_at, ...more };
}

on(
  "what is forgotten is the body of what ended well, 90 days ago; what waits for a human keeps it",
  async (database) => {
    const { sql } = database;
    await migrate(sql, migrations);
    const ports = testPorts({ seed: 1 });
    const kernel = { sql, ports } as unknown as Kernel;
    const now = ports.clock.now();
    const put = (...rows: readonly ReceiptRow[]) =>
      sql.write("put", async (tx) => {
        for (const row of rows) await tx.insertInto("receipts").values(row).execute();
      });
    const withBody = async () => {
      const rows = await sql.read("bodies", (reader) =>
        reader.selectFrom("receipts").select("id").where("body", "is not", null).orderBy("id").execute(),
      );
      return rows.map(({ id }) => id);
    };
    assert.deepEqual([await forgetBodies(kernel), await nextForgetAt(kernel)], [0, Number.POSITIVE_INFINITY]);
    await put(
      ended("dead", 2, { state: "dead" }),
      ended("open", null, { state: "open" }),
      ended("gone", 3, { body: null }),
    );
    assert.deepEqual([await forgetBodies(kernel), await nextForgetAt(kernel)], [0, Number.POSITIVE_INFINITY]);
    await put(
      ended("old", now - kept - 1),
      ended("ignored", null, { state: "ignored" }),
      ended("just_not", now - kept),
    );
    assert.equal(await nextForgetAt(kernel), 1 + kept + 1, "the time at which it came, where it has not ended");
    assert.equal(await forgetBodies(kernel), 2);
    assert.deepEqual(await withBody(), ["dead", "just_not", "open"]);
    assert.deepEqual([await forgetBodies(kernel), await nextForgetAt(kernel)], [0, now + 1]);
    await sql.write("setting", async (tx) => {
      await tx.insertInto("settings").values({ key: receiptBodyDaysKey, value: "a week" }).execute();
    });
    await ports.clock.advance(dayMs);
    assert.deepEqual([await forgetBodies(kernel), await nextForgetAt(kernel)], [0, Number.POSITIVE_INFINITY]);
    // Somebody puts it to work again at the moment at which it is to be forgotten.
    await sql.write("setting", async (tx) => void (await tx.deleteFrom("settings").execute()));
    let isLeft = true;
    const faults: Faults = async ({ point, label }) => {
      if (!isLeft || point !== "begin" || label !== "retention.forget") return;
      isLeft = false;
      await sql.write("anew", async (tx) => {
        await tx.updateTable("receipts").set({ state: "open" }).where("id", "=", "just_not").execute();
      });
    };
    await forgetBodies({ ...kernel, sql: await database.open({ faults }) });
    assert.deepEqual([isLeft, await withBody()], [false, ["dead", "just_not", "open"]]);
  },
);
