// What runs have printed, read again: to go on with, or to count several of them as one.
import type { Mutant } from "./mutants.ts";
import { placeOf, shown, type Verdict } from "./verdicts.ts";

interface Planted {
  readonly file: string;
  readonly mutant: Mutant;
}

/** Those that survived, wherever in their file they stand by now. */
export function survivorsOf<One extends Planted>(printed: string, all: readonly One[]): readonly One[] {
  const survived = [...printed.matchAll(/^(?:\[.*?\] )?(?:SURVIVED|UNTESTED) +(\S+):\d+ (.*)$/gm)];
  const texts = new Set(survived.map(([, file, text]) => `${file} ${text}`));
  return all.filter(({ file, mutant: { was, becomes } }) => texts.has(`${file} ${shown(was, becomes)}`));
}

export function untriedOf<One extends Planted>(printed: string, all: readonly One[]): readonly One[] {
  const tried = triedIn(printed);
  return all.filter((one) => !tried.has(placeOf(one)));
}

/** Of those that were tried: killed is what any of the runs has killed. */
export function verdictsOf(printed: string, all: readonly Planted[]): readonly Verdict[] {
  const tried = triedIn(printed);
  return all
    .filter((one) => tried.has(placeOf(one)))
    .map(({ file, mutant }) => ({ file, mutant, by: tried.get(placeOf({ file, mutant })) ?? null, isReached: true }));
}

/** By place: the test that noticed, or null. */
function triedIn(printed: string): ReadonlyMap<string, string | null> {
  const tried = new Map<string, string | null>();
  for (const [, place = "", by] of printed.matchAll(/^\[.*?\] \w+ +(.*?)(?: {2}\((.*)\))?$/gm)) {
    tried.set(place, by ?? tried.get(place) ?? null);
  }
  return tried;
}
