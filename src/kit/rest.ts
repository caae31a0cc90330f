// Lets a virtual clock wait until the work it has woken is at rest. Memory-only work rests when the micro-tasks are
// drained; real I/O (SQL, sockets) is counted while it is in flight.

export interface Rest {
  /** Counts `work` as in flight until it settles. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is in flight and nothing has begun for a few turns of the event loop. */
  untilQuiet(): Promise<void>;
}

const quietTurns = 4; // bodies of requests and streams hop between a few turns without counting as I/O
/**
 * Whoever is in flight for so long waits for this very clock, so the clock must go on. Longer than the limit of a SQL
 * unit (5 s), so that a slow disk or a busy machine never moves time.
 */
const stuckMs = 10_000;

export function createRest(): Rest {
  let inFlight = 0;
  let begun = 0;
  let next = Promise.withResolvers<void>();
  return {
    async during(work) {
      inFlight++;
      begun++;
      try {
        return await work;
      } finally {
        inFlight--;
        next.resolve();
        next = Promise.withResolvers<void>();
      }
    },
    async untilQuiet() {
      let seen = begun;
      let quiet = 0;
      while (quiet < quietTurns) {
        // Waiting by turns would take a core from the very database that it waits for.
        const isStuck = inFlight > 0 && (await isLate(next.promise, stuckMs));
        if (isStuck && seen === begun) return;
        await new Promise<void>((resolve) => setImmediate(resolve));
        quiet = inFlight === 0 && seen === begun ? quiet + 1 : 0;
        seen = begun;
      }
    },
  };
}

/** True when it has not settled after so long. */
async function isLate(landing: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), ms);
  });
  const first = await Promise.race([landing.then(() => false), late]);
  clearTimeout(timer);
  return first;
}
