// Which faults the mutation run plants.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { mutantsOf, planted } from "./mutants.ts";
import { targets } from "./targets.table.ts";

const root = path.resolve(import.meta.dirname, "../..");

function changesOf(source: string): string[] {
  return mutantsOf("a.ts", source).map((mutant) => planted(source, mutant));
}

test("a comparison is moved by one and turned round", () => {
  assert.deepEqual(changesOf("x = a < b;"), [";", "x = a <= b;"]);
  assert.deepEqual(changesOf("x = a === b;"), [";", "x = a !== b;"]);
});

test("a condition is taken for true and for false, and a statement is left out", () => {
  assert.deepEqual(changesOf("if (a) b();"), ["if (true) b();", "if (false) b();", "if (a) ;"]);
  assert.deepEqual(changesOf("const x = a ? b : c;"), ["const x = true ? b : c;", "const x = false ? b : c;"]);
});

test("an operator of a query is a comparison like another", () => {
  assert.deepEqual(changesOf('const q = db.where("a", "<", b);'), ['const q = db.where("a", "<=", b);']);
});

test("what only a person reads is left alone", () => {
  const source = 'import a from "a";\ntype T = true;\ncore.log.info("a", { b: true });\nconst t = "a" + b;';
  assert.deepEqual(changesOf(source), []);
});

test("every file and test that the table names is there", () => {
  for (const { files, tests } of targets) {
    for (const place of [...files, ...tests]) assert.ok(statSync(path.join(root, place)), place);
    for (const folder of files.filter((place) => place.endsWith("/"))) {
      assert.ok(
        readdirSync(path.join(root, folder)).some((name) => name.endsWith(".ts")),
        folder,
      );
    }
  }
});
