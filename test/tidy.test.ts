// The house rules, kept by a test each. What each says when it is broken is shown in test/tidy/*.test.ts.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { readHouse } from "./tidy/house.ts";
import { rules } from "./tidy/rules.ts";

const house = readHouse(path.resolve(import.meta.dirname, ".."));

for (const rule of rules) {
  test(rule.says, () => {
    assert.deepEqual(
      rule.find(house).map(({ where, what }) => `${where}: ${what}`),
      [],
    );
  });
}
