// Long work in slices: between two of them the event loop runs, so that a call is answered while a year goes by. All
// of one world share one pace, since they share the event loop.
import type { Clock } from "#kit/clock.ts";

export interface Pace {
  /** The slice is used up. */
  isOver(): boolean;
  /** Lets the event loop run, and begins a new slice. */
  turn(): Promise<void>;
}

/** A call that comes in the middle of one waits for a few of them at most: well under 50 ms. */
export const sliceMs = 10;

export function createPace(clock: Pick<Clock, "monotonicMs" | "turn">): Pace {
  let since = clock.monotonicMs();
  return {
    isOver: () => clock.monotonicMs() - since >= sliceMs,
    async turn() {
      await clock.turn();
      since = clock.monotonicMs();
    },
  };
}
