import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { hasChanged, previousAttributes } from "./previous.ts";

suite("what was there before", () => {
  const cases: readonly (readonly [why: string, before: object, after: object, previous: object])[] = [
    ["nothing differs", { a: 1, b: [1], c: { d: 1 } }, { a: 1, b: [1], c: { d: 1 } }, {}],
    ["a hash says its changed keys only", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, { a: { b: 1 } }],
    ["a list is whole", { a: [1, 2] }, { a: [1, 3] }, { a: [1, 2] }],
    ["what was absent is null", {}, { a: 1, b: { c: 1 } }, { a: null, b: null }],
    ["what is gone is told", { a: 1 }, {}, { a: 1 }],
    ["a hash in the place of nothing", { a: null }, { a: { b: 1 } }, { a: null }],
  ];
  for (const [why, before, after, previous] of cases) {
    test(why, () => assert.deepEqual(previousAttributes(before, after), previous));
  }

  test("something has changed exactly when there is something to tell", () => {
    const value = fc.letrec((tie) => ({
      hash: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3 }),
      any: fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 1, "x"), fc.array(fc.nat(1), { maxLength: 2 }), tie("hash")),
    })).hash as fc.Arbitrary<object>;
    fc.assert(
      fc.property(value, value, (before, after) => {
        assert.equal(hasChanged(before, after), Object.keys(previousAttributes(before, after)).length > 0);
        assert.equal(hasChanged(before, structuredClone(before)), false);
      }),
    );
  });
});
