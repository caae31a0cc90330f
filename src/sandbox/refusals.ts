// Every refusal of the sandbox by the name of its row, for the pages that show them and the tests that read them.
import assert from "node:assert/strict";
import { rows as cliRefusals } from "./delivery/stripecli/refusals.table.ts";
import { common } from "./kernel/words/errors.table.ts";
import type { Refusals } from "./kernel/words/refusals.ts";
import { resources } from "./resources/index.ts";

export const allRefusals: Refusals = together([common, ...resources.map(({ refusals = {} }) => refusals), cliRefusals]);

function together(tables: readonly Refusals[]): Refusals {
  const rows = tables.flatMap((table) => Object.entries(table));
  const all = Object.fromEntries(rows);
  assert.equal(Object.keys(all).length, rows.length, "each refusal has a name of its own");
  return all;
}
