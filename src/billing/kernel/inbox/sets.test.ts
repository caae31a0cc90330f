// Many lanes are one claim, one read and one transaction; and a set keeps what one lane keeps: whoever lost a lane
// writes nothing for it, and whoever takes one over works alone what was begun there.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { leaveCatchUp, startWorld, type World } from "../../testing/index.ts";
import { takeoversOf } from "../store/lanes.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import { apiVersion } from "../stripe/gateway.ts";
import { findDue, take, unended } from "./claim.ts";
import { workSet } from "./sets.ts";

const on = onEachDatabase<BillingTables>;

/** A payment that has just succeeded; of this installation when an instance is named. */
function paymentEvent(world: World, nth: number, instance?: string): object {
  const metadata = instance === undefined ? {} : { bursar_instance: instance };
  const money = { amount: 2_500, amount_received: 2_500, currency: "eur", status: "succeeded" };
  const object = { id: `pi_${nth}`, object: "payment_intent", ...money, metadata };
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const about = { object: "event", created, livemode: false, api_version: apiVersion };
  return { id: `evt_${nth}`, ...about, type: "payment_intent.succeeded", data: { object } };
}

async function deliver(world: World, events: readonly object[]): Promise<void> {
  assert.deepEqual(new Set(await Promise.all(events.map((event) => world.deliver(event)))), new Set([200]));
}

async function receipts(sql: BillingSql) {
  const rows = await sql.read("receipts", (reader) =>
    reader.selectFrom("receipts").select(["object_id", "state", "attempts", "error"]).orderBy("id").execute(),
  );
  return Object.fromEntries(rows.map(({ object_id, ...row }) => [object_id ?? "", row]));
}

on("a hundred objects of nobody's are closed in two transactions and one update each", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const counted = { transactions: 0, statements: 0, updates: 0 };
  const faults: Faults = ({ point, label, sql: text }) => {
    if (!label.startsWith("inbox.")) return;
    if (point === "begin") counted.transactions++;
    if (point === "statement") counted.statements++;
    if (point === "statement" && /^update .*receipts/.test(text ?? "")) counted.updates++;
  };
  const sql = await open({ clock: world.ports.clock, faults });
  await leaveCatchUp(sql);
  const core = await coreOn(world, sql);
  await deliver(
    world,
    Array.from({ length: 100 }, (_, nth) => paymentEvent(world, nth)),
  );
  Object.assign(counted, { transactions: 0, statements: 0, updates: 0 });
  await world.run(core.work(minuteMs));
  const rows = Object.values(await receipts(sql));
  assert.deepEqual(new Set(rows.map(({ state, attempts }) => `${state} ${attempts}`)), new Set(["foreign 1"]));
  assert.equal(rows.length, 100);
  assert.equal(counted.updates, 1);
  // Look, take, read, write; and a look that finds nothing more.
  assert.ok(counted.transactions <= 5 && counted.statements <= 12, JSON.stringify(counted));
  await world.close();
});

on("of a set, a lane that was lost meanwhile is not written, and the others are", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const [ours, theirs] = [await open({ clock: world.ports.clock }), await open({ clock: world.ports.clock })];
  const [slow, quick] = [await coreOn(world, ours), await coreOn(world, theirs)];
  const { instance } = slow.kernel;
  await deliver(
    world,
    [0, 1, 2].map((nth) => paymentEvent(world, nth, instance)),
  );
  const taken = await take(slow.kernel, await findDue(slow.kernel));
  assert.equal(taken.length, 3);
  assert.deepEqual(await findDue(quick.kernel), [], "what somebody holds is not due for others");
  await world.advance(9 * secondMs); // longer than a lease
  const over = await take(quick.kernel, ["pi_1"]);
  assert.deepEqual(
    over.map(({ lease, first, suspects }) => [takeoversOf(lease), first.length, suspects.length]),
    [[1, 0, 1]],
    "what was begun there is worked alone",
  );
  assert.deepEqual(await workSet(slow.kernel, taken, new Map()), []);
  const after = await receipts(ours);
  assert.deepEqual([after.pi_0?.state, after.pi_1?.state, after.pi_2?.state], ["done", "open", "done"]);
  assert.deepEqual(after.pi_1, { state: "open", attempts: 1, error: unended });
  const mirrored = await ours.read("mirror", (reader) =>
    reader.selectFrom("mirror").select("id").orderBy("id").execute(),
  );
  assert.deepEqual(mirrored, [{ id: "pi_0" }, { id: "pi_2" }]);
  await world.advance(9 * secondMs);
  await world.run(world.billing.tick({ maxMs: minuteMs }));
  assert.equal((await receipts(ours)).pi_1?.attempts, 2, "the second taker died too, and had begun none");
  await world.close();
});
