// Trying mutants on the tests that come by them, those first that are likely to notice.
import path from "node:path";
import type { MeasuredTest } from "./messages.ts";
import type { Pool } from "./pool.ts";
import type { Verdict } from "./verdicts.ts";
import type { Wanted } from "./wanted.ts";

/** What an explained mutant is tried on takes this long without it: it is not expected to be noticed. */
const explainedMaxMs = 3_000;
/** So many tests are played on PostgreSQL too when none has noticed a mutant on SQLite. */
const twinsMax = 6;

type KnownTest = Omit<MeasuredTest, "reached"> & { readonly reached: ReadonlySet<number> };

/** What the tests do without a mutant. */
export interface Known {
  readonly tests: readonly KnownTest[];
  readonly atLoad: ReadonlySet<number>;
  /** By mutated file and test: how many mutants of the file it has noticed. */
  readonly kills: Map<string, number>;
}

/** Plays every test once. Throws when one fails. */
export async function measureAll(pool: Pool, files: readonly string[]): Promise<Known> {
  const measured = await Promise.all(
    files.map(async (file) => {
      const one = await pool.measure(file);
      const tookMs = one.tests.reduce((sum, { ms }) => sum + ms, 0);
      process.stdout.write(`${file}: ${one.tests.length} tests in ${(tookMs / 1_000).toFixed(1)} s\n`);
      return one;
    }),
  );
  const tests = measured.flatMap((one) => one.tests);
  const failed = tests.filter(({ failure }) => failure !== null);
  for (const { file, name, failure } of failed) process.stderr.write(`${file}: ${name}: ${failure}\n`);
  if (failed.length > 0) throw new Error("Tests fail without any mutant");
  return {
    tests: tests.map((test) => ({ ...test, reached: new Set(test.reached) })),
    atLoad: new Set(measured.flatMap((one) => one.atLoad)),
    kills: new Map(),
  };
}

/** @param isShort it is tried on a few tests only. */
export async function tryMutant(
  pool: Pool,
  known: Known,
  { id, file, mutant, isShort }: Wanted & { isShort: boolean },
) {
  const isAtLoad = known.atLoad.has(id);
  const candidates = known.tests.filter(({ reached }) => isAtLoad || reached.has(id));
  const verdict: Verdict = { file, mutant, by: null, isReached: candidates.length > 0 };
  if (!verdict.isReached) return verdict;
  const keyOf = (test: KnownTest) => `${file} ${test.file} ${test.index}`;
  const killsOf = (test: KnownTest) => known.kills.get(keyOf(test)) ?? 0;
  const inOrder = () => {
    const all = candidates.toSorted((a, b) => killsOf(b) - killsOf(a) || a.ms - b.ms);
    return isShort ? few(all) : [...all, ...onPostgres(candidates)];
  };
  const { by, failure } = await pool.try(() => ({ mutant: id, tests: inOrder() }), isAtLoad);
  if (by === null) return verdict;
  known.kills.set(keyOf(by), killsOf(by) + 1);
  return { ...verdict, by: `${path.basename(by.file)}: ${by.name}: ${failure}` };
}

function few(all: readonly KnownTest[]): readonly KnownTest[] {
  const some: KnownTest[] = [];
  let leftMs = explainedMaxMs;
  for (const test of all) {
    leftMs -= test.ms;
    if (leftMs > 0) some.push(test);
  }
  return some;
}

/** What only a server refuses or holds back. */
function onPostgres(candidates: readonly KnownTest[]): readonly KnownTest[] {
  const twins = candidates.flatMap((test) => (test.twin === null ? [] : [{ ...test, index: test.twin }]));
  const cheapest = twins.toSorted((a, b) => a.ms - b.ms).slice(0, twinsMax);
  return cheapest.map((test) => ({ ...test, name: `${test.name}, on PostgreSQL` }));
}
