// How the objects of a noun look: in older versions, in an event, to a browser, in an old file. It is the pure part of
// a manifest, and all of it that rendering and keeping ask for.
import type { Shown } from "../store/shown.ts";
import type { VersionChange } from "../versions/change.ts";
import type { Noun, StripeObject } from "./noun.ts";

/** One object in one version; what a noun with a rendering of its own is handed. */
export type Render = (shown: Shown, version: string) => object;

export interface Appearance<O extends StripeObject = StripeObject> {
  readonly noun: Noun<O>;
  /** How it looked and what its parameters meant before each family; newest first. */
  readonly versions?: readonly VersionChange[];
  /** For a noun that shows something else than what it stores: an event. */
  readonly show?: (object: O, render: Render) => object;
  /** From the shape in which an older Bursar kept it. */
  readonly revived?: (kept: O) => O;
  /** What a publishable key may see of it. */
  readonly reduced?: (object: O) => object;
}
