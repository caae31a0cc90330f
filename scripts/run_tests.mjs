// Started by test.mjs on the pinned Node, in the root: plays the given test files in the given order, where
// `node --test` would sort them by name and leave the longest alone at the end. Those that may share a process do.
//   node scripts/run_tests.mjs FILE…
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { groupsOf } from "./test_groups.ts";
import { createReport } from "./test_reporter.mjs";

const root = process.cwd();
// Two more than there are cores: a file often waits, for a browser, a database or a process of its own.
const concurrency = availableParallelism() + 2;
// A run that lasts so long has hung, also on a machine that is many times slower than the aim of four minutes.
const minutesMax = Number(process.env.BURSAR_TEST_MINUTES ?? (process.env.BURSAR_TEST_ALL === "1" ? 90 : 45));

const pages = mkdtempSync(path.join(tmpdir(), "bursar-tests-"));
process.on("exit", () => rmSync(pages, { recursive: true }));
const groups = new Map(groupsOf(root, process.argv.slice(2)).map((files, index) => [entryOf(files, index), files]));
run({ files: [...groups.keys()], concurrency, signal: AbortSignal.timeout(minutesMax * 60_000) })
  .on("test:fail", ({ todo }) => {
    if (todo === undefined) process.exitCode = 1;
  })
  .compose(createReport(groups))
  .pipe(process.stdout);

/** What Node is given to start: the file itself, or a page that plays the group. */
function entryOf(files, index) {
  if (files.length === 1) return path.join(root, files[0]);
  const page = path.join(pages, `group_${index}.mjs`);
  const script = new URL("test_group.mjs", import.meta.url).href;
  const given = [pathToFileURL(`${root}/`).href, files].map((value) => JSON.stringify(value)).join(", ");
  writeFileSync(page, `import { playGroup } from "${script}";\nplayGroup(${given});\n`);
  return page;
}
