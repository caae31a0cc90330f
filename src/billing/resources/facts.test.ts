// Facts, as the rooms' tables have them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { facts, factTypes, manifests } from "./index.ts";

test("every fact stands in one room's table, and all are in the list", () => {
  const told = manifests.flatMap((manifest) => Object.keys(manifest.facts));
  assert.deepEqual([...told].sort(), [...factTypes].sort());
});

test("every fact has a sentence, and an example that its schema takes and nothing beside it", () => {
  for (const type of factTypes) {
    const { doc, data, example, subject } = facts[type];
    assert.match(doc, /^[A-Z].*\.$/, type);
    assert.deepEqual(data.parse(example), example, type);
    assert.equal(data.safeParse({ ...example, more: 1 }).success, false, `${type}: more than it says`);
    assert.equal(typeof Object.getOwnPropertyDescriptor(example, subject)?.value, "string", type);
  }
});
