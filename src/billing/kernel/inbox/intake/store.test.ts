// What has come in at once is stored at once, and one that the database refuses is refused alone.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { type DatabaseWorld, onEachDatabase, runBeside } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { coreOn } from "../../../testing/core.ts";
import { startWorld } from "../../../testing/index.ts";
import type { BillingSql, BillingTables } from "../../store/tables.ts";

const on = onEachDatabase<BillingTables>;

function event(id: string, more: object = {}): Buffer {
  const about = { object: "event", type: "a", created: 1, data: { object: { id: `x_${id}`, object: "x" } } };
  return Buffer.from(JSON.stringify({ id, ...about, ...more }));
}

/**
 * An inbox whose database does what `storing` does before it stores; `stores` counts the statements, `woken` what was
 * notified.
 */
async function startInbox(
  { url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">,
  storing: () => Promise<void> = async () => undefined,
  faults?: Faults,
) {
  const world = await startWorld({ url, isStarted: false });
  const sql = await open({ clock: world.ports.clock, ...(faults && { faults }) });
  const stores = { count: 0 };
  const woken: string[] = [];
  const wake: BillingSql["wake"] = { ...sql.wake, notify: (topic) => void woken.push(topic) };
  const write: BillingSql["write"] = async (label, work, asked) => {
    if (label === "inbox.store") {
      stores.count++;
      await storing();
    }
    return sql.write(label, work, asked);
  };
  const { kernel, inbox } = await coreOn(world, { ...sql, write, wake });
  const stored = async () => {
    const rows = await sql.read("receipts", (reader) =>
      reader.selectFrom("receipts").select("id").orderBy("id").execute(),
    );
    return rows.map(({ id }) => id);
  };
  return { world, kernel, inbox, stores, stored, woken };
}

on("what comes while others are being stored waits for them, and is stored together", async (database) => {
  const gate = Promise.withResolvers<void>();
  const { world, inbox, stores } = await startInbox(database, () => gate.promise);
  const first = inbox.store([event("evt_0")]);
  await until("the first to be stored", () => stores.count > 0);
  const others: Promise<number>[] = [];
  for (let n = 1; n <= 10; n++) {
    others.push(inbox.store([event(`evt_${n}`)]));
    await turn();
  }
  gate.resolve();
  await Promise.all([first, ...others]);
  assert.equal(stores.count, 2);
  await world.close();
});

on("while one batch is stored a second of some size is sent after it, where that can be", async (database) => {
  const gate = Promise.withResolvers<void>();
  const { world, inbox, stores, stored } = await startInbox(database, () => gate.promise);
  const come = (from: number, count: number) =>
    inbox.store(Array.from({ length: count }, (_, n) => event(`evt_${from + n}`)));
  const all = [come(0, 1)];
  await until("the first to be stored", () => stores.count > 0);
  const atOnce = database.engine === "postgres" ? 2 : 1;
  const counted = async () => {
    for (let turns = 0; turns < 20; turns++) await turn();
    return stores.count;
  };
  all.push(come(1, 15));
  assert.equal(await counted(), 1, "too few to be worth one");
  all.push(come(16, 1));
  await until("another to be sent", () => stores.count === atOnce);
  all.push(come(17, 40));
  assert.equal(await counted(), atOnce);
  gate.resolve();
  await Promise.all(all);
  assert.equal((await stored()).length, 57);
  await world.close();
});

on("who works holds back while something waits to be stored, for ten seconds at most", async (database) => {
  const gate = Promise.withResolvers<void>();
  const { world, inbox, stores } = await startInbox(database, () => gate.promise);
  await inbox.quiet(); // nothing waits
  const first = inbox.store([event("evt_1")]);
  await until("the first to be stored", () => stores.count > 0);
  let isQuiet = false;
  const quiet = inbox.quiet().then(() => {
    isQuiet = true;
  });
  await world.advance(10 * secondMs - 1);
  assert.equal(isQuiet, false);
  await world.advance(1);
  assert.equal(isQuiet, true, "what was acknowledged has its turn too");
  await quiet;
  const last = inbox.quiet();
  gate.resolve();
  await Promise.all([first, last]);
  await inbox.quiet();
  await world.close();
});

on("beyond five thousand that wait Stripe is told to come again, and these are stored", async (database) => {
  const { world, inbox } = await startInbox(database);
  const all = inbox.store(Array.from({ length: 5_000 }, (_, n) => event(`evt_${n}`)));
  await assert.rejects(inbox.store([event("evt_more")]), { code: "inbox_full" });
  assert.equal(await all, 5_000);
  assert.equal(await inbox.store([event("evt_more")]), 1);
  await world.close();
});

on("an event that the database refuses is refused alone, and those beside it are stored", async (database) => {
  const { world, inbox, stored } = await startInbox(database);
  await runBeside(database.url, "create unique index one_of_a_type on receipts (type)");
  const all = ["evt_1", "evt_2", "evt_3"].map((id) => inbox.store([event(id, { type: id === "evt_3" ? "b" : "a" })]));
  assert.deepEqual(
    (await Promise.allSettled(all)).map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(await stored(), ["evt_1", "evt_3"]);
  await world.close();
});

on("an event whose COMMIT nobody heard the answer to is acknowledged, and stands there once", async (database) => {
  let left = 0;
  const faults: Faults = ({ point, label }) => {
    if (point !== "committed" || label !== "inbox.store" || left === 0) return;
    left--;
    throw new Error("the connection broke");
  };
  const { world, inbox, stored } = await startInbox(database, undefined, faults);
  left = 1;
  await inbox.store([event("evt_1")]);
  assert.deepEqual([left, await stored()], [0, ["evt_1"]]);
  await world.close();
});

on("what there is to work wakes those who work, and what is nobody's wakes nobody", async (database) => {
  const { world, kernel, inbox, woken } = await startInbox(database);
  const charge = (id: string, metadata: object) => ({
    type: "charge.succeeded",
    data: { object: { id, object: "charge", metadata } },
  });
  await inbox.store([event("evt_unknown"), event("evt_foreign", charge("ch_1", {}))]);
  assert.deepEqual(woken, []);
  const ours = event("evt_ours", charge("ch_2", { bursar_instance: kernel.instance }));
  await inbox.store([event("evt_unknown_too"), ours]);
  assert.deepEqual(woken, ["inbox"]);
  await world.close();
});

on("while the database is away all are told to come again, after one try", async (database) => {
  const { world, inbox, stores, stored } = await startInbox(database, () => Promise.reject(new Error("It is away")));
  const all = ["evt_1", "evt_2", "evt_3"].map((id) => inbox.store([event(id)]));
  for (const one of await Promise.allSettled(all)) {
    assert.equal((one as PromiseRejectedResult).reason?.code, "unavailable");
  }
  assert.deepEqual([stores.count, await stored()], [1, []]);
  await world.close();
});

on("an event without a time that can be read is kept for a human, and spoils nothing beside it", async (database) => {
  const { world, inbox, stored } = await startInbox(database);
  const times = ["soon", 1e300, 1.5, -(2 ** 60), null, undefined];
  const odd = times.map((created, n) => event(`evt_${n}`, { created }));
  assert.equal(await inbox.store([...odd, event("evt_good")]), times.length + 1);
  assert.equal((await stored()).length, times.length + 1);
  await world.close();
});
