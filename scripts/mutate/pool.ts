// The processes that try mutants: as many as there are jobs, each with one thing to do at a time. One that does not
// answer, or has tried many, is replaced by a fresh one.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Begun, Measure, Measured, Played, Tried, Try } from "./messages.ts";

/** Many times what the slowest test needs on a busy machine: a mutant that never ends is noticed too. */
const testMaxMs = 120_000;
const endMaxMs = 10_000;
/** Tests that failed leave something behind. */
const triesPerProcessMax = 150;

export interface Pool {
  measure(file: string): Promise<Measured>;
  /**
   * @param asked is called when its turn has come.
   * @param isAtLoad in a process of its own, which bears the mutant while it reads.
   */
  try<Test extends Played>(
    asked: () => { readonly mutant: number; readonly tests: readonly Test[] },
    isAtLoad: boolean,
  ): Promise<{ readonly by: Test | null; readonly failure: string }>;
  close(): Promise<void>;
}

interface Worker {
  readonly child: ChildProcess;
  tries: number;
}

/** @param copy the folder of the mutated tree, where the workers run. */
export function createPool({ copy, jobs }: { copy: string; jobs: number }): Pool {
  const all = new Set<ChildProcess>();
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  let free = jobs;
  const start = (mutant?: number): Worker => {
    const child = startWorker(copy, mutant);
    all.add(child);
    child.once("exit", () => all.delete(child));
    return { child, tries: 0 };
  };
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
  const askOnce = async <T extends object>(
    message: Measure | Try,
    worker: Worker,
    isLast = false,
  ): Promise<T | Hung> => {
    const answer = await ask<T>(worker.child, message);
    if (isHung(answer) || isLast || ++worker.tries >= triesPerProcessMax) void end(worker.child);
    else idle.push(worker);
    return answer;
  };
  return {
    measure: (file) =>
      inTurn(async () => {
        const measured = await askOnce<Measured>({ kind: "measure", file }, idle.pop() ?? start());
        if (!isHung(measured)) return measured;
        throw new Error(`${file} does not end, or cannot be read, without any mutant`);
      }),
    try: (asked, isAtLoad) =>
      inTurn(async () => {
        const { mutant, tests } = asked();
        const worker = isAtLoad ? start(mutant) : (idle.pop() ?? start());
        const played = tests.map(({ file, index, asks }) => ({ file, index, asks }));
        const tried = await askOnce<Tried>({ kind: "try", mutant, tests: played }, worker, isAtLoad);
        const { by, failure } = isHung(tried) ? { by: tried.begun, failure: "it did not end" } : tried;
        return { by: by === null ? null : (tests[by] ?? null), failure };
      }),
    close: async () => {
      await Promise.all([...all].map(end));
    },
  };
}

function startWorker(copy: string, mutant?: number): ChildProcess {
  return fork(path.join(copy, "scripts/mutate/worker.ts"), [], {
    cwd: copy,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      TMPDIR: path.join(copy, "tmp"),
      NODE_COMPILE_CACHE: path.join(copy, "compiled"),
      BURSAR_TEST_POSTGRES: "all",
      ...(mutant !== undefined && { BURSAR_MUTANT: String(mutant) }),
    },
  });
}

/** It puts away what its tests have made, unless it does not answer any more. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), endMaxMs);
  const ended = once(child, "exit");
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(timer);
}

/** What it had begun when it ended without an answer, or gave none in time. */
interface Hung {
  readonly begun: number;
}

function isHung(answer: object): answer is Hung {
  return "begun" in answer;
}

function ask<T extends object>(child: ChildProcess, message: Measure | Try): Promise<T | Hung> {
  return new Promise((resolve) => {
    let begun = 0;
    const answer = (said: T | Hung) => {
      clearTimeout(timer);
      child.off("message", hear).off("exit", hang).off("error", hang);
      resolve(said);
    };
    const hang = () => answer({ begun });
    const hear = (said: Begun | T) => {
      if (!isHung(said)) return answer(said);
      begun = said.begun;
      clearTimeout(timer);
      timer = setTimeout(hang, testMaxMs);
    };
    let timer = setTimeout(hang, testMaxMs);
    child.on("message", hear).on("exit", hang).on("error", hang);
    child.send(message);
  });
}
