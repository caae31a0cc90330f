// How sure it is what the sandbox holds to be true of Stripe. Every row of a table that it acts by says so itself, in
// one of these words, so that what nobody has confirmed can be counted, named, and asked of Stripe.

/** From the surest on. */
export const evidences = ["recorded", "documented", "declared", "inferred", "own"] as const;

/**
 * `recorded`: Stripe was seen to answer so, in recordings, logs or answers that people pasted; who saw it stands above
 * the row, where it is one place. `documented`: Stripe's documentation says it. `declared`: Stripe's SDKs declare it;
 * where they declare a code only, the words are ours. `inferred`: nobody saw it; it follows from other emulators, from
 * what is alike, or from memory, or is our pick where Stripe names a range or nothing. `own`: Stripe has no such thing;
 * it says what the sandbox lacks or adds.
 *
 * "Recorded" without another source is short for the answers of test mode under 2026-08-26.dahlia that
 * https://github.com/Kiln-AI/stripe_world keeps in tests/conformance/cassettes.
 */
export type Evidence = (typeof evidences)[number];

/** What every row is beside what it says. */
export interface Known {
  readonly evidence: Evidence;
}

/** A value that is as sure as that. */
export interface Sure<T> extends Known {
  readonly value: T;
}
