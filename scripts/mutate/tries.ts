// Trying mutants on the tests that come by them, those first that are likely to notice.
import path from "node:path";
import type { MeasuredTest } from "./messages.ts";
import type { Pool } from "./pool.ts";
import type { Verdict } from "./verdicts.ts";
import type { Wanted } from "./wanted.ts";

/**
 * What a mutant is tried on takes so much of the processor's time without it, unless the run asks for more or less. Few
 * are noticed by what comes later, and one that none notices costs all of it: a survivor may be killed by a test that
 * this run left out, and never the other way round.
 */
export const triedSecondsUsual = 6;
/** An explained one is not expected to be noticed. */
const explainedMaxMs = 1_000;
/** Then some are played on PostgreSQL: what takes this long on SQLite takes five times as long there. */
const twinsMaxMs = 800;

type KnownTest = Omit<MeasuredTest, "reached"> & { readonly reached: ReadonlyMap<number, number> };

/** What the tests do without a mutant. */
export interface Known {
  readonly tests: readonly KnownTest[];
  readonly atLoad: ReadonlySet<number>;
  /** By mutated file and test: how many mutants of the file it was tried on, and noticed. */
  readonly records: Map<string, Tally>;
  /** By mutated file: the last that noticed something in it. */
  readonly recent: Map<string, readonly KnownTest[]>;
}

interface Tally {
  tries: number;
  kills: number;
}

/** What noticed a mutant often notices its neighbour. */
const recentMax = 4;
const recentChance = 0.5;

/** What few come by is noticed by few: a condition that is never true any more, by those that go where it leads. */
const rareChance = 0.4;
const besideMax = 6;

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
    tests: tests.map((test) => ({ ...test, reached: new Map(test.reached) })),
    atLoad: new Set(measured.flatMap((one) => one.atLoad)),
    records: new Map(),
    recent: new Map(),
  };
}

/**
 * @param maxMs null: it is explained, and tried on a few tests only.
 * @param isTriage what survives is tried on more: PostgreSQL is left to that.
 */
export async function tryMutant(
  pool: Pool,
  known: Known,
  { id, file, mutant, maxMs, near, isTriage }: Wanted & { maxMs: number | null; isTriage: boolean },
) {
  const isAtLoad = known.atLoad.has(id);
  const candidates = known.tests.filter(({ reached }) => isAtLoad || reached.has(id));
  const verdict: Verdict = { file, mutant, by: null, isReached: candidates.length > 0 };
  const isOwn = (test: KnownTest) => test.file === file.replace(/\.ts$/, ".test.ts");
  // What is come by on PostgreSQL alone is not known: then its room's are asked there.
  const twins = onPostgres(verdict.isReached ? candidates : known.tests.filter((test) => near.has(test.file)));
  const recordOf = (test: KnownTest) => {
    const key = `${file} ${test.file} ${test.index}`;
    const record = known.records.get(key) ?? { tries: 0, kills: 0 };
    known.records.set(key, record);
    return record;
  };
  const rare = rarestBeside(candidates, id);
  let tests: readonly KnownTest[] = [];
  const byWorth = (some: readonly KnownTest[]) => {
    const recent = known.recent.get(file) ?? [];
    const chance = (test: KnownTest) => {
      const place = isOwn(test) ? "own" : near.has(test.file) ? "near" : "far";
      const usual = chanceOf(recordOf(test), firstChances[place]);
      if (recent.includes(test)) return Math.max(recentChance, usual);
      return rare !== undefined && test.reached.has(rare) ? Math.max(rareChance, usual) : usual;
    };
    // Who comes by often tries more than the usual way.
    const times = (test: KnownTest) => Math.sqrt(test.reached.get(id) ?? 1);
    const worth = new Map(some.map((test) => [test, (chance(test) * times(test)) / Math.max(1, test.ms)]));
    return some.toSorted((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
  };
  const inOrder = () => {
    const own = candidates.filter(isOwn);
    const ofRoom = candidates.filter((test) => near.has(test.file));
    tests =
      maxMs === null
        ? few(byWorth(candidates), explainedMaxMs)
        : [
            // Many others come by it too: they must not crowd out those of its room.
            ...new Set([...few(byWorth(candidates), maxMs), ...few(byWorth(ofRoom), maxMs), ...own]),
            ...(isTriage ? [] : few(byWorth(twins), twinsMaxMs)),
          ];
    return { mutant: id, tests };
  };
  const { by, failure } = await pool.try(inOrder, isAtLoad);
  for (const test of tests) {
    recordOf(test).tries++;
    if (test === by) break;
  }
  if (by === null) return verdict;
  recordOf(by).kills++;
  known.recent.set(file, [by, ...(known.recent.get(file) ?? []).filter((one) => one !== by)].slice(0, recentMax));
  return { ...verdict, by: `${path.basename(by.file)}: ${by.name}: ${failure}` };
}

/** One mutant in so many a test notices that was never tried: the file's own, one of its room, another. */
const firstChances = { own: 1.2, near: 4, far: 16 };

/** Of those that follow in their file, as far as these tests come by them at all. */
function rarestBeside(candidates: readonly KnownTest[], id: number): number | undefined {
  const counts = Array.from({ length: besideMax }, (_, index) => id + index).map((beside) => ({
    beside,
    count: candidates.filter(({ reached }) => reached.has(beside)).length,
  }));
  return counts.filter(({ count }) => count > 0).toSorted((a, b) => a.count - b.count)[0]?.beside;
}

function chanceOf({ tries, kills }: Tally, first: number): number {
  return (kills + 1) / (tries + first);
}

function few(all: readonly KnownTest[], maxMs: number): readonly KnownTest[] {
  const some: KnownTest[] = [];
  let leftMs = maxMs;
  for (const test of all) {
    if (test.ms > leftMs) continue;
    leftMs -= test.ms;
    some.push(test);
  }
  return some;
}

/** What only a server refuses or holds back. */
function onPostgres(candidates: readonly KnownTest[]): readonly KnownTest[] {
  const twins = candidates.flatMap((test) => (test.twin === null ? [] : [{ ...test, index: test.twin }]));
  return twins.map((test) => ({ ...test, name: `${test.name}, on PostgreSQL` }));
}
