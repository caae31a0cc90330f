// How the objects of a noun look: in older versions, in an event, to a browser, in an old file, to a human. It is the
// pure part of a manifest, and all of it that rendering and keeping ask for.
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

/**
 * What a human is told of an object beside its own fields, when they look at it from inside: how it came here, and what
 * is still to come.
 */
export interface Told {
  readonly chapters: readonly Chapter[];
  /** The ids of those whose coming work is its own too. */
  readonly concerns: readonly string[];
}

/** A table; its columns are named as Stripe names the fields, in the order of the first row. */
export interface Chapter {
  /** For programs. */
  readonly name: string;
  readonly title: string;
  /** Oldest first. */
  readonly rows: readonly Readonly<Record<string, Fact>>[];
}

/** What stands in a cell. A text may name ids; null is left empty. */
export type Fact =
  | string
  | number
  | null
  | { readonly second: number }
  /** One of Stripe's: a status, a reason. */
  | { readonly word: string }
  | { readonly amount: number; readonly currency: string };
