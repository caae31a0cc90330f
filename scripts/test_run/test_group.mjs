// Plays test files one after the other in this process, each as a suite of its name, so that a test says which file it
// is from. run_tests.mjs writes a page for each group that calls it.
import { AsyncResource } from "node:async_hooks";
import { createRequire } from "node:module";
import { suite, test } from "node:test";
// What it drops after all tests would otherwise be dropped after its first file.
import "../../src/kit/sql/testing.ts";
import { tell, usedMs } from "./test_process.mjs";

/** `files` as they are named from the root; `env` for all of them. */
export function playGroup(root, files, env) {
  Object.assign(process.env, env);
  const require = createRequire(root);
  // One test around all: without it, all tests would seem to be over whenever the next file is being loaded.
  test("a group", async () => {
    // node:test asks who is at work to know whose tests they are; behind an await it is nobody (test_process.mjs).
    const group = new AsyncResource("group");
    let before = 0;
    for (const file of files) {
      await group.runInAsyncScope(() => suite(file, () => void require(`./${file}`)));
      const now = usedMs();
      tell(file, now - before);
      before = now;
    }
  });
}
