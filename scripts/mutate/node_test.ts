// Stands in for node:test where mutants are tried: the tests of a file are collected, to be played one at a time and as
// often as is asked.
import { AsyncLocalStorage } from "node:async_hooks";

export interface Collected {
  readonly name: string;
  readonly work: (t: unknown) => unknown;
}

export interface CollectedFile {
  readonly tests: readonly Collected[];
  /** What it puts away at its end. */
  readonly ends: readonly (() => unknown)[];
}

interface Reading extends CollectedFile {
  readonly tests: Collected[];
  readonly suites: string[];
  readonly ends: (() => unknown)[];
}

const reading = new AsyncLocalStorage<Reading>();

/** What a file declares while it is read. */
export async function collect(readFile: () => Promise<unknown>): Promise<CollectedFile> {
  const file: Reading = { tests: [], suites: [], ends: [] };
  await reading.run(file, readFile);
  return file;
}

export function test(name: string, ...rest: readonly unknown[]): void {
  const file = reading.getStore();
  file?.tests.push({ name: [...file.suites, name].join(" > "), work: rest.at(-1) as Collected["work"] });
}

export function suite(name: string, ...rest: readonly unknown[]): void {
  const file = reading.getStore();
  file?.suites.push(name);
  (rest.at(-1) as () => void)();
  file?.suites.pop();
}

export function after(work: () => unknown): void {
  reading.getStore()?.ends.push(work);
}

/** A test's context: as much of it as our tests use. */
export function contextOf(name: string) {
  const ends: (() => unknown)[] = [];
  const t = {
    name,
    after: (work: () => unknown) => void ends.push(work),
    diagnostic: () => {},
    skip: () => {},
  };
  const end = async () => {
    for (const work of ends.splice(0)) await work();
  };
  return { t, end };
}
