// How much of a long test runs: a sample in `npm test`, everything in `npm run test:all`, which sets BURSAR_TEST_ALL.

/** Whether this run takes the time for all of it. */
export const isWholeRun = process.env.BURSAR_TEST_ALL === "1";

/** `{ numRuns: cases(200, 10_000) }`: the first number in `npm test`, the second in `npm run test:all`. */
export function cases(sampled: number, whole: number): number {
  return isWholeRun ? whole : sampled;
}

/** Whether every test is played on PostgreSQL too: CI's `BURSAR_TEST_POSTGRES=all`, and a whole run. */
export const isWholeOnPostgres = isWholeRun || process.env.BURSAR_TEST_POSTGRES === "all";
