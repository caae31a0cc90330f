// What became of the mutants: by rooms, with those that survived and nobody has explained.
import path from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Survivor } from "./survivors.table.ts";

export interface Verdict {
  readonly file: string;
  readonly mutant: Mutant;
  /** The test that noticed, or null. */
  readonly by: string | null;
  /** Whether any test comes by it. */
  readonly isReached: boolean;
}

export interface Summary {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

const killedShareMin = 0.9;

export function isOf({ file, within, was, becomes }: Survivor, of: { file: string; mutant: Mutant }): boolean {
  const { mutant } = of;
  return file === of.file && within === mutant.within && was === mutant.was && becomes === mutant.becomes;
}

/** Good: enough are killed, each that survived is explained, and each explanation is still needed. */
export function summaryOf(verdicts: readonly Verdict[], survivors: readonly Survivor[]): Summary {
  const lines: string[] = [];
  const survived = verdicts.filter(({ by }) => by === null);
  const unexplained = survived.filter((verdict) => !survivors.some((one) => isOf(one, verdict)));
  for (const verdict of unexplained) lines.push(said(verdict));
  const stale = survivors.filter((one) => {
    const tried = verdicts.filter((verdict) => isOf(one, verdict));
    return tried.length > 0 && tried.every(({ by }) => by !== null);
  });
  for (const { file, within, was, becomes } of stale) {
    lines.push(`STALE     ${file} ${within}: ${shown(was, becomes)}: a test notices it`);
  }
  const rooms = Map.groupBy(verdicts, ({ file }) => path.dirname(file));
  for (const [room, those] of rooms) lines.push(counted(room, those, unexplained));
  lines.push(counted("all", verdicts, unexplained));
  const share = verdicts.length === 0 ? 1 : 1 - survived.length / verdicts.length;
  return { lines, isGood: share >= killedShareMin && unexplained.length === 0 && stale.length === 0 };
}

function counted(room: string, verdicts: readonly Verdict[], unexplained: readonly Verdict[]): string {
  const killed = verdicts.filter(({ by }) => by !== null).length;
  const open = verdicts.filter((verdict) => unexplained.includes(verdict)).length;
  const share = ((100 * killed) / Math.max(1, verdicts.length)).toFixed(1);
  const counts = [`${verdicts.length} mutants`, `${killed} killed (${share} %)`];
  return `${room}: ${[...counts, `${verdicts.length - killed - open} explained`, `${open} not explained`].join(", ")}`;
}

/** One verdict as a line. */
export function said({ file, mutant, by, isReached }: Verdict): string {
  const place = placeOf({ file, mutant });
  if (by !== null) return `killed    ${place}  (${by})`;
  return `${isReached ? "SURVIVED " : "UNTESTED "} ${place}`;
}

export function placeOf({ file, mutant }: Pick<Verdict, "file" | "mutant">): string {
  return `${file}:${mutant.line} ${shown(mutant.was, mutant.becomes)}`;
}

/** A mutant as people read it. */
export function shown(was: string, becomes: string): string {
  return `${was} -> ${becomes || "nothing"}`;
}
