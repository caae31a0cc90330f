// How long whoever waits goes on waiting: one deadline for all that is done on the way, however deep. It is handed down
// along the awaits, as a transaction is (sql/inside.ts), so that no layer can forget to pass it on.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../clock.ts";

interface Deadline {
  readonly atMs: number;
}

// Not state: it holds nothing itself.
const current = new AsyncLocalStorage<Deadline | undefined>();

/** `await withDeadline(clock, 10 * secondMs, () => work())`: inside, leftMs() counts down. An earlier one stays. */
export function withDeadline<T>(clock: Clock, ms: number, work: () => Promise<T>): Promise<T> {
  return current.run({ atMs: clock.monotonicMs() + Math.min(ms, leftMs(clock)) }, work);
}

/** For what goes on when nobody waits for it any more. */
export function withoutDeadline<T>(work: () => T): T {
  return current.run(undefined, work);
}

/** Never below 0; Infinity where nobody waits. */
export function leftMs(clock: Clock): number {
  const deadline = current.getStore();
  return deadline === undefined ? Number.POSITIVE_INFINITY : Math.max(0, deadline.atMs - clock.monotonicMs());
}

/** What `work` answers within `ms`, else undefined; the work goes on. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort("over"); // a reason, or an exception with a stack is made for it
  }
}
