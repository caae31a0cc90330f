// How much of what Stripe was seen to bill is played, kind by kind.
import { plays } from "./all.ts";
import { flows, flowsSeen, untoldFlows, waitingFlows } from "./flows.table.ts";
import { type Counts, type Kind, kinds } from "./kinds.table.ts";

export interface Counted extends Kind {
  readonly name: string;
  readonly played: number;
}

export function counted(): Counted[] {
  return Object.entries(kinds).map(([name, kind]) => ({ ...kind, name, played: playedOf(name) }));
}

function playedOf(kind: string): number {
  return plays.reduce((sum, { seen }) => sum + (seen[kind] ?? 0), 0);
}

export function sumOf(counts: Counts = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The sums of all kinds by what they wait for, or by another reason. */
export function together(list: readonly (Counts | undefined)[]): Map<string, number> {
  const entries = list.flatMap((counts = {}) => Object.entries(counts));
  const names = [...new Set(entries.map(([name]) => name))].sort();
  const sum = (name: string) => entries.reduce((all, [one, count]) => (one === name ? all + count : all), 0);
  return new Map(names.map((name) => [name, sum(name)]));
}

/** The same of the sequences in which Stripe was seen to tell events. */
export function countedFlows() {
  const told = flows.reduce((sum, { of = 0 }) => sum + of, 0);
  return { seen: flowsSeen, told, waits: waitingFlows, untold: untoldFlows };
}
