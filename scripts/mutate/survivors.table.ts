// Mutants that no test can notice, each with its reason: what it changes makes no difference, or none that is worth a
// test. `npm run mutate` says which of them are not true any more.

/** `was` and `becomes` as the run prints them; `becomes` is empty where it says nothing. */
export interface Survivor {
  readonly file: string;
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
}

export const survivors: readonly Survivor[] = [
  {
    file: "src/billing/kernel/inbox/decide.ts",
    was: "!remote || !row",
    becomes: "!row",
    why: "Where nothing is known of an object there is no row of it either: the compiler wants both said.",
  },
];
