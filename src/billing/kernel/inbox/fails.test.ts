// What cannot be worked: it is tried again, later each time, and then waits for a human; never for Stripe's being away.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { type FaultKind, leaveCatchUp, startWorld, type World } from "../../testing/index.ts";
import type { BillingSql, BillingTables, ReceiptRow } from "../store/tables.ts";
import { receiptAttemptsMax } from "./claim.ts";
import { workInbox } from "./work.ts";

const on = onEachDatabase<BillingTables>;

/** Of an older version of the API, so that only a look can tell. */
async function deliver(world: World, instance: string, ids: readonly string[]): Promise<void> {
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const about = { object: "event", created, livemode: false, api_version: "2020-08-27" };
  for (const id of ids) {
    const object = { id, object: "payment_intent", metadata: { bursar_instance: instance } };
    const event = { ...about, id: `evt_${id}`, type: "payment_intent.succeeded", data: { object } };
    assert.equal(await world.deliver(event), 200);
  }
}

async function change(sql: BillingSql, id: string, fields: Partial<ReceiptRow>): Promise<void> {
  await sql.write("change", async (tx) => {
    await tx.updateTable("receipts").set(fields).where("object_id", "=", id).execute();
  });
}

async function receipts(sql: BillingSql) {
  const rows = await sql.read("receipts", (reader) =>
    reader.selectFrom("receipts").select(["object_id", "state", "attempts", "error", "ended_at"]).execute(),
  );
  return new Map(rows.map(({ object_id: id, ...row }) => [id, row]));
}

/** At Stripe, and of this installation. */
async function makePayment(world: World, instance: string): Promise<string> {
  const metadata = { bursar_instance: instance };
  return (await world.run(world.stripe.paymentIntents.create({ amount: 2_500, currency: "eur", metadata }))).id;
}

on("what fails for the fortieth time waits for a human, and says why", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const { kernel } = await coreOn(world, sql);
  await deliver(world, kernel.instance, ["pi_1", "pi_2"]);
  await change(sql, "pi_1", { object_kind: "unicorn", attempts: receiptAttemptsMax - 1 });
  await change(sql, "pi_2", { object_kind: "unicorn", attempts: receiptAttemptsMax - 2 });
  await world.run(workInbox(kernel));
  const rows = await receipts(sql);
  assert.match(rows.get("pi_1")?.error ?? "", /No resource knows/);
  assert.deepEqual(
    ["pi_1", "pi_2"].map((id) => rows.get(id)).map((row) => [row?.state, row?.attempts, row?.ended_at]),
    [
      ["dead", receiptAttemptsMax, world.ports.clock.now()],
      ["open", receiptAttemptsMax - 1, null],
    ],
  );
  await world.close();
});

for (const fault of ["lost", 401] satisfies FaultKind[]) {
  on(`a look that Stripe does not answer is tried again for as long as it takes (${fault})`, async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    await leaveCatchUp(sql);
    const { kernel } = await coreOn(world, sql);
    const id = await makePayment(world, kernel.instance);
    await deliver(world, kernel.instance, [id]);
    await change(sql, id, { attempts: receiptAttemptsMax - 1 });
    world.fail("GET /v1/payment_intents/", fault, 100);
    await world.run(world.billing.tick({ maxMs: secondMs }));
    const { state, attempts } = (await receipts(sql)).get(id) ?? {};
    assert.deepEqual([state, attempts], ["open", 8], "so that its own faults have attempts left");
    await world.close();
  });
}

on("a look that fails takes nothing from those beside it, nor from what was put to work anew", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  world.setWebhooks(false);
  const faults: Faults = async ({ point, label }) => {
    if (point === "begin" && label === "inbox.failed") await change(database.sql, "pi_renewed", { renewed: 1 });
  };
  const { kernel } = await coreOn(world, await database.open({ clock: world.ports.clock, faults }));
  const id = await makePayment(world, kernel.instance);
  await deliver(world, kernel.instance, ["pi_renewed", "pi_bad", id]);
  for (const one of ["pi_renewed", "pi_bad", id]) await change(database.sql, one, { lane: "cus_1" });
  for (const one of ["pi_renewed", "pi_bad"]) await change(database.sql, one, { object_kind: "unicorn" });
  await world.run(workInbox(kernel));
  const rows = await receipts(database.sql);
  assert.deepEqual(
    ["pi_renewed", "pi_bad", id].map((one) => [rows.get(one)?.state, rows.get(one)?.attempts]),
    [
      ["open", 0],
      ["open", 1],
      ["done", 1],
    ],
  );
  await world.close();
});

on("who has lost the lane of what failed counts nothing", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  world.setWebhooks(false);
  const faults: Faults = async ({ point, label }) => {
    if (point !== "begin" || label !== "inbox.failed") return;
    await database.sql.write("lost", async (tx) => {
      await tx.updateTable("lanes").set({ owner: "b" }).execute();
    });
  };
  const { kernel } = await coreOn(world, await database.open({ clock: world.ports.clock, faults }));
  await deliver(world, kernel.instance, ["pi_1"]);
  await change(database.sql, "pi_1", { object_kind: "unicorn" });
  await world.advance(minuteMs);
  await world.run(workInbox(kernel));
  const { state, attempts, error } = (await receipts(database.sql)).get("pi_1") ?? {};
  assert.deepEqual([state, attempts, error], ["open", 0, null]);
  assert.ok(world.log.some((line) => line.includes("inbox.lane_lost")));
  await world.close();
});
