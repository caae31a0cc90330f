// How long banks take, as values: each noun names its waits in a `waits.table.ts` of its folder and hands the values to
// what files work for later. Every row has two. `test`: as in Stripe's test mode, where days are seconds; the default.
// `real`: as money really moves, for whoever wants to see `processing` for days on a clock that is moved. Asked for by
// `createSandbox({ settlement: "real" })` or `bursar sandbox --settlement real`.

/** From now on: some milliseconds; or until the n-th midnight UTC; or until midnight UTC of the n-th banking day. */
export type Wait = { readonly ms: number } | { readonly midnights: number } | { readonly bankingDays: number };

/**
 * `docs`: in Stripe's documentation. `seen`: in logs of real accounts. `ours`: Stripe names a range or nothing at all,
 * and this is our pick.
 */
type Source = "docs" | "ours" | "seen";

export interface BankWait {
  /** What is waited for, as the reference names it. */
  readonly what: string;
  readonly test: Wait;
  readonly real: Wait;
  readonly source: { readonly test: Source; readonly real: Source };
}

export type Waits = Readonly<Record<string, BankWait>>;

type Sourced = readonly [wait: Wait, source: Source];

/** What is waited for, how long it takes in test mode, and how long it really takes. */
export function bankWait(what: string, [test, testSource]: Sourced, [real, realSource]: Sourced): BankWait {
  return { what, test, real, source: { test: testSource, real: realSource } };
}

export const seconds = (count: number): Wait => ({ ms: count * 1_000 });
export const minutes = (count: number): Wait => ({ ms: count * 60_000 });
export const days = (count: number): Wait => ({ ms: count * 86_400_000 });
export const midnights = (count: number): Wait => ({ midnights: count });
export const bankingDays = (count: number): Wait => ({ bankingDays: count });
export const atOnce: Wait = { ms: 0 };
