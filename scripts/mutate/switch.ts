// Which mutant is planted. The mutated sources ask; the process that tries them answers, for each run of a test apart:
// what a test leaves behind goes on under the mutant that it was begun with.
import { AsyncLocalStorage } from "node:async_hooks";

/** One test under one mutant, or under none. */
export interface Run {
  readonly planted: number | null;
  /** The mutants that were asked for, and how often. */
  readonly reached: Map<number, number>;
  asks: number;
  /** A run that asks more often has a loop that does not end. */
  readonly asksMax: number;
  /** Ends it as failed: something of it broke where its test does not see it. */
  readonly fail: (error: unknown) => void;
}

const runs = new AsyncLocalStorage<Run>();

/** What belongs to no test: modules that are read. A mutant of theirs is planted before the first of them is. */
export const atLoad: Run = {
  planted: process.env.BURSAR_MUTANT === undefined ? null : Number(process.env.BURSAR_MUTANT),
  reached: new Map(),
  asks: 0,
  asksMax: Number.POSITIVE_INFINITY,
  fail: () => {},
};

export function isPlanted(id: number): boolean {
  const run = currentRun();
  run.reached.set(id, (run.reached.get(id) ?? 0) + 1);
  if (++run.asks > run.asksMax) throw new Error("It does not end");
  return run.planted === id;
}

export function currentRun(): Run {
  return runs.getStore() ?? atLoad;
}

export function within<T>(run: Run, work: () => Promise<T>): Promise<T> {
  return runs.run(run, work);
}
