// What is to be tried: every mutant of the places, or a sample, each with a number of its own.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { survivorsOf, untriedOf } from "./printed.ts";
import type { Target } from "./targets.table.ts";

export interface MutatedFile {
  readonly file: string;
  readonly source: string;
  readonly mutants: readonly Mutant[];
  /** The number of its first mutant; the others follow. */
  readonly firstId: number;
}

export interface Wanted {
  readonly id: number;
  readonly file: string;
  readonly mutant: Mutant;
  /** The files of those tests that must notice. */
  readonly tests: readonly string[];
  /** Those of them that are of its room. */
  readonly near: ReadonlySet<string>;
}

export interface Selection {
  /** What a file's path contains: any of these, with commas between. */
  readonly only: string;
  /** How many; undefined: all. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** What an earlier run has printed: only those that survived there. */
  readonly again: string | undefined;
  /** What earlier runs have printed that were interrupted: only what they have not tried. */
  readonly but: string | undefined;
  /** Whether only tests of the room itself are played. */
  readonly isNear: boolean;
  /** What the path of a test contains that is played: any of these, with commas between. */
  readonly by: string;
}

/** The files with all their mutants, and which of these are to be tried. */
export function readWanted(
  root: string,
  targets: readonly Target[],
  { only, sample, seed, again, but, isNear, by }: Selection,
): { readonly files: readonly MutatedFile[]; readonly wanted: readonly Wanted[] } {
  const files: MutatedFile[] = [];
  const all: Wanted[] = [];
  const isAsked = (file: string) => only.split(",").some((part) => file.includes(part));
  const isPlayed = (file: string) => by.split(",").some((part) => file.includes(part));
  for (const { places, tests: testPlaces } of targets) {
    const tests = testPlaces.flatMap((place) => testsIn(root, place));
    for (const file of places.flatMap((place) => sourcesIn(root, place)).filter(isAsked)) {
      const source = readFileSync(path.join(root, file), "utf8");
      const mutants = mutantsOf(source);
      files.push({ file, source, mutants, firstId: all.length });
      const ofRoom = tests.filter((test) => path.dirname(test) === path.dirname(file));
      const near = new Set([...ofRoom, ...testsIn(root, testPlaces[0] ?? "")]);
      const played = (isNear ? [...near] : tests).filter(isPlayed);
      for (const mutant of mutants) all.push({ id: all.length, file, mutant, tests: played, near });
    }
  }
  const survived = again === undefined ? all : survivorsOf(again, all);
  const asked = but === undefined ? survived : untriedOf(but, survived);
  return { files, wanted: sample === undefined ? asked : sampleOf(asked, sample, seed) };
}

function testsIn(root: string, place: string): readonly string[] {
  if (!place.endsWith("/")) return [place];
  const names = readdirSync(path.join(root, place), { recursive: true }).map(String);
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => `${place}${name}`);
}

function sourcesIn(root: string, place: string): readonly string[] {
  if (!place.endsWith("/")) return [place];
  return readdirSync(path.join(root, place))
    .filter((name) => name.endsWith(".ts") && !/\.(test|table)\.ts$|^(tables|index)\.ts$/.test(name))
    .map((name) => `${place}${name}`);
}

/** A sample is the same for the same seed: the first of them in an order that the seed decides. */
function sampleOf(all: readonly Wanted[], count: number, seed: number): readonly Wanted[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const ranked = all.map((one) => ({ one, rank: next() })).sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, count).map(({ one }) => one);
}
