import assert from "node:assert/strict";
import { test } from "node:test";
import { writeReference } from "../scripts/reference/pages.ts";

test("the pages of docs/reference say what the tables say", async () => {
  assert.deepEqual(await writeReference(), [], "stale pages were rewritten: commit them");
});
