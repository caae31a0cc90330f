// Two clocks with one face. The virtual one moves only when told to, and wakes its sleepers in the order of time.

/** Milliseconds since 1970, UTC. An integer. */
export type Instant = number & { readonly __unit?: "ms since 1970" };

export interface Clock {
  now(): Instant;
  /** For durations: never jumps. */
  monotonicMs(): number;
  /**
   * Resolves after `ms`, or at once when the signal is aborted. It never rejects: callers look at the signal.
   * @param quietMs for a loop that only looks whether something has come up: a clock that knows that nothing can have
   * come up since the loop last looked may let it sleep for so long. Infinity: until something can have.
   */
  sleep(ms: number, signal?: AbortSignal, quietMs?: number): Promise<void>;
  /** Between two slices of long work: whoever else waits for this process goes on first. */
  turn(): Promise<void>;
  /**
   * On a virtual clock that is being moved: goes straight to that instant, if it leads there and nobody wakes before.
   * For whoever was woken, and has left nothing behind that could act meanwhile. Answers whether it went.
   */
  stride?(instant: Instant): boolean;
  /** Tells a virtual clock that `work` is real I/O: it does not move before the work settles. */
  during?<T>(work: Promise<T>): Promise<T>;
}

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Beyond it `setTimeout` fires at once. */
const timeoutMaxMs = 2 ** 31 - 1;

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
        let timer: NodeJS.Timeout;
        const wait = (leftMs: number) => {
          const onceMs = Math.min(leftMs, timeoutMaxMs);
          timer = setTimeout(() => (leftMs > onceMs ? wait(leftMs - onceMs) : done()), onceMs);
        };
        wait(ms);
        signal?.addEventListener("abort", done);
      }),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

export interface VirtualClock extends Clock {
  /** Moves time forward, waking each sleeper at its own instant and letting the work it starts come to rest first. */
  advance(ms: number): Promise<void>;
  /** The instant of the next sleeper, if any. */
  nextAt(): Instant | undefined;
}

interface Sleeper {
  readonly from: Instant;
  readonly ms: number;
  /** It wakes then, whatever happens. Later than from + ms: it looks every `ms`, if something has happened. */
  readonly until: Instant;
  /** What had happened when it lay down. */
  readonly seen: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock for tests and stories. Its world is this process: between two instants nothing happens there unless a sleeper
 * wakes whose time has come, or somebody outside acts and then moves the clock. So whoever sleeps with `quietMs` is not
 * woken to look in vain: it looks at its next turn after something has happened, and sees what it would have seen.
 * @param rest waits until nothing is in flight; the default drains micro-tasks, which is enough without real I/O.
 */
export function virtualClock(options: { start: Instant; rest?: () => Promise<void> }): VirtualClock {
  const rest = options.rest ?? (() => new Promise<void>((resolve) => setImmediate(resolve)));
  const sleepers = new Set<Sleeper>();
  let now = options.start;
  let order = 0;
  let happened = { count: 0, at: options.start };
  /** Of the advances under way. */
  const ends = new Set<{ readonly at: Instant }>();
  const happen = (): void => {
    happened = { count: happened.count + 1, at: now };
  };

  const wakesAt = ({ from, ms, until, seen }: Sleeper): Instant => {
    if (from + ms >= until || seen === happened.count) return until;
    return Math.min(until, from + ms * Math.max(1, Math.ceil((happened.at - from) / ms)));
  };
  const earliest = () => firstOf(sleepers, wakesAt);

  return {
    now: () => now,
    monotonicMs: () => now - options.start,
    sleep: (ms, signal, quietMs = ms) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const [first, last] = [Math.max(0, Math.ceil(ms)), Math.max(0, Math.ceil(quietMs))];
        const until = now + Math.max(first, last);
        const sleeper: Sleeper = { from: now, ms: first, until, seen: happened.count, order: order++, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake);
      }),
    turn: () => Promise.resolve(), // No time passes here while something works.
    stride(instant) {
      const isLed = [...ends].some(({ at }) => instant <= at);
      if (!isLed || (earliest()?.at ?? Number.POSITIVE_INFINITY) <= instant) return false;
      now = Math.max(now, instant);
      happen();
      return true;
    },
    nextAt() {
      happen(); // whoever asks is outside, and may have acted
      const at = earliest()?.at;
      return at === Number.POSITIVE_INFINITY ? undefined : at;
    },
    async advance(ms) {
      const end = now + ms;
      const led = { at: end };
      await rest();
      happen(); // whoever moves the clock has acted before
      ends.add(led);
      for (let next = earliest(); next && next.at <= end; next = earliest()) {
        now = Math.max(now, next.at);
        next.sleeper.wake();
        if (next.at === next.sleeper.until) happen();
        await rest();
      }
      ends.delete(led);
      now = Math.max(now, end); // two callers may advance at once; time does not go back for the slower
      await rest();
    },
  };
}

interface Waking {
  readonly at: Instant;
  readonly sleeper: Sleeper;
}

function firstOf(sleepers: Iterable<Sleeper>, wakesAt: (sleeper: Sleeper) => Instant): Waking | undefined {
  let first: Waking | undefined;
  for (const sleeper of sleepers) {
    const at = wakesAt(sleeper);
    if (!first || at < first.at || (at === first.at && sleeper.order < first.sleeper.order)) first = { at, sleeper };
  }
  return first;
}
