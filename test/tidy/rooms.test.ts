import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { layers } from "./architecture.table.ts";

const page = readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8");

/** The first column of the table that follows the words. */
function rowsAfter(words: string): string[] {
  const from = page.indexOf(words);
  assert.ok(from >= 0, `ARCHITECTURE.md says: ${words}`);
  const [, table = ""] = page.slice(from).split("|---|---|\n");
  const end = table.indexOf("\n\n");
  return [...table.slice(0, end).matchAll(/^\| `(\w+)` \|/gm)].map(([, room = ""]) => room);
}

for (const { place, words } of [
  { place: "src/sandbox/kernel", words: "**The sandbox's kernel.**" },
  { place: "src/billing/kernel", words: "**Billing's kernel.**" },
]) {
  test(`ARCHITECTURE.md has a line for each room of ${place}, bottom to top`, () => {
    const rooms = layers
      .map((layer) => layer.place)
      .filter((one) => one.startsWith(`${place}/`) && !one.endsWith(".ts"));
    assert.deepEqual(
      rowsAfter(words),
      rooms.map((room) => room.slice(place.length + 1)),
    );
  });
}
