import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const file = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Loaded before the program: the process says that it is another Node. */
const isOld = `data:text/javascript,${encodeURIComponent(`
  Object.defineProperty(process, "version", { value: "v16.20.2" });
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "16.20.2" } });
`)}`;

const entries: readonly (readonly [name: string, wanted: number, readBefore: readonly string[]])[] = [
  ["bin/bursar.js", 24, []],
  ["scripts/start.mjs", 18, ["scripts/ensure_node.mjs"]],
];

for (const [name, wanted, readBefore] of entries) {
  test(`${name} tells an older Node which one is needed, and which one it is`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", isOld, file(name), "--version"], {
      encoding: "utf8",
    });
    assert.match(stderr, new RegExp(`^Bursar needs Node ${wanted} or newer.*; this is Node v16\\.20\\.2\\.`));
    assert.match(stderr, /https:\/\/nodejs\.org/);
    assert.doesNotMatch(stderr, /^ {4}at /m, "no stack");
    assert.deepEqual([status, stdout], [1, ""]);
  });

  test(`${name} is read whole by Node 12, so that it can say so`, async () => {
    for (const each of [name, ...readBefore]) {
      const source = readFileSync(file(each), "utf8");
      const as = async (target: string) => (await transform(source, { target, format: "esm" })).code;
      assert.equal(await as("node12.22"), await as("esnext"), `${each} has syntax that is newer`);
    }
  });
}

test("every entry point of the package tells it too, before anything fails inside", () => {
  const { exports } = JSON.parse(readFileSync(file("package.json"), "utf8")) as { exports: Record<string, string> };
  const names = Object.values(exports).filter((name) => name.endsWith(".ts"));
  assert.equal(names.length, 4);
  for (const name of names) {
    const { status, stderr } = spawnSync(process.execPath, ["--import", isOld, file(name)], { encoding: "utf8" });
    assert.match(stderr, /Bursar needs Node 24 or newer; this is Node v16\.20\.2\./, name);
    assert.equal(status, 1, name);
  }
});

test("what an entry point reads has no import that an older Node lacks", () => {
  const lacking = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({ resolve: (name, context, next) => {
      if (name === "node:sqlite") throw new Error("No such built-in module: " + name);
      return next(name, context);
    } });
  `)}`;
  const options = { encoding: "utf8" } as const;
  for (const name of ["src/billing/index.ts", "src/testing/index.ts"]) {
    const { status, stderr } = spawnSync(process.execPath, ["--import", lacking, file(name)], options);
    assert.deepEqual([stderr, status], ["", 0], name);
  }
});

test("what start.mjs asks for is what package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync(file("package.json"), "utf8")) as { engines: { node: string } };
  assert.equal(engines.node, `>=${entries[1]?.[1]}`);
});
