// What `npm test` makes of files that share a process, of those that may not, and of one that never ends.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { groupsOf, leftOutOf } from "./test_groups.ts";

const shared: Readonly<Record<string, string>> = {
  "asks for its number": "process.pid",
  "speaks of a process in a comment": "// It ends its process.",
  "hands a process a program": 'const program = "process.exit()";',
  "imports a helper that needs nothing": 'import "./quiet/testing.ts";',
  "imports product code": 'import "../cli/exec.ts";',
};
const alone: Readonly<Record<string, string>> = {
  "starts a process": 'import { spawn } from "node:child_process";',
  "starts a thread": 'import {\n  Worker,\n} from "node:worker_threads";',
  "imports a helper that starts a browser": 'import { startBrowser } from "#kit/browser/testing.ts";',
  "imports a helper whose helper starts a process": 'import "./loud/testing.ts";',
  "measures the process": "process.memoryUsage();",
  "measures how long it took": "performance.now();",
  "listens to the process": 'process.on("exit", () => {});',
  "changes the environment": 'process.env.PATH = "";',
  "awaits while it is loaded": "const one = await 1;",
  "awaits while it is loaded, in brackets": "const {\n  one,\n} = (await import(two)) as Three;",
  "changes what all share": "globalThis.fetch = undefined;",
};
const helpers = {
  "cli/exec.ts": 'import { spawn } from "node:child_process";',
  "src/kit/browser/testing.ts": 'import { chromium } from "playwright-core";',
  "test/quiet/testing.ts": 'export const name = "quiet";',
  "test/loud/testing.ts": 'import "./again/testing.ts";',
  "test/loud/again/testing.ts": 'import "../testing.ts";\nimport { spawn } from "node:child_process";',
};

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), "bursar-groups-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), `${text}\n`);
  }
  return root;
}

const testFile = (name: string) => `test/${name.replaceAll(" ", "_")}.test.ts`;

for (const [name, text] of Object.entries(shared)) {
  test(`a file that ${name} shares a process`, (t) => {
    const files = [testFile(name), testFile("other")];
    const root = folderOf(t, { ...helpers, [testFile(name)]: text, [testFile("other")]: "" });
    assert.deepEqual(groupsOf(root, files), [files]);
  });
}

for (const [name, text] of Object.entries(alone)) {
  test(`a file that ${name} has a process of its own`, (t) => {
    const [file, other, third] = [testFile(name), testFile("other"), testFile("third")];
    const root = folderOf(t, { ...helpers, [file]: text, [other]: "", [third]: "" });
    assert.deepEqual(groupsOf(root, [other, file, third]), [[file], [other, third]]);
  });
}

test("what most tests import keeps none of them alone", () => {
  const files = ["src/kit/clock.test.ts", "src/billing/resources/orders/create.test.ts", "src/sandbox/echoes.test.ts"];
  assert.deepEqual(groupsOf(fileURLToPath(new URL("../..", import.meta.url)), files), [files]);
});

test("who is alone and who shares take turns, and groups begin with the first of those given", (t) => {
  const [first, second] = ["first", "second"].map(testFile) as [string, string];
  const others = Array.from({ length: 48 }, (_none, index) => testFile(`number ${index}`));
  const loud = 'import "./loud/testing.ts";';
  const root = folderOf(t, { ...helpers, ...Object.fromEntries(others.map((file) => [file, ""])) });
  for (const file of [first, second]) writeFileSync(path.join(root, file), `${loud}\n`);
  const everySecond = (from: number) => others.filter((_file, at) => at % 2 === from);
  assert.deepEqual(groupsOf(root, [...others, first, second]), [[first], everySecond(0), [second], everySecond(1)]);
});

test("groups are of about one size, and every file is in one", (t) => {
  const files = Array.from({ length: 49 }, (_none, index) => testFile(`number ${index}`));
  const root = folderOf(t, Object.fromEntries(files.map((file) => [file, ""])));
  const groups = groupsOf(root, files);
  assert.deepEqual(groups.flat().toSorted(), files.toSorted());
  assert.deepEqual(
    groups.map(({ length }) => length),
    [17, 16, 16],
  );
});

const says = (name: string, work: string) => `import { test } from "node:test";\ntest("${name}", ${work});`;
const bodies = {
  good: says("good works", "() => {}"),
  bad: says("bad breaks", '() => { throw new Error("broken"); }'),
  lost: 'import "./nowhere.ts";',
  dead: says("dead dies", '() => { process["exit"](0); }'),
  messy: `import { after } from "node:test";\nafter(() => { throw new Error("left"); });`,
  adrift: says("adrift lets go", 'async () => {\n  await 1;\n  void Promise.reject(new Error("nobody\'s"));\n}'),
  stuck: says("stuck waits", "() => new Promise(() => setInterval(() => {}, 60_000))"),
};

/** Plays these as one group, and answers what was printed. */
function play(t: TestContext, names: readonly (keyof typeof bodies)[], env: NodeJS.ProcessEnv = {}) {
  const files = names.map((name, index) => testFile(`${index} ${name}`));
  const root = folderOf(t, Object.fromEntries(names.map((name, index) => [files[index], bodies[name]])));
  const runner = fileURLToPath(new URL("run_tests.mjs", import.meta.url));
  // What says that we are a test ourselves would make the runner report to nobody.
  const { NODE_TEST_CONTEXT: _ours, ...inherited } = process.env;
  const given = { cwd: root, env: { ...inherited, ...env }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...files], given);
  return { status, printed: stdout + stderr };
}

test("a group tells of each of its files, and of a failure where it was", (t) => {
  const { status, printed } = play(t, ["good", "bad", "lost", "good", "messy"]);
  assert.equal(status, 1);
  assert.match(printed, /^\[1\/5] test\/0_good.test.ts {2}1 passed/m);
  assert.match(printed, /^FAILED bad breaks\n {2}test\/1_bad.test.ts\n {2}Error: broken\n.*1_bad.test.ts:2/m);
  assert.match(printed, /^\[2\/5] test\/1_bad.test.ts {2}0 passed, 1 FAILED/m);
  assert.match(printed, /^FAILED test\/2_lost.test.ts\n {2}test\/2_lost.test.ts\n.*nowhere.ts/m);
  assert.match(printed, /^\[4\/5] test\/3_good.test.ts {2}1 passed/m);
  assert.match(printed, /^FAILED test\/4_messy.test.ts\n {2}test\/4_messy.test.ts\n {2}Error: left/m);
  assert.match(printed, /^most of the processor's [\d.]+ s: test\/\d_\w+.test.ts [\d.]+ s, /m);
  assert.match(printed, /^2 passed, 3 failed, 0 skipped$/m);
});

test("a file whose runner was killed ends, and does not tell nobody for ever", async (t) => {
  const name = testFile("0 many");
  const many = `import { test } from "node:test";
for (let n = 0; n < 2_000; n++) test(String(n), () => new Promise((done) => setTimeout(done, 5)));`;
  const root = folderOf(t, { [name]: many });
  const preload = fileURLToPath(new URL("test_process.mjs", import.meta.url));
  const env = { ...process.env, NODE_TEST_CONTEXT: "child-v8" };
  const file = spawn(process.execPath, [`--import=${preload}`, name], { cwd: root, env });
  t.after(() => file.kill("SIGKILL"));
  await once(file.stdout, "data");
  file.stdout.destroy();
  assert.deepEqual(await once(file, "exit"), [1, null]);
});

test("an error that nobody catches is a failure, and says where it came from", (t) => {
  const { status, printed } = play(t, ["good", "adrift", "good"]);
  assert.equal(status, 1);
  assert.match(
    printed,
    /^FAILED an error that nobody caught\n {2}test\/0_good.*1_adrift.test.ts.*\n.*Error: nobody's/m,
  );
  assert.match(printed, /^ {2}Error: nobody's\n.*1_adrift.test.ts:4/m);
  assert.match(printed, /^3 passed, 1 failed, 0 skipped$/m);
});

test("a file that ends the process is a failure, and so are those behind it", (t) => {
  const { status, printed } = play(t, ["dead", "good"]);
  assert.equal(status, 1);
  assert.match(printed, /^FAILED did not end.*\n {2}test\/0_dead.test.ts/m);
  assert.match(printed, /^FAILED was not reached\n {2}test\/1_good.test.ts/m);
});

test("what fails after all tests of a file that is alone is told", (t) => {
  const { status, printed } = play(t, ["messy"]);
  assert.equal(status, 1);
  assert.match(printed, /^FAILED it holds no test, or its tests were lost\n {2}test\/0_messy.test.ts/m);
  assert.match(printed, /^FAILED what was to be done after all tests\n {2}test\/0_messy.test.ts\n {2}Error: left/m);
});

test("a file that never ends is named when the time is over", (t) => {
  const { status, printed } = play(t, ["stuck", "good"], { BURSAR_TEST_MINUTES: "0.05" });
  assert.equal(status, 1);
  assert.match(printed, /^FAILED did not end.*\n {2}test\/0_stuck.test.ts/m);
  assert.match(printed, /^FAILED was not reached\n {2}test\/1_good.test.ts/m);
});

const leftOut: Readonly<Record<string, readonly [text: string, what: ReturnType<typeof leftOutOf>]>> = {
  "asks how many cases to play": ['import { cases, until } from "#kit/testing.ts";', "more"],
  "waits with the same helper": ['import { until } from "#kit/testing.ts";', "nothing"],
  "imports a helper that asks": ['import "./asks/testing.ts";', "more"],
  "is played on each database": ['import "#kit/sql/testing.ts";', "postgres"],
  "is played on each database, and asks": ['import "#kit/sql/testing.ts";\nimport "./asks/testing.ts";', "more"],
};

for (const [name, [text, what]] of Object.entries(leftOut)) {
  test(`of a file that ${name} npm test leaves out ${what}`, (t) => {
    const asks = 'import { isWholeRun } from "#kit/testing.ts";';
    const helping = { "test/asks/testing.ts": asks, "src/kit/sql/testing.ts": asks };
    assert.equal(leftOutOf(folderOf(t, { ...helpers, ...helping, [testFile(name)]: text }), testFile(name)), what);
  });
}
