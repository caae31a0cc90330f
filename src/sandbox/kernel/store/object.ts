// What is stored: an object of Stripe's with what the sandbox remembers of it.

/** What the sandbox remembers about an object and never shows. Symbols survive a spread and are left out of JSON. */
export const hidden: unique symbol = Symbol("hidden");

export interface Hidden {
  readonly [hidden]?: Readonly<Record<string, unknown>>;
}

/** Stripe's `object`, stored in the newest shape. Never mutated: a change makes a new object. */
export interface StripeObject extends Hidden {
  readonly id: string;
  readonly object: string;
}

/** What an event may tell of without its having an id: a balance. */
export interface IdlessObject extends Hidden {
  readonly object: string;
  readonly id?: never;
}

export type Shape = StripeObject | IdlessObject;
