// A savepoint inside a unit. What happens by itself has nobody to refuse to: a renewal that cannot be paid is news, not
// a bug. So whoever acts in a tick tries what callers are refused for, and gets the refusal as a value.
import { StripeError } from "../words/errors.ts";
import { backTo, type Unit } from "./unit.ts";

/**
 * What the work answers, or its refusal: then nothing of it is left, unless the refusal says `keep`, as a decline does.
 * A bug is thrown on. `const paid = tried(unit, () => confirm(unit, intent, params))`.
 */
export function tried<T>(unit: Unit, work: () => T): T | StripeError {
  const takeBack = savepoint(unit);
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    if (!error.keep) takeBack();
    return error;
  }
}

/** What the work would come to; nothing of it is left. `imagined(unit, () => shownNow(unit, renewed(unit, id)))`. */
export function imagined<T>(unit: Unit, work: () => T): T {
  const takeBack = savepoint(unit);
  try {
    return work();
  } finally {
    takeBack();
  }
}

/** From here on all that the unit has written, said and asked for can be taken back. */
function savepoint(unit: Unit): () => void {
  const written = unit.writes.length;
  const events = unit.events.length;
  const lines = unit.lines.length;
  const afterwards = unit.afterwards.length;
  return () => {
    backTo(unit, written);
    unit.events.length = events;
    unit.lines.length = lines;
    unit.afterwards.length = afterwards;
  };
}

/** What a door says instead of refusing: what a caller would be told. */
export interface Refused {
  readonly outcome: "refused";
  readonly error: StripeError;
}

/**
 * A door: what the work came to, or its refusal as one more outcome.
 * `orRefused(unit, () => ({ outcome: "sent", payout: send(unit, draft) }))`.
 */
export function orRefused<D extends { readonly outcome: string }>(unit: Unit, work: () => D): D | Refused {
  const done = tried(unit, work);
  return done instanceof StripeError ? { outcome: "refused", error: done } : done;
}

/** For a route: the refusal becomes the answer. `answered(payOut(unit, params)).payout`. */
export function answered<D extends { readonly outcome: string }>(done: D | Refused): D {
  if (isRefused(done)) throw done.error;
  return done;
}

function isRefused(done: { readonly outcome: string }): done is Refused {
  return done.outcome === "refused";
}
