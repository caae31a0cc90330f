// The newest moves, events and deliveries, for whoever wants to know how an object came to be as it is. A ring: what it
// keeps does not grow with what happens.
import type { Instant } from "#kit/clock.ts";

/** One thing that happened, for whoever watches. */
export interface SandboxLine {
  readonly at: Instant;
  readonly kind: "request" | "move" | "event" | "delivery";
  readonly account: string;
  readonly id: string;
  readonly text: string;
}

export interface History {
  add(line: SandboxLine): void;
  /** Of one object, oldest first. */
  of(id: string): SandboxLine[];
  /** Of all, newest first. */
  newest(count: number): SandboxLine[];
  /** Of all, oldest first. */
  all(): readonly SandboxLine[];
  clear(): void;
  /** Told of each that is added. */
  listen(listener: (line: SandboxLine) => void): void;
}

/** A few megabytes; a day of development fits. */
const linesKeptMax = 20_000;

export function createHistory(): History {
  const ring: SandboxLine[] = [];
  let next = 0;
  let tell: (line: SandboxLine) => void = () => {};
  const inOrder = (): SandboxLine[] => [...ring.slice(next), ...ring.slice(0, next)];
  return {
    add(line) {
      ring[next] = line;
      next = (next + 1) % linesKeptMax;
      tell(line);
    },
    of: (id) => inOrder().filter((line) => line.id === id),
    newest: (count) => inOrder().slice(-count).reverse(),
    all: inOrder,
    clear() {
      ring.length = 0;
      next = 0;
    },
    listen(listener) {
      tell = listener;
    },
  };
}
