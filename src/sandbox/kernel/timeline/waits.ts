// How long banks take, as values: each noun names its waits in a `waits.table.ts` of its folder and hands the values to
// what files work for later. Every row has two. `test`: as in Stripe's test mode, where days are seconds; the default.
// `real`: as money really moves, for whoever wants to see `processing` for days on a clock that is moved. Asked for by
// `createSandbox({ settlement: "real" })` or `bursar sandbox --settlement real`.
import type { Evidence, Known } from "../words/evidence.ts";

/** From now on: some milliseconds; or until the n-th midnight UTC; or until midnight UTC of the n-th banking day. */
export type Wait = { readonly ms: number } | { readonly midnights: number } | { readonly bankingDays: number };

export interface BankWait {
  /** What is waited for, as the reference names it. */
  readonly what: string;
  readonly test: Wait & Known;
  readonly real: Wait & Known;
}

export type Waits = Readonly<Record<string, BankWait>>;

type Sure = readonly [wait: Wait, evidence: Evidence];

/** What is waited for, how long it takes in test mode, and how long it really takes. */
export function bankWait(what: string, [test, sureTest]: Sure, [real, sureReal]: Sure): BankWait {
  return { what, test: { ...test, evidence: sureTest }, real: { ...real, evidence: sureReal } };
}

export const seconds = (count: number): Wait => ({ ms: count * 1_000 });
export const minutes = (count: number): Wait => ({ ms: count * 60_000 });
export const days = (count: number): Wait => ({ ms: count * 86_400_000 });
export const midnights = (count: number): Wait => ({ midnights: count });
export const bankingDays = (count: number): Wait => ({ bankingDays: count });
export const atOnce: Wait = { ms: 0 };

/** `waitText({ midnights: 1 })` is "the next midnight". */
export function waitText(wait: Wait): string {
  if ("bankingDays" in wait) return plural(wait.bankingDays, "banking day");
  if ("midnights" in wait) return wait.midnights === 1 ? "the next midnight" : `the midnight in ${wait.midnights} days`;
  if (wait.ms === 0) return "at once";
  const [size, unit] = units.find(([ms]) => wait.ms % ms === 0) ?? units[3];
  return plural(wait.ms / size, unit);
}

const units = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
] as const;

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
