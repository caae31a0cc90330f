// What a human should look at stands there once, until somebody has seen to it.
import assert from "node:assert/strict";
import { migrate } from "#kit/sql/migrate.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import type { RaisedFlag } from "../contract/reacting.ts";
import type { BillingTables } from "../store/tables.ts";
import { raiseFlags, resolveFlag, retellFlag } from "./flags.ts";

const lost = { kind: "lost", subject: "order_1", detail: "First seen" };

async function openFlags({ sql }: Pick<DatabaseWorld<BillingTables>, "sql">) {
  await migrate(sql, migrations);
  return {
    raise: (now: number, ...flags: RaisedFlag[]) => sql.write("raise", (tx) => raiseFlags(tx, flags, now)),
    retell: (flag: RaisedFlag) => sql.write("retell", (tx) => retellFlag(tx, flag)),
    resolve: (now: number, kind: string, subject: string) =>
      sql.write("resolve", (tx) => resolveFlag(tx, { kind, subject, now })),
    async all() {
      const rows = await sql.read("all", (reader) =>
        reader.selectFrom("flags").selectAll().orderBy("kind").orderBy("subject").execute(),
      );
      return rows.map(({ kind, subject, detail, created_at, resolved_at }) => {
        const state = resolved_at === null ? "open" : `seen at ${resolved_at}`;
        return `${kind} ${subject}: ${detail} at ${created_at}, ${state}`;
      });
    },
  };
}

function on(name: string, work: (flags: Awaited<ReturnType<typeof openFlags>>) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async (database) => work(await openFlags(database)));
}

on("what happens again is told when it had been seen to, and not while it is open", async (flags) => {
  await flags.raise(1, lost);
  await flags.raise(2, { ...lost, detail: "Again" });
  assert.deepEqual(await flags.all(), ["lost order_1: First seen at 1, open"]);
  await flags.resolve(3, "lost", "order_1");
  await flags.raise(4, { ...lost, detail: "Once more" });
  assert.deepEqual(await flags.all(), ["lost order_1: Once more at 4, open"]);
});

on("several are raised at once, new ones beside those that stand, and one that is named twice once", async (flags) => {
  await flags.raise(1, lost);
  await flags.raise(2, lost, { ...lost, subject: "order_2" }, { ...lost, subject: "order_2" });
  await flags.raise(3);
  assert.deepEqual(await flags.all(), ["lost order_1: First seen at 1, open", "lost order_2: First seen at 2, open"]);
});

on("what is seen to is that flag and no other, at the time when it was seen to first", async (flags) => {
  await flags.raise(1, lost, { ...lost, kind: "odd" }, { ...lost, subject: "order_2" });
  for (const now of [2, 3]) await flags.resolve(now, "lost", "order_1");
  assert.deepEqual(await flags.all(), [
    "lost order_1: First seen at 1, seen at 2",
    "lost order_2: First seen at 1, open",
    "odd order_1: First seen at 1, open",
  ]);
});

on("what a human is asked is told anew while it is open, of that flag and no other", async (flags) => {
  await flags.raise(1, lost, { ...lost, subject: "order_2" }, { ...lost, subject: "order_3" });
  await flags.resolve(2, "lost", "order_2");
  for (const subject of ["order_1", "order_2", "order_4"]) await flags.retell({ ...lost, subject, detail: "More" });
  assert.deepEqual(await flags.all(), [
    "lost order_1: More at 1, open",
    "lost order_2: First seen at 1, seen at 2",
    "lost order_3: First seen at 1, open",
  ]);
});
