// What the inbox is owed: looks, one open one for an object, and receipts that are worked again, those and no others.
import assert from "node:assert/strict";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import type { Kernel } from "../contract/context.ts";
import type { OwedLook } from "../contract/reacting.ts";
import type { BillingSql, BillingTables, ReceiptRow } from "../store/tables.ts";
import { fileLooks, reopenForeign, replayReceipt } from "./looks.ts";

const testMode = { mode: "test" } as Kernel;

function on(name: string, work: (sql: BillingSql) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async ({ sql }) => {
    await migrate(sql, migrations);
    await work(sql);
  });
}

const charge = (id: string, more: Partial<OwedLook> = {}): OwedLook => ({
  kind: "charge",
  id,
  customer: null,
  parent: null,
  ...more,
});

function owe(sql: BillingSql, now: number, objects: readonly OwedLook[], kernel = testMode): Promise<void> {
  return sql.write("owe", (tx) => fileLooks(kernel, tx, { objects, now }));
}

/** An event that is there, tried and put off, unless something else is said. */
function receipt(id: string, more: Partial<ReceiptRow> = {}): ReceiptRow {
  const about = {
    kind: "event",
    type: "charge.updated",
    lane: "ch_1",
    object_kind: "charge",
    object_id: "ch_1",
  } as const;
  const nobodys = { customer: null, parent: null, api_version: null, account: null, sha256: "", body: null };
  const tried = { attempts: 3, repeats: 2, renewed: 0, next_at: 9_000, error: "It failed", ended_at: null };
  return { id, ...about, ...nobodys, ...tried, created: 1, livemode: 0, state: "open", received_at: 1, ...more };
}

function put(sql: BillingSql, ...rows: readonly ReceiptRow[]): Promise<void> {
  return sql.write("put", async (tx) => {
    for (const row of rows) await tx.insertInto("receipts").values(row).execute();
  });
}

function all(sql: BillingSql): Promise<readonly ReceiptRow[]> {
  return sql.read("all", (reader) => reader.selectFrom("receipts").selectAll().orderBy("id").execute());
}

async function looks(sql: BillingSql): Promise<readonly ReceiptRow[]> {
  return (await all(sql)).filter(({ kind }) => kind === "look");
}

/** Everybody looks at this one now. */
function end(sql: BillingSql, ended_at: number): Promise<void> {
  return sql.write("end", async (tx) => {
    await tx.updateTable("receipts").set({ state: "done", ended_at }).where("kind", "=", "look").execute();
  });
}

on("an object is owed one open look, which begins anew when another one is owed", async (sql) => {
  await owe(sql, 1_000, [charge("ch_1"), charge("ch_1"), charge("ch_2")]);
  await sql.write("tried", async (tx) => {
    await tx.updateTable("receipts").set({ attempts: 3, repeats: 2, next_at: 9_000, error: "It failed" }).execute();
  });
  await owe(sql, 5_000, [charge("ch_1")]);
  const short = (await looks(sql)).map(({ object_id, created, next_at, attempts, repeats, error, renewed }) => {
    return { object_id, created, next_at, attempts, repeats, error, renewed };
  });
  short.sort((a, b) => (`${a.object_id}` < `${b.object_id}` ? -1 : 1));
  assert.deepEqual(short, [
    { object_id: "ch_1", created: 5, next_at: 5_000, attempts: 0, repeats: 0, error: null, renewed: 1 },
    { object_id: "ch_2", created: 1, next_at: 9_000, attempts: 3, repeats: 2, error: "It failed", renewed: 0 },
  ]);
});

on("a look that was made stays as it was, and the next one that is owed is another", async (sql) => {
  await owe(sql, 1_000, [charge("ch_1")]);
  await end(sql, 2_000);
  await owe(sql, 3_000, [charge("ch_1")]);
  const states = (await looks(sql)).map(({ created, state, renewed }) => `${created} ${state} ${renewed}`).sort();
  assert.deepEqual(states, ["1 done 0", "3 open 0"]);
});

on("events of the object are not looks at it: what waits of them goes on waiting", async (sql) => {
  await put(sql, receipt("evt_1"));
  await owe(sql, 1_000, [charge("ch_1")]);
  await owe(sql, 2_000, []);
  const [event, look, ...others] = await all(sql);
  assert.deepEqual([event, others], [receipt("evt_1"), []]);
  await owe(sql, 3_000, [charge("ch_1")]);
  assert.deepEqual(
    (await all(sql)).map(({ id, renewed }) => [id, renewed]),
    [
      ["evt_1", 0],
      [look?.id, 1],
    ],
  );
});

on("a look waits in the lane of whoever the object is of, and says its mode", async (sql) => {
  const whose = { customer: "cus_1", parent: "pi_1" };
  await owe(sql, 0, [charge("ch_1", whose), charge("ch_2", { ...whose, customer: null }), charge("ch_3")]);
  await owe(sql, 0, [charge("ch_4")], { mode: "live" } as Kernel);
  const lanes = (await looks(sql)).map(({ object_id, lane, livemode }) => `${object_id} ${lane} ${livemode}`);
  assert.deepEqual(lanes.sort(), ["ch_1 cus_1 0", "ch_2 pi_1 0", "ch_3 ch_3 0", "ch_4 ch_4 1"]);
});

on(
  "what was nobody's is worked when its object, its parent or its customer is known, and all else stays",
  async (sql) => {
    const foreign = { state: "foreign", ended_at: 5 } as const;
    const others = { object_id: "ch_2", parent: "pi_2", customer: "cus_2" };
    await put(
      sql,
      receipt("evt_of_it", { ...others, ...foreign, object_id: "ch_1" }),
      receipt("evt_of_its_child", { ...others, ...foreign, parent: "ch_1" }),
      receipt("evt_of_its_customer", { ...others, ...foreign, customer: "cus_1" }),
      receipt("evt_of_another", { ...others, ...foreign }),
      receipt("evt_done", { object_id: "ch_1", parent: "ch_1", customer: "cus_1", state: "done", ended_at: 5 }),
    );
    const reopen = (...objects: { id: string; customer: string | null }[]) =>
      sql.write("reopen", (tx) => reopenForeign(tx, { objects, now: 7 }));
    const reopened = async () => {
      const open = (await all(sql)).filter(({ state }) => state === "open");
      for (const row of open) assert.deepEqual([row.attempts, row.next_at, row.ended_at, row.renewed], [0, 7, null, 1]);
      return open.map(({ id }) => id);
    };
    await reopen();
    assert.deepEqual(await reopened(), []);
    await reopen({ id: "ch_1", customer: null });
    assert.deepEqual(await reopened(), ["evt_of_it", "evt_of_its_child"]);
    await reopen({ id: "ch_9", customer: "cus_1" });
    assert.deepEqual(await reopened(), ["evt_of_it", "evt_of_its_child", "evt_of_its_customer"]);
  },
);

on("a receipt is replayed from its beginning, but not one that nobody could work", async (sql) => {
  const never = ["quarantined", "other_mode", "other_account"] as const;
  const given = [
    ...never.map((state) => receipt(`evt_${state}`, { state, ended_at: 5 })),
    receipt("evt_nothing", { state: "dead", object_id: null, ended_at: 5 }),
    receipt("evt_dead", { state: "dead", ended_at: 5 }),
    receipt("evt_too", { state: "dead", ended_at: 5 }),
  ];
  await put(sql, ...given);
  const replay = (id: string) => sql.write("replay", (tx) => replayReceipt(tx, { id, now: 7 }));
  for (const id of [...never.map((state) => `evt_${state}`), "evt_nothing", "evt_none"]) {
    assert.equal(await replay(id), false, id);
  }
  assert.equal(await replay("evt_dead"), true);
  const fresh = {
    state: "open",
    attempts: 0,
    repeats: 0,
    renewed: 1,
    next_at: 7,
    error: null,
    ended_at: null,
  } as const;
  const expected = given.map((row) => (row.id === "evt_dead" ? { ...row, ...fresh } : row));
  assert.deepEqual(
    await all(sql),
    expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
});
