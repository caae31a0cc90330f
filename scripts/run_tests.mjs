// Started by test.mjs on the pinned Node: plays the given test files in the given order, where `node --test` would sort
// them by name and leave the longest alone at the end.
//   node run_tests.mjs FILE…
import { availableParallelism } from "node:os";
import { run } from "node:test";
import report from "./test_reporter.mjs";

// Two more than there are cores: a file often waits, for a browser, a database or a process of its own.
const concurrency = availableParallelism() + 2;
run({ files: process.argv.slice(2), concurrency })
  .on("test:fail", ({ todo }) => {
    if (todo === undefined) process.exitCode = 1;
  })
  .compose(report)
  .pipe(process.stdout);
