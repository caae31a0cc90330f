// Two clocks with one face. The virtual one moves only when told to, and wakes its sleepers in the order of time.

/** Milliseconds since 1970, UTC. An integer. */
export type Instant = number & { readonly __unit?: "ms since 1970" };

export interface Clock {
  now(): Instant;
  /** For durations: never jumps. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when the signal is aborted. It never rejects: callers look at the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Tells a virtual clock that `work` is real I/O: it does not move before the work settles. */
  during?<T>(work: Promise<T>): Promise<T>;
}

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** The machine's clock. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonicMs: () => Math.floor(performance.now()),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener("abort", done);
      }),
  };
}

export interface VirtualClock extends Clock {
  /** Moves time forward, waking each sleeper at its own instant and letting the work it starts come to rest first. */
  advance(ms: number): Promise<void>;
  /** The instant of the next sleeper, if any. */
  nextAt(): Instant | undefined;
}

interface Sleeper {
  readonly at: Instant;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock for tests and stories.
 * @param rest waits until nothing is in flight; the default drains micro-tasks, which is enough without real I/O.
 */
export function virtualClock(options: { start: Instant; rest?: () => Promise<void> }): VirtualClock {
  const rest = options.rest ?? (() => new Promise<void>((resolve) => setImmediate(resolve)));
  const sleepers = new Set<Sleeper>();
  let now = options.start;
  let order = 0;

  const earliest = (): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (!first || sleeper.at < first.at || (sleeper.at === first.at && sleeper.order < first.order)) first = sleeper;
    }
    return first;
  };

  return {
    now: () => now,
    monotonicMs: () => now - options.start,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper: Sleeper = { at: now + Math.max(0, Math.ceil(ms)), order: order++, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake);
      }),
    nextAt: () => earliest()?.at,
    async advance(ms) {
      const end = now + ms;
      await rest();
      for (let next = earliest(); next && next.at <= end; next = earliest()) {
        now = Math.max(now, next.at);
        next.wake();
        await rest();
      }
      now = Math.max(now, end); // two callers may advance at once; time does not go back for the slower
      await rest();
    },
  };
}
