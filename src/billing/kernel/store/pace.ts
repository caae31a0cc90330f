// How many are worked at once. A set that takes longer than the database lets it never ends, however often it is begun:
// so the next one is of half as many, until one fits.
import { type Clock, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";

/** A set that takes longer is too large: leases are of some seconds, and commands wait behind it. */
const longMs = secondMs;
/** What did not fit is lost, and takes its time until that is known: it is dared again after so many that fit. */
const fitsBeforeMore = 8;

/** Whether the database is to blame, and not what it was asked. */
export function isOfTheDatabase(error: unknown): boolean {
  return away.some((code) => isProblem(error, code));
}

const away = ["database_unreachable", "sql_busy", "commit_unknown"] as const;

export interface Pace {
  /** The most that the next set may have. */
  size(): number;
  /** Works a set. After one that fails or takes long the next has half as many; after some that fit, twice as many. */
  keep<T>(work: () => Promise<T>): Promise<T>;
}

export function createPace(clock: Pick<Clock, "monotonicMs">, most: number): Pace {
  let size = most;
  let fits = 0;
  const resize = (to: number) => {
    size = Math.max(1, Math.min(most, Math.floor(to)));
    fits = 0;
  };
  return {
    size: () => size,
    async keep(work) {
      const begunMs = clock.monotonicMs();
      let isFit = false;
      try {
        const result = await work();
        isFit = clock.monotonicMs() - begunMs <= longMs;
        return result;
      } finally {
        if (!isFit) resize(size / 2);
        else if (++fits === fitsBeforeMore) resize(2 * size);
      }
    },
  };
}
