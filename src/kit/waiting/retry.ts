// How long to wait before trying again. Full jitter: a crowd that failed together does not come back together.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
import type { Random } from "../random.ts";

export interface Backoff {
  /** 1 is the wait after the first failure. */
  readonly attempt: number;
  /** The longest wait after the first failure; it doubles with every further one. */
  readonly baseMs: number;
  readonly capMs: number;
  readonly random: Random;
}

/** An integer number of milliseconds in [0, min(capMs, baseMs × 2^(attempt − 1))]. */
export function backoffMs({ attempt, baseMs, capMs, random }: Backoff): number {
  const doublings = Math.min(Math.max(0, attempt - 1), 30); // 2^30 times any base is over every cap
  return random.integer(0, Math.min(capMs, baseMs * 2 ** doublings));
}
