// An index of a collection: at which positions a value was met in a field, ascending. Most values stand once, so one
// position stands as itself; only a second one makes a list. An entry may name a position whose object has moved on.
import { hidden, type StripeObject } from "./object.ts";

type Positions = number | number[];

export interface Index {
  readonly field: string;
  /** Where its values stand: behind a field, a path, or in what is hidden. */
  readonly path: readonly string[];
  readonly isHidden: boolean;
  readonly byValue: Map<string, Positions>;
  /** Some object has another value by now: what stands under its former one is to be compared again. */
  hasMoved: boolean;
  /** What was looked up last, and where it was met. A unit asks for the same few values again and again. */
  metValue: string | undefined;
  metAt: Positions | undefined;
}

export function newIndex(field: string): Index {
  const path = field.split(".");
  const isHidden = path[0] === "hidden" && path.length > 1;
  return {
    field,
    path: isHidden ? path.slice(1) : path,
    isHidden,
    byValue: new Map(),
    hasMoved: false,
    metValue: undefined,
    metAt: undefined,
  };
}

/** Where the value was met, ascending. */
export function positionsOf(index: Index, value: string): readonly number[] {
  const positions = lookUp(index, value);
  if (positions === undefined) return [];
  return typeof positions === "number" ? [positions] : positions;
}

/** The same, as it stands there: once, or several times. */
export function lookUp(index: Index, value: string): Positions | undefined {
  if (index.metValue !== value) {
    index.metAt = index.byValue.get(value);
    index.metValue = value;
  }
  return index.metAt;
}

/** Whether the object that was entered under the value has it still. */
export function hasValue(index: Index, object: StripeObject, value: string): boolean {
  if (!index.hasMoved) return true;
  const values = valuesOf(index, object);
  return typeof values === "string" ? values === value : (values?.includes(value) ?? false);
}

export function enter(index: Index, object: StripeObject, position: number): void {
  const values = valuesOf(index, object);
  if (typeof values === "string") addTo(index, values, position);
  else if (values) for (const value of values) addTo(index, value, position);
}

export interface Changed {
  readonly before: StripeObject;
  readonly after: StripeObject;
}

/** The object at the position is another one now. */
export function enterChanged(index: Index, { before, after }: Changed, position: number): void {
  if (rootOf(index, before) === rootOf(index, after)) return; // Nothing in it can be another.
  const known = valuesOf(index, before);
  const values = valuesOf(index, after);
  if (known === values) return;
  for (const value of listOf(values)) if (!listOf(known).includes(value)) addTo(index, value, position);
  if (!listOf(known).every((value) => listOf(values).includes(value))) index.hasMoved = true;
}

/** Takes the newest position back from where the object stands. */
export function leaveNewest(index: Index, object: StripeObject, position: number): void {
  const { byValue } = index;
  index.metValue = undefined;
  for (const value of listOf(valuesOf(index, object))) {
    const positions = byValue.get(value);
    if (positions === position) byValue.delete(value);
    if (typeof positions !== "object" || positions.at(-1) !== position) continue;
    positions.pop();
    if (positions.length === 0) byValue.delete(value);
  }
}

/** Forgets all positions up to this one under the values of the object. */
export function forgetUpTo(index: Index, object: StripeObject, position: number): void {
  const { byValue } = index;
  index.metValue = undefined;
  for (const value of listOf(valuesOf(index, object))) {
    const positions = byValue.get(value);
    if (positions === undefined) continue;
    if (typeof positions === "number") {
      if (positions <= position) byValue.delete(value);
      continue;
    }
    const front = firstIndex(positions.length, (at) => positions[at]! > position);
    if (front === positions.length) byValue.delete(value);
    else if (front * 2 >= positions.length) positions.splice(0, front);
  }
}

/** The first number for which the ascending condition holds, else `total`. */
export function firstIndex(total: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addTo(index: Index, value: string, position: number): void {
  const { byValue } = index;
  const positions = byValue.get(value);
  index.metValue = undefined;
  if (positions === undefined) {
    byValue.set(value, position);
  } else if (typeof positions === "number") {
    if (positions !== position) byValue.set(value, [Math.min(positions, position), Math.max(positions, position)]);
  } else if (positions.at(-1) !== undefined && positions.at(-1)! < position) {
    positions.push(position);
  } else {
    const place = firstIndex(positions.length, (at) => positions[at]! >= position);
    if (positions[place] !== position) positions.splice(place, 0, position);
  }
}

/** The part of an object that all of the index's values stand in. */
function rootOf({ path, isHidden }: Index, object: StripeObject): unknown {
  return isHidden ? object[hidden] : (object as unknown as Record<string, unknown>)[path[0] ?? ""];
}

/** One text stands as itself. */
type Values = string | readonly string[] | undefined;

function valuesOf({ path, isHidden }: Index, object: StripeObject): Values {
  const root = isHidden ? object[hidden] : object;
  return root && endsOf(root, path, 0);
}

/** What stands at the ends of a path, lists along it included; instants are indexed too. */
function endsOf(root: unknown, path: readonly string[], from: number): Values {
  let value = root;
  let at = from;
  while (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) return value.flatMap((one) => listOf(endsOf(one, path, at)));
    const step = path[at++];
    if (step === undefined) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (at < path.length) return undefined;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

function listOf(values: Values): readonly string[] {
  if (values === undefined) return [];
  return typeof values === "string" ? [values] : values;
}
