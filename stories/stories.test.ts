// Every story, on every database. Its transcript is committed: when the run says something else, this test writes what
// it said and fails, so that the difference is seen in the diff.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stories } from "./all.ts";
import { perform } from "./stage/stage.ts";

const folder = path.resolve(import.meta.dirname, "../docs/stories");

for (const story of stories) {
  onEachDatabase(`the story "${story.name}" is told as it is written`, async ({ engine, url }) => {
    const { transcript, testbed } = await perform(story, { database: url });
    await testbed.close();
    const file = path.join(folder, `${story.name}.md`);
    const written = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (byInstant(transcript) === byInstant(written)) return;
    if (engine === "sqlite") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, transcript);
    }
    assert.equal(transcript, written, `docs/stories/${story.name}.md was stale; look at the difference and commit it`);
  });
}

/**
 * Lanes run side by side, and time passes in slices that are short on a busy machine: which of two lines of one instant
 * comes first is the engine's and the machine's alone.
 */
function byInstant(transcript: string): string {
  const instants: string[][] = [];
  for (const line of transcript.split("\n")) {
    const last = instants.at(-1);
    if (last && line.startsWith("+") && last[0]?.startsWith(line.slice(0, line.indexOf("  ")))) last.push(line);
    else instants.push([line]);
  }
  return instants.map((lines) => lines.sort().join("\n")).join("\n");
}
