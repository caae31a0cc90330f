// What the names mean that `npm test` is given.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";

/** Plain JavaScript, for any Node that starts `npm test`. */
interface Script {
  testFiles(root: string): string[];
  namedFiles(root: string, all: readonly string[], names: readonly string[]): string[];
}
const { namedFiles, testFiles }: Script = createRequire(import.meta.url)("./test_files.mjs");

function folderOf(t: TestContext): string {
  const root = mkdtempSync(path.join(tmpdir(), "bursar-files-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const file of ["src/a.test.ts", "src/deep/b.test.ts", "src/deep/b.ts", "srcs/c.test.ts", "var/d.test.ts"]) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), "");
  }
  return root;
}

test("every test file in a folder of ours is found", (t) => {
  assert.deepEqual(testFiles(folderOf(t)).toSorted(), ["src/a.test.ts", "src/deep/b.test.ts", "srcs/c.test.ts"]);
});

const meanings: Readonly<Record<string, readonly [names: readonly string[], files: readonly string[]]>> = {
  "a file is itself": [["srcs/c.test.ts"], ["srcs/c.test.ts"]],
  "a folder is the test files in it": [["src"], ["src/a.test.ts", "src/deep/b.test.ts"]],
  "a folder's name may end with a slash": [["./src/deep/"], ["src/deep/b.test.ts"]],
  "what is named twice is played once": [
    ["src/a.test.ts", "src/."],
    ["src/a.test.ts", "src/deep/b.test.ts"],
  ],
};

for (const [name, [names, files]] of Object.entries(meanings)) {
  test(name, (t) => {
    const root = folderOf(t);
    assert.deepEqual(namedFiles(root, testFiles(root).toSorted(), names), files);
  });
}

test("what is not there, and a folder without tests, is refused by name", (t) => {
  const root = folderOf(t);
  assert.throws(() => namedFiles(root, testFiles(root), ["src", "nowhere.test.ts", "var"]), {
    message: `There is no test file nowhere.test.ts, no var. Files and folders are named from ${root}.`,
  });
});
