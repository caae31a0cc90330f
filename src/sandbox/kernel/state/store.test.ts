import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { cases } from "#kit/testing.ts";
import { type Collection, insert, newCollection, page, type Query, remove, replace } from "./store.ts";

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

const customerOf = fc.constantFrom("a", "b", null);

suite("store", () => {
  test("a page is what a slow reader would find, whatever was inserted, changed and removed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(customerOf, fc.nat(3)), { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(29), fc.constantFrom("a", "b", null, "remove")), { maxLength: 20 }),
        fc.record({
          limit: fc.integer({ min: 1, max: 6 }),
          by: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
          gte: fc.option(fc.nat(60), { nil: undefined }),
          lt: fc.option(fc.nat(60), { nil: undefined }),
          cursor: fc.option(fc.tuple(fc.boolean(), fc.nat(29)), { nil: undefined }),
        }),
        (inserts, changes, wish) => {
          const collection = newCollection(["customer"]);
          const rows: (Row | undefined)[] = [];
          let created = 0;
          for (const [n, [customer, pause]] of inserts.entries()) {
            created += pause;
            insert(collection, row(n, customer), created);
            rows.push(row(n, customer));
          }
          for (const [n, change] of changes) applyChange(collection, rows, n, change);
          const at = wish.cursor && wish.cursor[1] < rows.length ? `x_${wish.cursor[1]}` : undefined;
          const query: Query = {
            limit: wish.limit,
            by: wish.by === undefined ? undefined : { field: "customer", value: wish.by },
            created: { gte: wish.gte, lt: wish.lt },
            startingAfter: wish.cursor?.[0] ? at : undefined,
            endingBefore: wish.cursor?.[0] ? undefined : at,
          };
          const found = page(collection, query);
          const expected = slowPage(rows, collection.createdAt, query);
          assert.deepEqual({ ids: found.items.map(({ id }) => id), hasMore: found.hasMore }, expected);
        },
      ),
      { numRuns: cases(200, 10_000), seed: 7 },
    );
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
