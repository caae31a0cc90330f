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

/** A heap in which each has four below it. Their instants stand beside them, so that most are compared unseen. */
interface Heap<E extends Dated> {
  readonly entries: Placed<E>[];
  readonly instants: Instant[];
}

const width = 4;

export function createAgenda<E extends Dated>(): Agenda<E> {
  const heap: Heap<E> = { entries: [], instants: [] };
  const { entries, instants } = heap;
  let order = 0;
  return {
    add(entry) {
      entry.place = { order: order++, index: entries.length };
      put(heap, entry as Placed<E>, entries.length); // By the line above.
      rise(heap, entries.length - 1);
    },
    remove({ place }) {
      if (!place || entries[place.index]?.place !== place) return false;
      const { index } = place;
      const last = entries.pop()!; // It holds the entry at least.
      instants.pop();
      if (last.place === place) return true;
      put(heap, last, index);
      rise(heap, index);
      sink(heap, last.place.index);
      return true;
    },
    first: () => entries[0],
  };
}

function rise<E extends Dated>(heap: Heap<E>, from: number): void {
  for (let index = from; index > 0; ) {
    const parent = Math.floor((index - 1) / width);
    if (!isBefore(heap, index, parent)) return;
    swap(heap, index, parent);
    index = parent;
  }
}

function sink<E extends Dated>(heap: Heap<E>, from: number): void {
  const { length } = heap.entries;
  for (let index = from; ; ) {
    const begin = width * index + 1;
    let first = begin;
    for (let child = begin + 1; child < Math.min(begin + width, length); child++) {
      if (isBefore(heap, child, first)) first = child;
    }
    if (first >= length || !isBefore(heap, first, index)) return;
    swap(heap, index, first);
    index = first;
  }
}

/** Both stand there. */
function isBefore<E extends Dated>({ entries, instants }: Heap<E>, one: number, other: number): boolean {
  const at = instants[one]!;
  const than = instants[other]!;
  return at < than || (at === than && entries[one]!.place.order < entries[other]!.place.order);
}

function swap<E extends Dated>(heap: Heap<E>, one: number, other: number): void {
  const entry = heap.entries[one]!; // Both stand there.
  put(heap, heap.entries[other]!, one);
  put(heap, entry, other);
}

function put<E extends Dated>({ entries, instants }: Heap<E>, entry: Placed<E>, index: number): void {
  entries[index] = entry;
  instants[index] = entry.at;
  entry.place.index = index;
}
