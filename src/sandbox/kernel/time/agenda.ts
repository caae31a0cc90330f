// What stands in the order of time, then of filing. Its cost grows with what is due, not with what exists: filing,
// taking and withdrawing each cost the logarithm of what stands there.
import type { Instant } from "#kit/clock.ts";

export interface Dated {
  readonly at: Instant;
}

export interface Agenda<E extends Dated> {
  add(entry: E): void;
  /** Answers whether it stood there. */
  remove(entry: E): boolean;
  first(): E | undefined;
}

interface Place<E> {
  readonly entry: E;
  readonly order: number;
  index: number;
}

export function createAgenda<E extends Dated>(): Agenda<E> {
  const heap: Place<E>[] = [];
  const places = new Map<E, Place<E>>();
  let order = 0;
  return {
    add(entry) {
      const place = { entry, order: order++, index: heap.length };
      places.set(entry, place);
      heap.push(place);
      rise(heap, place);
    },
    remove(entry) {
      const place = places.get(entry);
      if (!place) return false;
      places.delete(entry);
      const last = heap.pop()!; // It holds `place` at least.
      if (last === place) return true;
      put(heap, last, place.index);
      rise(heap, last);
      sink(heap, last);
      return true;
    },
    first: () => heap[0]?.entry,
  };
}

function isBefore<E extends Dated>(a: Place<E>, b: Place<E>): boolean {
  return a.entry.at < b.entry.at || (a.entry.at === b.entry.at && a.order < b.order);
}

function put<E>(heap: Place<E>[], place: Place<E>, index: number): void {
  heap[index] = place;
  place.index = index;
}

function rise<E extends Dated>(heap: Place<E>[], place: Place<E>): void {
  while (place.index > 0) {
    const { index } = place;
    const parent = heap[(index - 1) >> 1]!; // A parent of an index above 0.
    if (!isBefore(place, parent)) return;
    put(heap, place, parent.index);
    put(heap, parent, index);
  }
}

function sink<E extends Dated>(heap: Place<E>[], place: Place<E>): void {
  for (;;) {
    const { index } = place;
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const child = left && right && isBefore(right, left) ? right : left;
    if (!child || !isBefore(child, place)) return;
    put(heap, place, child.index);
    put(heap, child, index);
  }
}
