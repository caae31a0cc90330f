// Every try of every delivery, for whoever wants to know what became of an event. What is kept does not grow with what
// happens.
import type { Instant } from "#kit/clock.ts";

export interface Attempt {
  readonly at: Instant;
  readonly event: string;
  readonly type: string;
  readonly endpoint: string;
  /** 1 for the first try. */
  readonly number: number;
  readonly outcome: "delivered" | "failed" | "held" | "dropped";
  /** The status, or why there is none. */
  readonly answer: string;
}

export interface Attempts {
  add(attempt: Attempt): void;
  /** Oldest first. */
  all(): readonly Attempt[];
  clear(): void;
  /** Told of each that is added. */
  listen(listener: (attempt: Attempt) => void): void;
}

/** A day of development makes far fewer. */
const attemptsKeptMax = 10_000;

export function createAttempts(): Attempts {
  const log: Attempt[] = [];
  let tell: (attempt: Attempt) => void = () => {};
  return {
    add(attempt) {
      if (log.length >= attemptsKeptMax) log.splice(0, attemptsKeptMax / 10);
      log.push(attempt);
      tell(attempt);
    },
    all: () => log,
    clear: () => {
      log.length = 0;
    },
    listen(listener) {
      tell = listener;
    },
  };
}
