// What of the inbox is due, who may take it, and what is known of who took it before.
import assert from "node:assert/strict";
import { testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import type { Kernel } from "../contract/context.ts";
import { claimLanes, leaseMs } from "../store/lanes.ts";
import { slicesOf } from "../store/many.ts";
import { createPace } from "../store/pace.ts";
import type { BillingTables, ReceiptRow } from "../store/tables.ts";
import { begin, findDue, lanesMax, receiptAttemptsMax, take, unended } from "./claim.ts";

interface Inbox {
  readonly kernel: Kernel;
  readonly now: number;
  put(...rows: readonly ReceiptRow[]): Promise<void>;
  /** Somebody else takes lanes at that instant. */
  takeFor(at: number, ...lanes: string[]): Promise<void>;
  row(id: string): Promise<ReceiptRow>;
}

function on(name: string, work: (inbox: Inbox & DatabaseWorld<BillingTables>) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async (database) => {
    const { sql } = database;
    await migrate(sql, migrations);
    const ports = testPorts({ seed: 1 });
    const kernel = {
      sql,
      ports,
      owner: "me",
      pace: createPace(ports.clock, lanesMax),
      stranded: [],
    } as unknown as Kernel;
    await work({
      ...database,
      kernel,
      now: ports.clock.now(),
      put: (...rows) =>
        sql.write("put", async (tx) => {
          for (const row of rows) await tx.insertInto("receipts").values(row).execute();
        }),
      takeFor: (at, ...lanes) =>
        sql.write("other", async (tx) => {
          const keys = lanes.map((lane) => `inbox:${lane}`);
          await claimLanes(tx, { keys, owner: "somebody else", now: at });
        }),
      row: (id) =>
        sql.read("row", (reader) =>
          reader.selectFrom("receipts").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
        ),
    });
  });
}

/** An event of an object and a lane of its own that is due, unless something else is said. */
function receipt(id: string, more: Partial<ReceiptRow> = {}): ReceiptRow {
  const about = { kind: "event", type: "toy.updated", lane: id, object_kind: "toy", object_id: id } as const;
  const nobodys = { customer: null, parent: null, api_version: null, account: null, sha256: "", body: null };
  const fresh = { attempts: 0, repeats: 0, renewed: 0, next_at: 1, error: null, ended_at: null };
  return { id, ...about, ...nobodys, ...fresh, created: 1, livemode: 0, state: "open", received_at: 1, ...more };
}

on(
  "due is what is open, at its time and in nobody's hands, the longest waiting first",
  async ({ kernel, now, ...box }) => {
    await box.put(
      receipt("waited", { next_at: now }),
      receipt("waited_longer", { next_at: now - 1, lane: "of_two" }),
      receipt("beside_it", { next_at: now, lane: "of_two" }),
      receipt("later", { next_at: now + 1 }),
      receipt("done", { state: "done" }),
      receipt("held"),
      receipt("left", { next_at: now - 2 }),
    );
    await box.takeFor(now, "held");
    await box.takeFor(now - leaseMs, "left");
    assert.deepEqual(await findDue(kernel), ["left", "of_two", "waited"]);
  },
);

on("of what is taken the due is worked, in the order in which it happened, as one attempt more", async (box) => {
  const { kernel, now } = box;
  const lane = "one";
  await box.put(
    receipt("b", { lane, created: 2, attempts: 3 }),
    receipt("a", { lane, created: 2, next_at: now }),
    receipt("c", { lane, created: 1, received_at: 9 }),
    receipt("0", { lane, created: 2, received_at: 2 }),
    receipt("later", { lane, next_at: now + 1 }),
    receipt("done", { lane, state: "done" }),
    receipt("other"),
    receipt("held"),
  );
  await box.takeFor(now, "held");
  const taken = await take(kernel, [lane, "held"]);
  assert.deepEqual(
    taken.map(({ lease, first, suspects }) => [
      lease.key,
      first.map(({ id, attempts }) => `${id} ${attempts}`),
      suspects,
    ]),
    [["inbox:one", ["c 1", "a 1", "b 4", "0 1"], []]],
  );
  assert.equal((await box.row("b")).attempts, 3, "which counts when it ends");
  assert.deepEqual(await take(kernel, [lane]), [], "it is in our hands");
});

on("of a long lane what happened first is taken, and the due of others stands in nobody's way", async (box) => {
  const many = (count: number, of: (n: number) => Partial<ReceiptRow>) =>
    box.sql.write("many", async (tx) => {
      const rows = Array.from({ length: count }, (_, n) => receipt(`evt_${n}`, of(n)));
      for (const slice of slicesOf(rows)) await tx.insertInto("receipts").values(slice).execute();
    });
  await many(1_000, (n) => ({ id: `a_${n}` }));
  await many(101, (n) => ({ lane: "long", created: n }));
  const [taken] = await take(box.kernel, ["long"]);
  const ids = taken?.first.map(({ id }) => id) ?? [];
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [100, "evt_0", "evt_99"]);
});

on("of a lane that somebody left, what he had begun is suspect and counts, and all else waits", async (box) => {
  const { kernel, now } = box;
  const lane = "left";
  const takenAt = now - leaseMs;
  await box.put(
    receipt("begun", { lane, next_at: takenAt, error: "It failed before" }),
    receipt("begun_too", { lane, attempts: 2 }),
    receipt("counted", { lane, attempts: 5, error: unended }),
    receipt("of_the_same", { lane, object_id: "counted" }),
    receipt("came_after", { lane, next_at: takenAt + 1 }),
    receipt("done", { lane, state: "done" }),
    receipt("other"),
  );
  await box.takeFor(takenAt, lane);
  const [taken] = await take(kernel, [lane]);
  assert.deepEqual(taken?.first, []);
  const suspects = taken?.suspects.map((some) => some.map(({ id, attempts }) => `${id} ${attempts}`)).sort();
  assert.deepEqual(suspects, [["begun 1"], ["begun_too 3"], ["counted 5", "of_the_same 1"]]);
  for (const id of ["begun", "begun_too"]) assert.equal((await box.row(id)).error, unended);
  for (const id of ["came_after", "done", "other"]) {
    const { attempts, error } = await box.row(id);
    assert.deepEqual([attempts, error], [0, null], id);
  }
});

on("of several lanes that were left each is counted from when it was taken", async (box) => {
  const { kernel, now } = box;
  for (const [lane, takenAt] of [
    ["early", now - leaseMs - 5],
    ["late", now - leaseMs],
  ] as const) {
    await box.put(receipt(`${lane}_begun`, { lane, next_at: takenAt }));
    await box.put(receipt(`${lane}_after`, { lane, next_at: takenAt + 1 }));
    await box.takeFor(takenAt, lane);
  }
  await take(kernel, ["early", "late"]);
  const counted = async (id: string) => (await box.row(id)).attempts;
  assert.deepEqual(await Promise.all(["early_begun", "late_begun"].map(counted)), [1, 1]);
  assert.deepEqual(await Promise.all(["early_after", "late_after"].map(counted)), [0, 0]);
});

on("no more is taken than the database lets a set have", async (box) => {
  const kernel: Kernel = { ...box.kernel, pace: createPace(testPorts({ seed: 1 }).clock, 2) };
  const ids = ["a", "b", "c", "d", "e"];
  await box.put(...ids.map((id, nth) => receipt(id, { next_at: nth })));
  await box.put(...ids.map((id) => receipt(`${id}_too`, { lane: "c" })));
  assert.deepEqual(await findDue(kernel), ["a", "b"]);
  const taken = await take(kernel, ["c", "d"]);
  assert.deepEqual(
    taken.map(({ first }) => first.length),
    [3, 1],
    "of each lane, and two for each of them in all",
  );
});

on("what is begun counts before its work, and what has ended so many processes is dead", async (box) => {
  const { kernel, now, sql } = box;
  const last = receiptAttemptsMax - 1;
  const rows = [
    receipt("first"),
    receipt("last", { attempts: last }),
    receipt("too_often", { attempts: receiptAttemptsMax }),
    receipt("put_to_work_anew"),
    receipt("ended", { attempts: 7 }),
  ];
  await box.put(...rows, receipt("beside"));
  await sql.write("meanwhile", async (tx) => {
    await tx.updateTable("receipts").set({ renewed: 1 }).where("id", "=", "put_to_work_anew").execute();
    await tx.updateTable("receipts").set({ state: "done" }).where("id", "=", "ended").execute();
  });
  const begun = await sql.write("begin", (tx) => begin(kernel, tx, rows));
  assert.deepEqual(
    begun.map(({ id, attempts }) => `${id} ${attempts}`),
    ["first 1", `last ${receiptAttemptsMax}`],
  );
  const shown = async (id: string) => {
    const { state, attempts, error, next_at, ended_at } = await box.row(id);
    return [state, attempts, error, next_at > now, ended_at];
  };
  assert.deepEqual(await shown("first"), ["open", 1, unended, true, null]);
  assert.deepEqual(await shown("last"), ["open", receiptAttemptsMax, unended, true, null]);
  assert.deepEqual(await shown("too_often"), ["dead", receiptAttemptsMax, null, false, now]);
  assert.deepEqual(await shown("put_to_work_anew"), ["open", 0, null, false, null]);
  assert.deepEqual(await shown("ended"), ["done", 7, null, false, null]);
  assert.deepEqual(await shown("beside"), ["open", 0, null, false, null]);
});

on("a database that fails is heard of, whatever it was asked for", async (box) => {
  const faults = ({ point, label }: { point: string; label: string }) => {
    if (point === "statement" && label === "inbox.claim") throw new Error("The disk is full");
  };
  await box.put(receipt("due"));
  const broken = { ...box.kernel, sql: await box.open({ faults }) };
  await assert.rejects(take(broken, ["due"]), /The disk is full/);
});
