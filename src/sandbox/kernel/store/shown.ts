// An object with what it shows beside itself, as both were at one moment. Stored objects are never changed, so all of
// this is references: what was captured once shows the same for ever. Events hold most of what there is, and most
// objects show nothing beside themselves, or one other: so both stand as themselves.
import type { Shape } from "./object.ts";

export type Shown = Shape | Composed;

export interface Composed {
  readonly object: Shape;
  /** By the embed's field; absent where nothing stands there. */
  readonly beside: Readonly<Record<string, Beside>>;
}

/** The one that is referred to, all that are owned, or the newest of a list. */
export type Beside = Shown | Several;

export interface Several {
  readonly shown: readonly Shown[];
  /** How many the list holds. */
  readonly total: number;
}

export function composed(object: Shape, beside: Composed["beside"] | undefined): Shown {
  return beside ? { object, beside } : object;
}

export function objectOf(shown: Shown): Shape {
  return isComposed(shown) ? shown.object : shown;
}

export function besideOf(shown: Shown): Composed["beside"] | undefined {
  return isComposed(shown) ? shown.beside : undefined;
}

function isComposed(shown: Shown): shown is Composed {
  return typeof shown.object === "object";
}

/** Of so many as there are in all; never of none. */
export function oneOrSeveral(shown: readonly Shown[], total: number): Beside {
  const [only] = shown;
  return only && total === 1 ? only : { shown, total };
}

export function several(beside: Beside): Several {
  return "shown" in beside ? beside : { shown: [beside], total: 1 };
}

/** What an event tells of: the object as the move left it, and as it was before where the event says so. */
export interface Capture {
  readonly after: Shown;
  readonly before?: Shown;
}

/** Where an event keeps its capture. A symbol, as with `hidden`: it survives a spread and is left out of JSON. */
export const captured: unique symbol = Symbol("captured");
