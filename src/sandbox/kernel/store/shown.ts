// An object with what it shows beside itself, as both were at one moment. Stored objects are never changed, so all of
// this is references: what was captured once shows the same for ever.
import type { Shape } from "./object.ts";

export interface Shown {
  readonly object: Shape;
  /** By the embed's field; absent where nothing stands beside it. */
  readonly beside?: Readonly<Record<string, Beside>>;
}

/** The one that is referred to, all that are owned, or the newest of a list. */
export interface Beside {
  readonly shown: readonly Shown[];
  /** How many the list holds. */
  readonly total: number;
}

/** What an event tells of: the object as the move left it, and as it was before where the event says so. */
export interface Capture {
  readonly after: Shown;
  readonly before?: Shown;
}

/** Where an event keeps its capture. A symbol, as with `hidden`: it survives a spread and is left out of JSON. */
export const captured: unique symbol = Symbol("captured");
