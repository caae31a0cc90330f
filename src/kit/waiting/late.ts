// One timer for many who may each take equally long, so that a request does not cost a timer of its own.
import type { Clock } from "../clock.ts";

/** Calls `onLate` once the time is over, unless the answered function was called before. */
export type Late = (onLate: () => void) => () => void;

/** A reason, so that no exception with a stack is made for it. */
const over = "over";

interface Waiting {
  readonly dueMs: number;
  readonly onLate: () => void;
}

export function createLate(clock: Clock, limitMs: number): Late {
  const waiting = new Set<Waiting>(); // in the order in which they are due
  let watch: AbortController | undefined;

  /** What is over within its first turn costs no timer. */
  const keepWatch = async (watched: AbortController): Promise<void> => {
    await clock.turn();
    for (let [first] = waiting; first; [first] = waiting) {
      await clock.sleep(first.dueMs - clock.monotonicMs(), watched.signal);
      if (watched.signal.aborted) return;
      for (const one of waiting) {
        if (one.dueMs > clock.monotonicMs()) break;
        waiting.delete(one);
        one.onLate();
      }
    }
    if (watch === watched) watch = undefined;
  };

  return (onLate) => {
    const one: Waiting = { dueMs: clock.monotonicMs() + limitMs, onLate };
    waiting.add(one);
    if (!watch) {
      watch = new AbortController();
      void keepWatch(watch);
    }
    return () => {
      waiting.delete(one);
      if (waiting.size > 0) return;
      watch?.abort(over);
      watch = undefined;
    };
  };
}
