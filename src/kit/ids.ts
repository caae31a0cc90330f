// Identifiers out of a stream of chance, in the alphabet Stripe uses after its prefixes.
import type { Random } from "./random.ts";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export interface Ids {
  /** `next("evt", 24)` is `evt_` and 24 letters or digits. */
  next(prefix: string, length?: number): string;
  /** `after("in_1", 23)` is `in_1` and 23 letters or digits: one piece of text, as stores look it up. */
  after(before: string, length: number): string;
  /** Letters and digits alone: the tail of a secret, a token. */
  text(length: number): string;
}

/** 24 characters of 62 are 142 bits: enough for anything that must not be guessed. */
const idLengthDefault = 24;

export function createIds(random: Random): Ids {
  const after = (before: string, length: number): string => random.text(alphabet, length, before);
  return {
    after,
    text: (length) => after("", length),
    next: (prefix, length = idLengthDefault) => after(`${prefix}_`, length),
  };
}
