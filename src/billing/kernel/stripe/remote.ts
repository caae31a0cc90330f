// What Stripe answers.

/** One of Stripe's objects, as it came over the wire. */
export type Remote = { readonly id: string; readonly object: string } & Readonly<Record<string, unknown>>;
