// The rules about what stands inside a file of code, each shown to fire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ambient } from "./rules/ambient.ts";
import { thrown } from "./rules/errors.ts";
import { kinds, testsAreTests } from "./rules/kinds.ts";
import { fewArguments, folderSizes, sizes } from "./rules/sizes.ts";
import { moduleState } from "./rules/state.ts";
import { machines, pageWaits, waits } from "./rules/tests.ts";
import { foundBy } from "./testing.ts";

test("a kind of file that nothing reads is found", () => {
  assert.match(foundBy(kinds, { "src/x.coffee": "" }), /x\.coffee: is of a kind that nothing reads/);
  assert.equal(foundBy(kinds, { "a.ts": "", "b.js": "", "c.mjs": "", "d.cjs": "", "e.tsx": "", "f.md": "" }), "");
});

test("a helper that calls itself a test is found", () => {
  assert.match(foundBy(testsAreTests, { "src/kit/world.test.ts": "export const a = 1;" }), /call it testing\.ts/);
  assert.equal(foundBy(testsAreTests, { "src/kit/a.test.ts": `test("a", () => {});` }), "");
});

const long = `export function f() {\n${"  g();\n".repeat(98)}}\n`;

test("long functions are found in every kind of code, and in what helps tests", () => {
  for (const file of ["x.ts", "x.js", "x.mjs", "x.cjs", "x.tsx", "testing.ts"]) {
    assert.match(foundBy(sizes, { [`src/kit/${file}`]: long }), /a function of 100 lines; 70 is the limit: give/, file);
  }
  assert.match(foundBy(sizes, { "src/testing/index.ts": long }), /a function of 100 lines/);
  assert.match(foundBy(sizes, { "src/sandbox/pages/stripe_js/x.js": long }), /a function of 100 lines/);
});

test("long files and lines are found; tables of data are exempt", () => {
  assert.match(foundBy(sizes, { "src/kit/x.ts": "g();\n".repeat(501) }), /501 lines; 500 is the limit/);
  assert.match(foundBy(sizes, { "src/kit/x.js": `// ${"x".repeat(120)}` }), /x\.js:1: 123 columns: break it/);
  assert.equal(foundBy(sizes, { "src/kit/x.table.ts": "g();\n".repeat(501) }), "");
});

test("a crowded folder is found; tests and tables of data are not counted", () => {
  const named = (end: string) => Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`src/kit/f${n}${end}`, ""]));
  assert.match(foundBy(folderSizes, named(".ts")), /src\/kit: 15 files of its own; 14 is the limit: group/);
  assert.equal(foundBy(folderSizes, { ...named(".test.ts"), ...named(".table.ts") }), "");
});

test("too many arguments are found; what a function works in comes first and is not counted", () => {
  const found = (parameters: string) => foundBy(fewArguments, { "src/kit/x.ts": `function f(${parameters}) {}` });
  assert.match(found("a, b, c, d"), /x\.ts:1: takes more than 3 arguments beside its context/);
  assert.equal(found("unit, noun, a, b, c"), "");
  assert.equal(found("{ api }, a, b, c"), "");
  assert.match(found("a, unit, b, c"), /takes more than 3/);
  assert.match(foundBy(fewArguments, { "src/kit/x.js": "const f = (a, b, c, d) => a;" }), /takes more than 3/);
});

test("reaching for time, chance, timers or the network is found, outside the wiring", () => {
  const reaches = [
    "Date.now()",
    "new Date()",
    "Math.random()",
    "setTimeout(f, 1)",
    "fetch(u)",
    "crypto.randomUUID()",
    "performance.now()",
    "AbortSignal.timeout(1)",
    "crypto.subtle.digest()",
    "new WeakRef(x)",
    "sql`select now()`",
    `import "node:timers/promises"`,
  ];
  for (const reach of reaches) {
    assert.match(foundBy(ambient, { "src/billing/x.ts": reach }), /take it from Ports/, reach);
    assert.match(foundBy(ambient, { "src/testing/x.ts": reach }), /take it from Ports/, reach);
    assert.equal(foundBy(ambient, { "src/kit/x.ts": reach }), "", reach);
  }
  assert.equal(foundBy(ambient, { "src/billing/x.ts": "new Date(at); ports.fetch(u); clock.sleep(1)" }), "");
});

test("state at module level is found", () => {
  for (const text of ["let count = 0;", "export const seen = new Map();", "const list: string[] = [];", "var x = 1;"]) {
    assert.match(foundBy(moduleState, { "src/kit/x.ts": text }), /is state at module level: make it where/, text);
  }
  assert.equal(foundBy(moduleState, { "src/kit/x.ts": `const names = new Set(["a"]); const max = 3;` }), "");
});

test("a bare error is found in both halves; what stands in for fetch fails as fetch does", () => {
  for (const half of ["billing", "sandbox", "testing"]) {
    const found = foundBy(thrown, { [`src/${half}/x.ts`]: `throw new RangeError("no");` });
    assert.match(found, /throws a bare Error: throw problem\(…\) when a caller can do something about it, else assert/);
  }
  assert.equal(foundBy(thrown, { "src/testing/x.ts": `throw new TypeError("fetch failed", { cause });` }), "");
});

test("a machine without a table test of every status is found", () => {
  const machine = { "src/sandbox/resources/lamps/lamp.ts": "export const lampMachine = defineMachine(lamps, no)({});" };
  assert.match(foundBy(machines, machine), /lampMachine has no table test beside it/);
  const beside = { "src/sandbox/resources/lamps/lamps.test.ts": "for (const a of lampMachine.actions) test(a);" };
  assert.equal(foundBy(machines, { ...machine, ...beside }), "");
});

test("a test that waits without an end is found", () => {
  const loops = [
    "while (!(await f()));",
    "while (n < 1) await f();",
    "do { await f(); } while (n);",
    "for (;;) await f();",
  ];
  for (const loop of loops) {
    for (const file of ["src/kit/x.test.ts", "src/cli/testing.ts", "src/billing/testing/x.ts", "test/x/y.ts"]) {
      assert.match(foundBy(waits, { [file]: loop }), /waits without an end: use until\(\)/, `${file}: ${loop}`);
    }
    assert.equal(foundBy(waits, { "src/kit/x.ts": loop }), "");
  }
  const ends = ["while (n < 1) f();", "for (const n of all) await f();", "for (let n = 0; n < 9; n++) await f();"];
  for (const loop of ends) assert.equal(foundBy(waits, { "src/kit/x.test.ts": loop }), "");
});

test("a test that has a page evaluate what it waits for is found", () => {
  const asked = { "src/kit/x.test.ts": 'await page.waitForFunction("isReady");' };
  assert.match(foundBy(pageWaits, asked), /whose policy may refuse it: use untilPageSays\(\)/);
  assert.equal(foundBy(pageWaits, { "src/kit/x.test.ts": 'await untilPageSays(page, "isReady");' }), "");
});
