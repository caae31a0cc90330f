// What stands in the order of time, then of filing. Its cost grows with what is due, not with what exists: filing,
// taking and withdrawing each cost the logarithm of what stands there.
import type { Instant } from "#kit/clock.ts";

export interface Dated {
  readonly at: Instant;
  /** In the agenda's hands: the order of filing, and where it stands now. */
  place?: Place;
}

export interface Place {
  readonly order: number;
  index: number;
}

export interface Agenda<E extends Dated> {
  add(entry: E): void;
  /** Answers whether it stood there. */
  remove(entry: E): boolean;
  first(): E | undefined;
}

type Placed<E> = E & { place: Place };

export function createAgenda<E extends Dated>(): Agenda<E> {
  const heap: Placed<E>[] = [];
  let order = 0;
  return {
    add(entry) {
      entry.place = { order: order++, index: heap.length };
      heap.push(entry as Placed<E>); // By the line above.
      rise(heap, entry as Placed<E>);
    },
    remove({ place }) {
      if (!place || heap[place.index]?.place !== place) return false;
      const { index } = place;
      const last = heap.pop()!; // It holds the entry at least.
      if (last.place === place) return true;
      put(heap, last, index);
      rise(heap, last);
      sink(heap, last);
      return true;
    },
    first: () => heap[0],
  };
}

function isBefore(a: Placed<Dated>, b: Placed<Dated>): boolean {
  return a.at < b.at || (a.at === b.at && a.place.order < b.place.order);
}

function put<E extends Dated>(heap: Placed<E>[], entry: Placed<E>, index: number): void {
  heap[index] = entry;
  entry.place.index = index;
}

function rise<E extends Dated>(heap: Placed<E>[], entry: Placed<E>): void {
  while (entry.place.index > 0) {
    const { index } = entry.place;
    const parent = heap[(index - 1) >> 1]!; // A parent of an index above 0.
    if (!isBefore(entry, parent)) return;
    put(heap, entry, parent.place.index);
    put(heap, parent, index);
  }
}

function sink<E extends Dated>(heap: Placed<E>[], entry: Placed<E>): void {
  for (;;) {
    const { index } = entry.place;
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const child = left && right && isBefore(right, left) ? right : left;
    if (!child || !isBefore(child, entry)) return;
    put(heap, entry, child.place.index);
    put(heap, child, index);
  }
}
