// The newest moves, events and deliveries, for whoever wants to know how an object came to be as it is. A ring: what it
// keeps does not grow with what happens.
import type { SandboxLine } from "../state/world.ts";

export interface History {
  add(line: SandboxLine): void;
  /** Of one object, oldest first. */
  of(id: string): SandboxLine[];
  /** Of all, newest first. */
  newest(count: number): SandboxLine[];
}

/** A few megabytes; a day of development fits. */
const linesKeptMax = 20_000;

export function createHistory(): History {
  const ring: SandboxLine[] = [];
  let next = 0;
  const inOrder = (): SandboxLine[] => [...ring.slice(next), ...ring.slice(0, next)];
  return {
    add(line) {
      ring[next] = line;
      next = (next + 1) % linesKeptMax;
    },
    of: (id) => inOrder().filter((line) => line.id === id),
    newest: (count) => inOrder().slice(-count).reverse(),
  };
}
