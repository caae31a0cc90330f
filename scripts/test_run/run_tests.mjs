// Started by test.mjs on the pinned Node, in the root: plays the given test files in the given order, where
// `node --test` would sort them by name and leave the longest alone at the end. Those that may share a process do.
//   node scripts/test_run/run_tests.mjs FILE…
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { groupsOf, leftOutOf, usesDatabases } from "./test_groups.ts";
import { readTold } from "./test_process.mjs";
import { createReport } from "./test_reporter.mjs";

const root = process.cwd();
// Two more than there are cores: a file often waits, for a browser, a database or a process of its own.
const concurrency = availableParallelism() + 2;
// A test, or a run, that lasts so long has hung, also on a machine that is many times slower than the aim of four
// minutes. A test is then named as failed; what it left running is ended with the run.
const isWhole = process.env.BURSAR_TEST_ALL === "1";
const testMinutesMax = isWhole ? 30 : 10;
const minutesMax = Number(process.env.BURSAR_TEST_MINUTES ?? (isWhole ? 60 : 20));

const pages = mkdtempSync(path.join(tmpdir(), "bursar-tests-"));
process.on("exit", () => rmSync(pages, { recursive: true }));
// A signal would end us without a word to those who clean up: at "exit" the pages go, and the prepared database.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
const asked = process.argv.slice(2);
// Beside a run of `npm test` the whole run need not repeat what that has played in full: files, and of those of which
// it leaves out PostgreSQL alone all that is on SQLite.
const isRest = process.env.BURSAR_TEST_REST === "1";
const leftOut = Map.groupBy(asked, (file) => (isRest ? leftOutOf(root, file) : "more"));
const files = asked.filter((file) => !leftOut.get("nothing")?.includes(file));
if (files.length < asked.length) console.log(`${asked.length - files.length} of them are played in full by npm test.`);
const pageOf = { more: {}, postgres: { BURSAR_TEST_ONLY_POSTGRES: "1" } };
const groups = new Map(
  Object.entries(pageOf)
    .flatMap(([what, env]) => groupsOf(root, leftOut.get(what) ?? []).map((names) => ({ names, env })))
    .map(({ names, env }, index) => [entryOf(names, { index, env }), names]),
);
const toldCpu = path.join(pages, "cpu.txt");
process.env.BURSAR_TEST_CPU = toldCpu;
const preload = new URL("test_process.mjs", import.meta.url).href;
if (files.some((file) => usesDatabases(root, file))) prepareTables();
const limits = { timeout: testMinutesMax * 60_000, signal: AbortSignal.timeout(minutesMax * 60_000) };
run({ files: [...groups.keys()], concurrency, execArgv: [`--import=${preload}`], ...limits })
  .on("test:fail", ({ todo }) => {
    if (todo === undefined) process.exitCode = 1;
  })
  .compose(createReport(groups, () => readTold(toldCpu)))
  .pipe(process.stdout);

/** Billing's tables, made once for all tests (src/kit/sql/prepared/testing.ts). */
function prepareTables() {
  process.env.BURSAR_TEST_PREPARED_FILE = path.join(pages, "prepared.db");
  if (!process.env.BURSAR_TEST_NO_POSTGRES) {
    process.env.BURSAR_TEST_PREPARED_DATABASE = `bursar_test_prepared_${process.pid}_${Date.now().toString(36)}`;
  }
  const run = (what) => {
    const args = [`--import=${preload}`, path.join(root, "src/billing/testing/prepare.ts"), what];
    return spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
  };
  process.on("exit", () => run("remove"));
  if (run("make")) return;
  console.log("Billing's tables could not be made; why is above.");
  process.exit(1);
}

/** What Node is given to start: the file itself, or a page that plays the group. */
function entryOf(files, { index, env }) {
  if (files.length === 1) return path.join(root, files[0]);
  const page = path.join(pages, `group_${index}.mjs`);
  const script = new URL("test_group.mjs", import.meta.url).href;
  const given = [pathToFileURL(`${root}/`).href, files, env].map((value) => JSON.stringify(value)).join(", ");
  writeFileSync(page, `import { playGroup } from "${script}";\nplayGroup(${given});\n`);
  return page;
}
