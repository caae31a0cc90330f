// The machine's clock with a shift, for people who do not want to wait three days for a retry. Moving it forward stops
// at every instant at which something is due, so that things happen in their order and at their time.
import type { Clock, Instant } from "#kit/clock.ts";

export interface MovableClock extends Clock {
  /** @param nextAt the next instant at which something is due; it is asked again after each stop. */
  advance(ms: number, nextAt?: () => Instant | undefined): Promise<void>;
  /** Jumps to the instant if it lies ahead. */
  notBefore?(instant: Instant): void;
}

/** Real milliseconds at each stop, for what was due to begin. */
const stopMs = 2;
/** A day of minute by minute work, and some; then the rest is one jump. */
const stopsMax = 5_000;

/** A clock that can be moved already is given back as it is. */
export function movableClock(inner: Clock): MovableClock {
  if (isMovable(inner)) return inner;
  const sleepers = new Set<AbortController>();
  let shift = 0;
  const now = (): Instant => inner.now() + shift;
  const moveTo = (instant: Instant): void => {
    shift += Math.max(0, instant - now());
    for (const sleeper of sleepers) sleeper.abort();
  };
  return {
    now,
    monotonicMs: inner.monotonicMs,
    notBefore: moveTo,
    async sleep(ms, signal) {
      const until = now() + ms;
      while (!signal?.aborted && now() < until) {
        const moved = new AbortController();
        sleepers.add(moved);
        const stop = () => moved.abort();
        signal?.addEventListener("abort", stop, { once: true });
        await inner.sleep(Math.max(0, until - now()), moved.signal); // The clock has moved on since it was asked.
        signal?.removeEventListener("abort", stop);
        sleepers.delete(moved);
      }
    },
    async advance(ms, nextAt = () => undefined) {
      const end = now() + ms;
      for (let stops = 0; stops < stopsMax; stops++) {
        const next = nextAt();
        if (next === undefined || next > end) break;
        moveTo(next);
        await inner.sleep(stopMs);
      }
      moveTo(end);
      await inner.sleep(stopMs);
    },
  };
}

function isMovable(clock: Clock): clock is MovableClock {
  return "advance" in clock && typeof clock.advance === "function";
}
