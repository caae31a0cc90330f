import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { hidden } from "./object.ts";
import type { CreatedRange } from "./spans.ts";
import { newSpans } from "./spans.ts";
import {
  type Collection,
  find,
  forgetOldest,
  foundBy,
  idsOf,
  insert,
  isKnown,
  newCollection,
  page,
  type Query,
  remove,
  replace,
  takeBack,
} from "./store.ts";

interface Row {
  readonly id: string;
  readonly object: string;
  readonly customer: string | null;
}

const row = (n: number, customer: string | null): Row => ({ id: `x_${n}`, object: "x", customer });

/** What page() promises, written the slow way. */
function slowPage(rows: readonly (Row | undefined)[], createdAt: readonly number[], query: Query) {
  const place = (id: string | undefined) => (id === undefined ? undefined : Number(id.slice(2)));
  const after = place(query.startingAfter);
  const before = place(query.endingBefore);
  const all = rows
    .map((item, at) => ({ item, at }))
    .filter(({ item, at }) => {
      if (!item) return false;
      if (query.by && item.customer !== query.by.value) return false;
      if (query.created?.gte !== undefined && createdAt[at]! < query.created.gte) return false;
      if (query.created?.lt !== undefined && createdAt[at]! >= query.created.lt) return false;
      if (after !== undefined && at >= after) return false;
      return before === undefined || at > before;
    })
    .reverse();
  const shown = before === undefined ? all.slice(0, query.limit) : all.slice(-query.limit);
  return { ids: shown.map(({ item }) => item?.id), hasMore: all.length > query.limit };
}

/** Mostly a little later than the one before; now and then of another time, or late. */
const pauses = fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, fc.integer({ min: -40, max: 40 }));
const customerOf = fc.constantFrom("a", "b", null);

suite("store", () => {
  test("a page is what a slow reader would find, whatever was inserted, changed, removed and forgotten", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(customerOf, pauses), { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(29), fc.constantFrom("a", "b", null, "remove")), { maxLength: 20 }),
        fc.record({
          limit: fc.integer({ min: 1, max: 6 }),
          by: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
          gte: fc.option(fc.nat(60), { nil: undefined }),
          lt: fc.option(fc.nat(60), { nil: undefined }),
          cursor: fc.option(fc.tuple(fc.boolean(), fc.nat(29)), { nil: undefined }),
        }),
        fc.record({ count: fc.nat(30), before: fc.nat(30) }),
        (inserts, changes, wish, over) => {
          const collection = newCollection(["customer"], newSpans(4));
          const rows: (Row | undefined)[] = [];
          const createdAt: number[] = [];
          for (const [n, [customer, pause]] of inserts.entries()) {
            if (n === over.before) forget(collection, rows, over.count);
            createdAt.push((createdAt.at(-1) ?? 0) + pause);
            insert(collection, row(n, customer), createdAt[n]!);
            rows.push(row(n, customer));
          }
          for (const [n, change] of changes) applyChange(collection, rows, n, change);
          const at = wish.cursor && isKnown(collection, `x_${wish.cursor[1]}`) ? `x_${wish.cursor[1]}` : undefined;
          const query: Query = {
            limit: wish.limit,
            by: wish.by === undefined ? undefined : { field: "customer", value: wish.by },
            created: { gte: wish.gte, lt: wish.lt },
            startingAfter: wish.cursor?.[0] ? at : undefined,
            endingBefore: wish.cursor?.[0] ? undefined : at,
          };
          const found = page(collection, query);
          const expected = slowPage(rows, createdAt, query);
          assert.deepEqual({ ids: found.items.map(({ id }) => id), hasMore: found.hasMore }, expected);
        },
      ),
      { numRuns: draws(200, 10_000), seed: 7 },
    );
  });

  test("an index of a path names each end of it, one of what is hidden too; undone, nothing is left", () => {
    const collection = newCollection(["items.data.id", "hidden.invoice"]);
    const sold = (id: string, items: string[], invoice?: string) => ({
      id,
      object: "x",
      items: { data: items.map((item) => ({ id: item })) },
      [hidden]: { invoice },
    });
    const ids = (field: string, value: string) => foundBy(collection, field, value).map(({ id }) => id);
    insert(collection, sold("x_1", ["a", "b"], "in_1"), 1);
    insert(collection, sold("x_2", ["b"]), 2);
    assert.deepEqual([ids("items.data.id", "a"), ids("items.data.id", "b")], [["x_1"], ["x_1", "x_2"]]);
    assert.deepEqual([ids("hidden.invoice", "in_1"), ids("hidden.invoice", "in_2")], [["x_1"], []]);
    replace(collection, sold("x_1", ["c"], "in_1"));
    assert.deepEqual([ids("items.data.id", "b"), ids("items.data.id", "c")], [["x_2"], ["x_1"]]);
    takeBack(collection, "x_2");
    assert.deepEqual(ids("items.data.id", "b"), []);
    assert.equal(page(collection, { limit: 9, by: { field: "items.data.id", value: "c" } }).items.length, 1);
  });

  test("an index that is asked for in the middle of a unit finds what stood there before the unit, once undone", () => {
    const collection = newCollection(["customer"]);
    const ids = (value: string) => foundBy(collection, "customer", value).map(({ id }) => id);
    insert(collection, row(1, "a"), 1);
    insert(collection, row(2, "a"), 2);
    const [changed, erased] = [replace(collection, row(1, "b")), remove(collection, "x_2")];
    insert(collection, row(3, "a"), 3);
    assert.deepEqual([ids("a"), ids("b")], [["x_3"], ["x_1"]]);
    takeBack(collection, "x_3");
    for (const before of [erased, changed]) replace(collection, before!);
    assert.deepEqual([ids("a"), ids("b")], [["x_1", "x_2"], []]);
  });

  test("what was met last and is gone, or is another now, is not found as it was", () => {
    const collection = newCollection([]);
    insert(collection, row(1, "a"), 1);
    remove(collection, "x_1"); // Nobody has asked by an id before.
    assert.deepEqual([find(collection, "x_1"), isKnown(collection, "x_1")], [undefined, true]);
    insert(collection, row(1, "b"), 2); // It comes again,
    assert.equal((find(collection, "x_1") as Row).customer, "b");
    takeBack(collection, "x_1"); // is undone,
    assert.deepEqual([find(collection, "x_1"), isKnown(collection, "x_1")], [undefined, true]);
    insert(collection, row(2, "a"), 3);
    replace(collection, row(2, "b"));
    assert.equal((find(collection, "x_2") as Row).customer, "b");
  });

  test("a page looks at no more objects in a big store than in a small one", () => {
    const looked = [100, 10_000].map((size) => {
      const collection = newCollection(["customer"]);
      for (let n = 0; n < size; n++) insert(collection, row(n, n % 50 === 0 ? "a" : "b"), n);
      let count = 0;
      const where = () => ++count > 0;
      page(collection, { limit: 10, where });
      page(collection, { limit: 10, where, startingAfter: `x_${size / 2}` });
      page(collection, { limit: 10, where, by: { field: "customer", value: "b" } });
      page(collection, { limit: 10, where, created: { lt: size / 2 } });
      return count;
    });
    assert.equal(looked[0], looked[1]);
  });
});

test("a filter by time looks at few, though a tick was late and clocks stand in 2020 and in 2030", () => {
  const start = Date.UTC(2026, 10, 2) / 1000;
  const size = 200_000;
  const seconds = Array.from({ length: size }, (_, n) => start + n);
  seconds[1_000] = start + 900; // Late.
  for (const at of [2_000, 60_000, 150_000]) seconds[at] = Date.UTC(2020, 0, 1) / 1000;
  for (const at of [3_000, 90_000, 180_000]) seconds[at] = Date.UTC(2030, 0, 1) / 1000;
  const collection = newCollection(["customer"]);
  for (const [n, created] of seconds.entries()) insert(collection, row(n, n % 2 === 0 ? "a" : "b"), created);
  let looks = 0;
  const createdAt = new Proxy(collection.createdAt, {
    get: (of, name) => {
      looks++;
      return Reflect.get(of, name);
    },
  });
  const watched = { ...collection, createdAt };
  const ranges: readonly [CreatedRange, string[]][] = [
    [{ gte: start + size - 2, lt: start + size }, ["x_199999", "x_199998"]],
    [{ gte: start + 900, lte: start + 900 }, ["x_1000", "x_900"]],
    [{ lt: start }, ["x_150000", "x_60000", "x_2000"]],
    [{ gt: start + size }, ["x_180000", "x_90000", "x_3000"]],
    [{ gte: start + 70_000, lt: start + 70_002 }, ["x_70001", "x_70000"]],
  ];
  for (const [created, ids] of ranges) {
    for (const endingBefore of [undefined, "x_0"]) {
      const { items } = page(watched, { limit: 100, created, endingBefore });
      assert.deepEqual(
        items.map(({ id }) => id),
        ids,
      );
    }
    const own = page(watched, { limit: 100, created, by: { field: "customer", value: "a" } }).items;
    assert.deepEqual(
      own.map(({ id }) => id),
      ids.filter((id) => Number(id.slice(2)) % 2 === 0),
    );
  }
  assert.ok(looks < 30_000, `${looks} looks in ${3 * ranges.length} lists of ${size}`);
});

test("what is forgotten leaves nothing behind, and the rest keep their positions", () => {
  const collection = newCollection(["customer"]);
  const customers = ["a", "b", "c"];
  const kept = 16_000;
  const arrays = () => [
    collection.items,
    collection.createdAt,
    ...[...(collection.indices[0]?.byValue.values() ?? [])].filter((all) => typeof all === "object"),
  ];
  assert.deepEqual(foundBy(collection, "customer", "a"), [], "from now on it is indexed");
  for (let n = 0; n < 200_000; n++) {
    insert(collection, row(n, n === 5 ? "once" : customers[n % 3]!), n);
    assert.ok(forgetOldest(collection, 8, ({ id }) => Number(id.slice(2)) <= n - kept).length <= 1);
  }
  assert.equal([...idsOf(collection)].length, kept);
  assert.deepEqual([...(collection.indices[0]?.byValue.keys() ?? [])].sort(), customers);
  for (const { length } of arrays()) assert.ok(length <= 2 * kept, `${length} for ${kept}`);
  assert.ok(collection.spans.earliest.length <= (2 * kept) / collection.spans.length + 1);
  assert.deepEqual([find(collection, "x_183999"), find(collection, "x_184000")?.id], [undefined, "x_184000"]);
  assert.equal(foundBy(collection, "customer", "a").length, Math.floor(kept / 3));
  const ids = forgetOldest(collection, kept + 1, () => true);
  assert.deepEqual([ids.length, ids.at(-1)], [kept, "x_199999"]);
  assert.deepEqual([[...idsOf(collection)].length, ...arrays().map(({ length }) => length)], [0, 0, 0]);
  insert(collection, row(200_000, "a"), 1);
  assert.deepEqual(
    page(collection, { limit: 2, by: { field: "customer", value: "a" } }).items.map(({ id }) => id),
    ["x_200000"],
  );
});

/** As far as the first that was removed. */
function forget(collection: Collection, rows: (Row | undefined)[], count: number): void {
  for (const id of forgetOldest(collection, count, () => true)) rows[Number(id.slice(2))] = undefined;
}

function applyChange(collection: Collection, rows: (Row | undefined)[], n: number, change: string | null): void {
  if (!rows[n]) return;
  if (change === "remove") {
    remove(collection, `x_${n}`);
    rows[n] = undefined;
    return;
  }
  rows[n] = row(n, change);
  replace(collection, row(n, change));
}
