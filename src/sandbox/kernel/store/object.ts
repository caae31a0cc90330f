// What is stored: an object of Stripe's with what the sandbox remembers of it.

/** What the sandbox remembers about an object and never shows. Symbols survive a spread and are left out of JSON. */
export const hidden: unique symbol = Symbol("hidden");

export interface Hidden {
  readonly [hidden]?: Readonly<Record<string, unknown>>;
}

/** By their paths, the ids that fields mean where what they show is another object's by now: of plans made anew. */
export type Meant = Readonly<Record<string, string>>;

export function meantBy(object: Hidden): Meant | undefined {
  return object[hidden]?.meant as Meant | undefined; // Written by `meaning` only.
}

/** What an object remembers, and which ids its fields mean: `meaning(line, { "pricing.price_details.price": id })`. */
export function meaning({ [hidden]: memory }: Hidden, meant: Meant): Hidden {
  return { [hidden]: { ...memory, meant } };
}

/** Stripe's `object`, stored in the newest shape. Never mutated: a change makes a new object. */
export interface StripeObject extends Hidden {
  readonly id: string;
  readonly object: string;
}

/** What an event may tell of without its having an id: a balance. */
export interface IdlessObject extends Hidden {
  readonly object: string;
  readonly id?: undefined;
}

export type Shape = StripeObject | IdlessObject;
