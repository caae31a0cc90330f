import assert from "node:assert/strict";
import { isAmongPacked, type Packed, packRows, packTexts, rowsPacked } from "./many.ts";
import { migrate } from "./migrate.ts";
import type { Tx } from "./port.ts";
import { execute, executeEach } from "./statement.ts";
import { onEachDatabase } from "./testing.ts";

interface Tables {
  boxes: { id: string; count: number | null };
}
type Boxes = Tx<Tables>;

onEachDatabase<Tables>(
  "a text is built once for a database, and runs with the values it is given",
  async (database) => {
    const { sql, open } = database;
    let built = 0;
    const among = (tx: Boxes, given: Packed & { least: number; ids: unknown }) => {
      built++;
      const columns = { id: "text", count: "integer" } as const;
      return tx
        .selectFrom(rowsPacked<Tables["boxes"]>(tx, columns, given))
        .selectAll()
        .where("count", ">", given.least)
        .where(isAmongPacked(tx, "id", given.ids))
        .orderBy("id");
    };
    const find = (on: typeof sql, least: number, ids: readonly string[]) =>
      on.write("find", async (tx) => {
        const rows = ["a", "b", "c"].map((id, count) => ({ id, count }));
        const packed = packRows(tx, { columns: { id: "text", count: "integer" }, rows });
        const found = await execute(tx, among, { ...packed, least, ids: packTexts(tx, ids) });
        return found.rows.map(({ id }) => id);
      });
    assert.deepEqual(await find(sql, -1, ["a", "b"]), ["a", "b"]);
    assert.deepEqual(await find(sql, 0, ["a", "b", "c"]), ["b", "c"]);
    assert.deepEqual([await find(sql, 5, ["c"]), built], [[], 1]);
    assert.deepEqual([await find(await open(), 1, ["b", "c"]), built], [["c"], 2]);
  },
);

onEachDatabase<Tables>("values of other names are another text of the same statement", async ({ sql }) => {
  const both = (tx: Boxes, given: Partial<Tables["boxes"]>) =>
    tx.selectNoFrom((eb) => Object.values(given).map((value, n) => eb.cast<string>(eb.val(value), "text").as(`v${n}`)));
  const [one, two, again] = await sql.write("both", async (tx) => [
    await execute(tx, both, { id: "a" }),
    await execute(tx, both, { id: "a", count: null }),
    await execute(tx, both, { id: "b" }),
  ]);
  assert.deepEqual([one?.rows, two?.rows, again?.rows], [[{ v0: "a" }], [{ v0: "a", v1: null }], [{ v0: "b" }]]);
});

onEachDatabase<Tables>(
  "a statement is run for each of many, and says of each what it changed",
  async ({ sql, open }) => {
    let built = 0;
    const adding = (tx: Boxes, given: Tables["boxes"]) => {
      built++;
      return tx
        .insertInto("boxes")
        .values(given)
        .onConflict((conflict) => conflict.column("id").doNothing());
    };
    const box = (id: string, count: number | null = null) => ({ id, count });
    const add = (on: typeof sql, ...boxes: Tables["boxes"][]) =>
      on.write("add", (tx) => executeEach(tx, adding, boxes));
    await migrate(sql, [
      {
        name: "0001_boxes",
        statements: ({ text: t, integer: i }) => [
          `create table boxes (id ${t} primary key, count ${i} check (count >= 0))`,
        ],
      },
    ]);
    assert.deepEqual(await add(sql), []);
    assert.deepEqual(await add(sql, box("a", 2 ** 40), box("b"), box("a", 2)), [1, 1, 0]);
    assert.deepEqual(await add(sql, box("\ud800x")), [1]);
    assert.equal(built, 1);
    const kept = await sql.read("boxes", (reader) => reader.selectFrom("boxes").selectAll().orderBy("count").execute());
    const byId = new Map(kept.map(({ id, count }) => [id, count]));
    assert.deepEqual([byId.get("a"), byId.get("b"), byId.get("\ufffdx")], [2 ** 40, null, null]);
    await assert.rejects(add(sql, box("c"), box("d", -1)));
    const other = await open();
    assert.deepEqual(await add(other, box("c")), [1], "what failed has left nothing");
  },
  { isEmpty: true },
);
