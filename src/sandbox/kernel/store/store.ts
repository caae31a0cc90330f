// The memory of one account. A write costs the same in an empty store and in one of a million objects: objects stand in
// the order of their making, an index holds positions in that order, and a list walks backwards from its cursor.
//
// - A position is an object's for good: a deleted one leaves a hole, and when the oldest are forgotten, `base` goes up.
// - An id that was erased may come again: then it stands at a place of its own, and leaves the hole to nobody.
// - An index may name positions whose object has moved on; readers compare the field again.
// - An index is a field, a path (`items.data.id`: each of a list counts) or what is hidden (`hidden.invoice`).
// - An index is made when somebody asks by it for the first time, and kept from then on. Most that may be asked by
//   never are. So is the map by id: nobody asks for most events.
import assert from "node:assert/strict";
import {
  enter,
  enterChanged,
  firstIndex,
  forgetUpTo,
  hasValue,
  type Index,
  leaveNewest,
  lookUp,
  newIndex,
  positionsOf,
} from "./index_of.ts";
import type { StripeObject } from "./object.ts";
import { type CreatedRange, emptyStretch, forgetSpans, newSpans, type Spans, widen } from "./spans.ts";

export interface Collection {
  /** The position of the first item that is held. */
  base: number;
  /** Before this position all is forgotten: what is still held there waits to go in bulk. */
  first: number;
  readonly items: (StripeObject | undefined)[];
  /** Seconds, in no order: see spans.ts. */
  readonly createdAt: number[];
  readonly spans: Spans;
  /** Where each id stands, or stood before it was erased. */
  position: Map<string, number> | undefined;
  /** The position that was met last. A unit asks for the same few objects again and again. */
  met: number;
  /** Where ids stood before that came again. */
  readonly formerly: Map<string, number>;
  /** The fields and paths that may be asked for. */
  readonly fields: readonly string[];
  /** Of those that have been. */
  readonly indices: Index[];
}

export function newCollection(fields: readonly string[], spans = newSpans()): Collection {
  const start = { base: 0, first: 0, met: 0, position: undefined };
  return { ...start, items: [], createdAt: [], spans, formerly: new Map(), fields, indices: [] };
}

export function find(collection: Collection, id: string): StripeObject | undefined {
  const at = positionOf(collection, id);
  return at === undefined ? undefined : collection.items[at - collection.base];
}

/** Whether it ever was here, and is not forgotten. */
export function isKnown(collection: Collection, id: string): boolean {
  return positionOf(collection, id) !== undefined;
}

/** All that are known, in the order of their making. */
export function idsOf(collection: Collection): Iterable<string> {
  return positions(collection).keys();
}

export function isEmpty({ base, first, items }: Collection): boolean {
  return base + items.length === first;
}

function positionOf(collection: Collection, id: string): number | undefined {
  const { base, items, met } = collection;
  if (items[met - base]?.id === id) return met;
  const position = positions(collection).get(id);
  if (position !== undefined) collection.met = position;
  return position;
}

function positions(collection: Collection): Map<string, number> {
  collection.position ??= makePositions(collection);
  return collection.position;
}

/** Of all that stand there now: none of them was erased, since that asks where it stands. */
function makePositions({ base, items }: Collection): Map<string, number> {
  return new Map(items.flatMap((object, at) => (object ? [[object.id, base + at]] : [])));
}

export interface Standing {
  /** None where one was erased. */
  readonly object: StripeObject | undefined;
  /** The second that it was made in. */
  readonly created: number;
}

/** Undefined for what never was here, or is forgotten. */
export function standingOf(collection: Collection, id: string): Standing | undefined {
  const { base, items, createdAt } = collection;
  const at = positionOf(collection, id);
  return at === undefined ? undefined : { object: items[at - base], created: createdAt[at - base] ?? 0 };
}

/** All that are there, oldest first. */
export function living(collection: Collection | undefined): StripeObject[] {
  return collection?.items.filter((object) => object !== undefined) ?? [];
}

/** Those whose indexed field has the value now, oldest first. */
export function foundBy(collection: Collection, field: string, value: string): StripeObject[] {
  const index = indexOf(collection, field);
  const positions = lookUp(index, value);
  if (positions === undefined) return [];
  if (typeof positions !== "number") return foundAt(collection, index, { value, positions });
  const only = standingAt(collection, positions);
  return only && hasValue(index, only, value) ? [only] : [];
}

interface Met {
  readonly value: string;
  readonly positions: readonly number[];
}

function foundAt(collection: Collection, index: Index, { value, positions }: Met): StripeObject[] {
  const found: StripeObject[] = [];
  for (const position of positions) {
    const object = standingAt(collection, position);
    if (object && hasValue(index, object, value)) found.push(object);
  }
  return found;
}

/** The newest of them. */
export function newestBy(collection: Collection, field: string, value: string): StripeObject | undefined {
  const index = indexOf(collection, field);
  const positions = positionsOf(index, value);
  for (let at = positions.length - 1; at >= 0; at--) {
    const object = standingAt(collection, positions[at]!); // Inside of them.
    if (object && hasValue(index, object, value)) return object;
  }
  return undefined;
}

function indexOf(collection: Collection, field: string): Index {
  for (const index of collection.indices) if (index.field === field) return index;
  return makeIndex(collection, field);
}

/** Of all that stand there now. */
function makeIndex({ base, fields, indices, items }: Collection, field: string): Index {
  assert(fields.includes(field), `${field} is not indexed`);
  const index = newIndex(field);
  for (const [at, object] of items.entries()) if (object) enter(index, object, base + at);
  indices.push(index);
  return index;
}

function standingAt({ items, base, first }: Collection, position: number): StripeObject | undefined {
  return position < first ? undefined : items[position - base];
}

export function insert(collection: Collection, object: StripeObject, created: number): void {
  const position = collection.base + collection.items.length;
  if (collection.position) place(collection, collection.position, object.id);
  collection.items.push(object);
  collection.createdAt.push(created);
  collection.met = position;
  widen(collection.spans, position, created);
  for (const index of collection.indices) enter(index, object, position);
}

/** It will stand behind all others. */
function place({ base, items, formerly }: Collection, position: Map<string, number>, id: string): void {
  const hole = position.get(id);
  if (hole !== undefined) {
    if (items[hole - base] !== undefined) assert.fail(`${id} exists already`);
    formerly.set(id, hole);
    position.delete(id); // So that it stands last there too.
  }
  position.set(id, base + items.length);
}

/** Takes back the newest insert: only a dropped unit does this. */
export function takeBack(collection: Collection, id: string): void {
  const object = collection.items.pop();
  assert(object?.id === id, "units are undone in reverse order");
  collection.createdAt.pop();
  const hole = collection.formerly.get(id);
  if (hole === undefined) collection.position?.delete(id);
  else collection.position?.set(id, hole);
  collection.formerly.delete(id);
  const position = collection.base + collection.items.length;
  for (const index of collection.indices) leaveNewest(index, object, position);
}

export function replace(collection: Collection, object: StripeObject): StripeObject | undefined {
  const position = positionOf(collection, object.id);
  if (position === undefined) assert.fail(`${object.id} does not exist`);
  const before = collection.items[position - collection.base];
  collection.items[position - collection.base] = object;
  for (const index of collection.indices) {
    if (before) enterChanged(index, { before, after: object }, position);
    else enter(index, object, position);
  }
  return before;
}

/** Leaves a hole. The id keeps its place, so that it still serves as a cursor. */
export function remove(collection: Collection, id: string): StripeObject | undefined {
  const position = positions(collection).get(id); // Made before there is a hole.
  if (position === undefined) return undefined;
  const before = collection.items[position - collection.base];
  collection.items[position - collection.base] = undefined;
  return before;
}

/**
 * Lets go of the oldest for as long as they are over, `atMost` so many, and answers their ids, which are unknown from
 * then on. It is for nouns that never erase and whose indexed fields never change: a hole ends it, and an index entry
 * goes with the value that the object has at its end. The cost goes with what is let go of, not with what stays: an
 * array gives up its front only when that is half of it.
 */
export function forgetOldest(
  collection: Collection,
  atMost: number,
  isOver: (object: StripeObject) => boolean,
): string[] {
  const { items, createdAt, spans } = collection;
  const ids: string[] = [];
  while (ids.length < atMost) {
    const object = items[collection.first - collection.base];
    if (!object || !isOver(object)) break;
    items[collection.first - collection.base] = undefined;
    collection.position?.delete(object.id);
    for (const index of collection.indices) forgetUpTo(index, object, collection.first);
    ids.push(object.id);
    collection.first++;
  }
  const front = collection.first - collection.base;
  if (front * 2 < items.length || front === 0) return ids;
  items.splice(0, front);
  createdAt.splice(0, front);
  collection.base = collection.first;
  forgetSpans(spans, collection.base);
  return ids;
}

export interface Query {
  readonly limit: number;
  /** An indexed field and the value that it must have. */
  readonly by?: { readonly field: string; readonly value: string } | undefined;
  readonly created?: CreatedRange | undefined;
  readonly startingAfter?: string | undefined;
  readonly endingBefore?: string | undefined;
  readonly where?: ((object: StripeObject) => boolean) | undefined;
}

export interface Page {
  readonly items: StripeObject[];
  readonly hasMore: boolean;
}

/** Newest first. `startingAfter` and `endingBefore` are ids that exist: the caller has looked. */
export function page(collection: Collection, query: Query): Page {
  const isBackward = query.endingBefore !== undefined;
  const items: StripeObject[] = [];
  let hasMore = false;
  for (const position of candidates(collection, query)) {
    const object = collection.items[position - collection.base];
    if (!object || !matches(collection, object, query)) continue;
    hasMore = items.length === query.limit;
    if (hasMore) break;
    items.push(object);
  }
  return { items: isBackward ? items.reverse() : items, hasMore };
}

/** The positions that may be shown, from the cursor on, of objects created when they should be. */
function* candidates(collection: Collection, query: Query): Generator<number> {
  const { created } = query;
  const { base, first, createdAt } = collection;
  const positions = query.by && positionsBy(collection, query.by);
  const total = positions ? positions.length : base + collection.items.length;
  const at = (index: number): number => (positions ? positions[index]! : index); // Callers stay below `total`.
  const indexFrom = (position: number): number => firstIndex(total, (index) => at(index) >= position);
  const cursorId = query.startingAfter ?? query.endingBefore;
  const cursor = cursorId === undefined ? undefined : positionOf(collection, cursorId);
  const isBackward = query.endingBefore !== undefined;
  const low = indexFrom(cursor !== undefined && isBackward ? cursor + 1 : first);
  const high = cursor !== undefined && !isBackward ? indexFrom(cursor) : total;
  for (let index = isBackward ? low : high - 1; index >= low && index < high; index += isBackward ? 1 : -1) {
    const position = at(index);
    const empty = created && emptyStretch(collection.spans, position, created);
    if (empty) index = isBackward ? indexFrom(empty[1]) - 1 : indexFrom(empty[0]);
    else if (!created || isWithin(created, createdAt[position - base]!)) yield position; // One second per item.
  }
}

function positionsBy(collection: Collection, { field, value }: NonNullable<Query["by"]>): readonly number[] {
  return positionsOf(indexOf(collection, field), value);
}

function matches(collection: Collection, object: StripeObject, query: Query): boolean {
  if (query.by && !hasValue(indexOf(collection, query.by.field), object, query.by.value)) return false;
  return query.where ? query.where(object) : true;
}

export function isWithin(range: CreatedRange, second: number): boolean {
  if (range.gt !== undefined && second <= range.gt) return false;
  if (range.gte !== undefined && second < range.gte) return false;
  if (range.lt !== undefined && second >= range.lt) return false;
  return range.lte === undefined || second <= range.lte;
}
