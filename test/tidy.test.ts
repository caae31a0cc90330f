// The house rules, kept by a test. Each rule is also shown to fire: a check that cannot fail is none.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { entryPoints, layers, resourceOrder, wiring } from "./tidy/architecture.table.ts";
import { ambient, moduleState, sizes, unfinishedWork } from "./tidy/code.ts";
import { againstTheArrows, cycles, unwanted, upwardCalls } from "./tidy/imports.ts";
import { type Finding, parse, type SourceFile } from "./tidy/source.ts";

const root = path.resolve(import.meta.dirname, "..");

function repository(): SourceFile[] {
  return ["src", "test", "stories", "bench", "examples", "scripts"]
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((file) => `${folder}/${String(file)}`),
    )
    .filter((file) => file.endsWith(".ts") && !file.includes("/node_modules/"))
    .sort()
    .map((file) => parse(file, readFileSync(path.join(root, file), "utf8")));
}

const lines = (findings: readonly Finding[]) => findings.map((finding) => `${finding.where}: ${finding.what}`);
const files = repository();

test("nobody imports against the arrows of the architecture", () => {
  assert.deepEqual(lines(againstTheArrows(files, layers)), []);
});

test("no resource calls up the order", () => {
  assert.deepEqual(lines(upwardCalls(files, resourceOrder)), []);
});

test("there is no cycle of imports", () => {
  assert.deepEqual(lines(cycles(files)), []);
});

test("there is no file that nobody imports", () => {
  assert.deepEqual(lines(unwanted(files, entryPoints)), []);
});

test("functions, files and lines stay small", () => {
  assert.deepEqual(lines(files.flatMap(sizes)), []);
});

test("time, chance, timers and the network are arguments", () => {
  assert.deepEqual(lines(files.flatMap((file) => ambient(file, wiring))), []);
});

test("no module keeps mutable state", () => {
  assert.deepEqual(lines(files.flatMap(moduleState)), []);
});

test("nothing unfinished is merged", () => {
  assert.deepEqual(lines(files.filter((file) => !file.path.startsWith("test/tidy")).flatMap(unfinishedWork)), []);
});

// ---- each rule, shown to fire

const one = (file: string, text: string) => [parse(file, text)];

test("the arrows: sandbox and billing may not know each other", () => {
  const found = againstTheArrows(one("src/billing/kernel/x.ts", `import { a } from "../../sandbox/index.ts";`), layers);
  assert.match(lines(found).join(), /src\/billing\/kernel may not import/);
});

test("the arrows: only the gateway takes values from stripe", () => {
  const text = `import Stripe from "stripe";`;
  assert.equal(againstTheArrows(one("src/billing/kernel/inbox/accept.ts", text), layers).length, 1);
  assert.equal(againstTheArrows(one("src/billing/kernel/stripe/gateway.ts", text), layers).length, 0);
  assert.equal(
    againstTheArrows(one("src/billing/kernel/inbox/accept.ts", `import type S from "stripe";`), layers).length,
    0,
  );
});

test("the arrows: a file outside every layer is told so", () => {
  assert.match(lines(againstTheArrows(one("src/misc.ts", ""), layers)).join(), /no layer/);
});

test("the order: a lower resource may not call a higher one", () => {
  const text = `import { a } from "../payment_intents/index.ts";`;
  assert.match(
    lines(upwardCalls(one("src/sandbox/resources/charges/actions.ts", text), resourceOrder)).join(),
    /calls up/,
  );
  const down = `import { a } from "../charges/index.ts";`;
  assert.deepEqual(upwardCalls(one("src/sandbox/resources/payment_intents/actions.ts", down), resourceOrder), []);
});

test("cycles are found, also through a third file", () => {
  const ring = [
    parse("src/kit/a.ts", `import { b } from "./b.ts";`),
    parse("src/kit/b.ts", `import { c } from "./c.ts";`),
    parse("src/kit/c.ts", `import { a } from "./a.ts";`),
  ];
  assert.match(lines(cycles(ring)).join(), /a\.ts → src\/kit\/b\.ts → src\/kit\/c\.ts → src\/kit\/a\.ts/);
});

test("a file nobody imports is found", () => {
  assert.equal(unwanted(one("src/kit/lonely.ts", ""), []).length, 1);
  assert.equal(unwanted(one("src/kit/lonely.ts", ""), ["src/kit/lonely.ts"]).length, 0);
});

test("long functions, files and lines are found; tables of data are exempt", () => {
  const long = `export function f() {\n${"  g();\n".repeat(70)}}\n`;
  assert.match(lines(sizes(parse("src/kit/x.ts", long))).join(), /a function of 72 lines/);
  assert.match(lines(sizes(parse("src/kit/x.ts", "g();\n".repeat(501)))).join(), /501 lines/);
  assert.match(lines(sizes(parse("src/kit/x.ts", `// ${"x".repeat(120)}`))).join(), /123 columns/);
  assert.deepEqual(sizes(parse("src/kit/x.table.ts", "g();\n".repeat(501))), []);
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
    assert.equal(ambient(parse("src/billing/x.ts", reach), wiring).length, 1, reach);
    assert.equal(ambient(parse("src/kit/x.ts", reach), wiring).length, 0, reach);
  }
  assert.deepEqual(ambient(parse("src/billing/x.ts", "new Date(at); ports.fetch(u); clock.sleep(1)"), wiring), []);
});

test("state at module level is found", () => {
  for (const text of ["let count = 0;", "export const seen = new Map();", "const list: string[] = [];", "var x = 1;"]) {
    assert.equal(moduleState(parse("src/kit/x.ts", text)).length, 1, text);
  }
  assert.deepEqual(moduleState(parse("src/kit/x.ts", `const names = new Set(["a"]); const max = 3;`)), []);
});

test("unfinished work is found", () => {
  assert.equal(unfinishedWork(parse("src/kit/x.ts", `// ${["FIX", "ME"].join("")}: later`)).length, 1);
});
