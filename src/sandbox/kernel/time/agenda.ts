// What is due later: deliveries, retries, settlements. Ordered by time, then by the order of asking; its cost grows
// with what is due, not with what exists. One loop works it off; without the loop nothing happens by itself.
import type { Clock, Instant } from "#kit/clock.ts";

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly work: () => void;
}

export interface Agenda {
  /** `work` is synchronous: a unit, or the start of something that runs on its own. */
  at(instant: Instant, work: () => void): void;
  /** Runs until the signal is aborted. */
  loop(signal: AbortSignal): Promise<void>;
  nextAt(): Instant | undefined;
  /** Forgets everything: another world is about to be restored. */
  clear(): void;
}

export function createAgenda(clock: Clock): Agenda {
  const heap: Entry[] = [];
  let order = 0;
  let wake: () => void = () => {};

  const runDue = (): void => {
    for (let first = heap[0]; first && first.at <= clock.now(); first = heap[0]) {
      popFirst(heap);
      first.work();
    }
  };

  const waitForNext = (signal: AbortSignal): Promise<void> => {
    const early = new AbortController();
    const woken = new Promise<void>((resolve) => {
      wake = () => {
        early.abort();
        resolve();
      };
    });
    const stop = () => wake();
    signal.addEventListener("abort", stop, { once: true });
    const first = heap[0];
    const waiting = first ? clock.sleep(Math.max(0, first.at - clock.now()), early.signal) : woken;
    return waiting.then(() => signal.removeEventListener("abort", stop));
  };

  return {
    at(instant, work) {
      const entry = { at: instant, order: order++, work };
      push(heap, entry);
      if (heap[0] === entry) wake();
    },
    async loop(signal) {
      while (!signal.aborted) {
        runDue();
        await waitForNext(signal);
      }
    },
    nextAt: () => heap[0]?.at,
    clear: () => {
      heap.length = 0;
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(entry, heap[parent]!)) break; // A parent of an index above 0.
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = entry;
}

function popFirst(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left; // Both inside.
    if (!isBefore(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
}
