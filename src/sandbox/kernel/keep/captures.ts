// What events have captured, as lines of text. Each version of an object stands once, under a number: with the object's
// own line, or before the first event that shows it. Captures name numbers. The charge of `charge.succeeded` is the one
// that `payment_intent.succeeded` lists for old versions, and mostly it is the charge as it is now. Versions live as
// long as the events that show them: a file that is written anew leaves out the others.
import assert from "node:assert/strict";
import { hidden, type Shape } from "../state/noun.ts";
import {
  type Beside,
  besideOf,
  type Capture,
  composed,
  objectOf,
  oneOrSeveral,
  type Shown,
  several,
} from "../store/shown.ts";

/** One version of an object, with what is hidden of it. */
export type VersionEntry = readonly ["version", number, Shape, Shape[typeof hidden] | null];

interface NumberedShown {
  readonly object: number;
  readonly beside?: Readonly<Record<string, { readonly shown: readonly NumberedShown[]; readonly total: number }>>;
}

export interface NumberedCapture {
  readonly after: NumberedShown;
  readonly before?: NumberedShown;
}

/** The capture in numbers. */
export function numberedCapture({ after, before }: Capture, numberOf: (object: Shape) => number): NumberedCapture {
  const of = (shown: Shown) => numberedShown(shown, numberOf);
  return before ? { after: of(after), before: of(before) } : { after: of(after) };
}

function numberedShown(whole: Shown, numberOf: (object: Shape) => number): NumberedShown {
  const number = numberOf(objectOf(whole));
  const beside = besideOf(whole);
  if (!beside) return { object: number };
  const fields = Object.entries(beside).map(([field, stands]) => {
    const { shown, total } = several(stands);
    return [field, { shown: shown.map((one) => numberedShown(one, numberOf)), total }] as const;
  });
  return { object: number, beside: Object.fromEntries(fields) };
}

/** The versions of the lines read so far, by their numbers. */
export type Versions = Map<number, Shape>;

export function readVersion(versions: Versions, [, number, shown, secret]: VersionEntry): void {
  versions.set(number, secret ? { ...shown, [hidden]: secret } : shown);
}

export function captureOf(versions: Versions, { after, before }: NumberedCapture): Capture {
  const of = (numbered: NumberedShown) => shownOf(versions, numbered);
  return before ? { after: of(after), before: of(before) } : { after: of(after) };
}

function shownOf(versions: Versions, { object: number, beside }: NumberedShown): Shown {
  const object = versions.get(number);
  assert(object, `version ${number} stands before the event that shows it`);
  if (!beside) return object;
  const fields = Object.entries(beside).map(([field, { shown, total }]): [string, Beside] => {
    const all = shown.map((one) => shownOf(versions, one));
    return [field, oneOrSeveral(all, total)];
  });
  return composed(object, Object.fromEntries(fields));
}
