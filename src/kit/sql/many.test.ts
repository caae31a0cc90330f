import assert from "node:assert/strict";
import { isAmong, packTexts, rowsGiven, textsPacked } from "./many.ts";
import { onEachDatabase } from "./testing.ts";

interface Row {
  readonly id: string;
  readonly count: number | null;
  readonly body: Uint8Array | null;
  readonly name: string | null;
  readonly seal: Uint8Array | null;
}

const columns = { id: "text", count: "integer", body: "bytes", name: "text", seal: "bytes" } as const;
const bytes = (...values: number[]) => new Uint8Array(values);

onEachDatabase<{ given: Row }>("rows come out as they were given, bytes and all", async ({ sql }) => {
  const rows: Row[] = [
    { id: "a", count: 2 ** 53 - 1, body: bytes(0, 255, 39), name: 'quotes " and \\ and \u2028', seal: null },
    { id: "b", count: null, body: null, name: null, seal: bytes(7) },
    { id: "c", count: -1, body: bytes(), name: "", seal: bytes(1, 2, 3) },
    { id: "d", count: 0, body: bytes(...Array.from({ length: 300 }, (_, n) => n % 256)), name: "äß", seal: null },
  ];
  const read = (given: readonly Row[]) =>
    sql.read("given", (reader) =>
      reader
        .selectFrom(rowsGiven<Row>(reader, { columns, rows: given }))
        .selectAll()
        .execute(),
    );
  const plain = (some: readonly Row[]) =>
    some.map((row) => ({ ...row, body: row.body && [...row.body], seal: row.seal && [...row.seal] }));
  assert.deepEqual(plain(await read(rows)), plain(rows));
  assert.deepEqual(await read([]), []);
  const half = await read([{ id: "\ud800x", count: 1, body: null, name: null, seal: null }]);
  assert.equal(half[0]?.id, "\ufffdx", "no database takes half a pair as text");
  const some = await sql.read("among", (reader) =>
    reader
      .selectFrom(rowsGiven<Row>(reader, { columns, rows }))
      .select("id")
      .where(isAmong(reader, "id", ["d", "b", "nobody"]))
      .execute(),
  );
  assert.deepEqual(some.map(({ id }) => id).sort(), ["b", "d"]);
});

onEachDatabase("texts come out as they were given", async ({ sql }) => {
  const read = (texts: readonly string[]) =>
    sql.read("given", (reader) => {
      const given = textsPacked(reader, packTexts(reader, texts));
      return reader.selectFrom(given).selectAll().orderBy("text").execute();
    });
  assert.deepEqual(await read(["b", 'a"\\']), [{ text: 'a"\\' }, { text: "b" }]);
  assert.deepEqual(await read([]), []);
});
