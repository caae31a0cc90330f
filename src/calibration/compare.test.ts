import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesBetween, shapeOf } from "./compare.ts";

test("the shape of an answer is its paths with their types, and all of a list count as one", () => {
  const lines = [
    { amount: 1, tax: null },
    { amount: null, metadata: { a: "1" } },
  ];
  assert.deepEqual(
    [...shapeOf({ id: "in_1", paid: true, lines, list: [], hash: {}, metadata: null })],
    [
      ["id", "string"],
      ["paid", "boolean"],
      ["lines[].amount", "null | number"],
      ["lines[].tax", "null"],
      ["lines[].metadata", "map"],
      ["list", "list"],
      ["hash", "object"],
      ["metadata", "null"],
    ],
  );
});

test("what only one of two has, and what is of another type, is a difference", () => {
  const differences = differencesBetween(
    shapeOf({ id: "a", gone: 1, same: {} }),
    shapeOf({ same: {}, id: 1, more: [] }),
  );
  assert.deepEqual(differences, [
    { path: "id", expected: "string", actual: "number" },
    { path: "gone", expected: "number", actual: "absent" },
    { path: "more", expected: "absent", actual: "list" },
  ]);
});

test("whose keys are the caller's own counts as one", () => {
  assert.deepEqual(differencesBetween(shapeOf({ metadata: { a: "1" } }), shapeOf({ metadata: {} })), []);
});
