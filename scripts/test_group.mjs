// Plays test files one after the other in this process, each as a suite of its name, so that a test says which file it
// is from. run_tests.mjs writes a page for each group that calls it.
import { suite, test } from "node:test";
// What it drops after all tests would otherwise be dropped after its first file.
import "../src/kit/sql/testing.ts";

/** `files` as they are named from the root. */
export function playGroup(root, files) {
  // One test around all: without it, all tests would seem to be over whenever the next file is being loaded.
  test("a group", async () => {
    for (const file of files) await suite(file, () => import(new URL(file, root).href));
  });
}
