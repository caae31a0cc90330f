// Loaded into every process of a test run before its tests (run_tests.mjs): what makes tests cheaper, and what they
// cost the processor, file by file.
import hooks from "node:async_hooks";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";
import "../../bin/near.mjs";

// node:test follows every promise, to know whose error it is when nobody catches one. That is a fifth of what tests
// take. Without it such an error still fails the run, and the file is told by where it was made.
const { createHook } = hooks;
hooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
if (process.env.NODE_TEST_CONTEXT) {
  // On standard output, which the runner reads to its end before it says that a file is over.
  for (const name of ["unhandledRejection", "uncaughtException"]) process.on(name, (error) => console.log(error));
  // Where nobody reads any more, the runner was killed: to say so is one more error to be said, for ever.
  process.stdout.on("error", () => process.exit(1));
}

// Source that has changed is stripped of its types once, in WebAssembly: V8 would optimize that for more than it gives.
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");

const told = process.env.BURSAR_TEST_CPU;
const [, entry = ""] = process.argv;
// Of a group each file is told by test_group.mjs.
if (isMainThread && process.env.NODE_TEST_CONTEXT && entry.endsWith(".test.ts")) {
  process.on("exit", () => tell(path.relative(process.cwd(), entry), usedMs() + childrenMs()));
}

/** What this process has used of the processor until now. */
export function usedMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

export function tell(file, ms) {
  if (told) appendFileSync(told, `${JSON.stringify([file, ms])}\n`);
}

/** What has been told, as [file, milliseconds]; nothing where no process has come to its end. */
export function readTold(from) {
  const lines = existsSync(from) ? readFileSync(from, "utf8").trim().split("\n") : [];
  return lines.map((line) => JSON.parse(line));
}

/** What its children have used that have ended, and theirs. Only Linux tells. */
function childrenMs() {
  if (!existsSync("/proc/self/stat")) return 0;
  const [, afterName = ""] = readFileSync("/proc/self/stat", "utf8").split(") ");
  const [user, system] = afterName.split(" ").slice(13, 15).map(Number);
  return (user + system) * msPerTick;
}

const msPerTick = 10; // Linux counts in hundredths of a second for programs, whatever it does inside.
