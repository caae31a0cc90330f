// A source with all of its mutants in it, each asleep until its number is the one that is planted: so one process tries
// many of them without reading anything anew.
import type { Mutant } from "./mutants.ts";

interface Place extends Pick<Mutant, "start" | "end" | "kind"> {
  readonly mutants: { readonly id: number; readonly text: string }[];
  readonly inside: Place[];
}

/**
 * `a < b` becomes `($m(7) ? a <= b : a < b)`; lines stay where they were. The first mutant has the number `firstId`.
 * @param asker the file whose isPlanted is asked.
 */
export function switched(source: string, mutants: readonly Mutant[], { asker, firstId }: Asked): string {
  const whole: Place = { start: 0, end: source.length, kind: "statement", mutants: [], inside: [] };
  for (const [index, mutant] of mutants.entries()) put(whole, mutant, firstId + index);
  const asks = `import { isPlanted as $m } from ${JSON.stringify(asker)};`;
  return `${asks}${insideOf(source, whole)}`;
}

interface Asked {
  readonly asker: string;
  readonly firstId: number;
}

/** Mutants come in the order of their places, the outer ones first. */
function put(outer: Place, mutant: Mutant, id: number): void {
  const { start, end, kind, text } = mutant;
  const last = outer.inside.at(-1);
  if (!last || start >= last.end) outer.inside.push({ start, end, kind, mutants: [{ id, text }], inside: [] });
  else if (start === last.start && end === last.end) last.mutants.push({ id, text });
  else put(last, mutant, id);
}

function insideOf(source: string, place: Place): string {
  let text = "";
  let at = place.start;
  for (const one of place.inside) {
    text += source.slice(at, one.start) + switchOf(source, one);
    at = one.end;
  }
  return text + source.slice(at, place.end);
}

function switchOf(source: string, place: Place): string {
  const text = insideOf(source, place);
  if (place.kind === "statement") return `{ if (!$m(${place.mutants[0]?.id})) ${text} }`;
  return `(${place.mutants.map(({ id, text: other }) => `$m(${id}) ? (${other}) : `).join("")}${text})`;
}
