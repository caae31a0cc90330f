// Chance as an argument. Seeded streams replay; the system's stream is for keys and secrets in production.
import { createHash, randomBytes, randomFillSync } from "node:crypto";

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [min, max]. */
  integer(min: number, max: number): number;
  /** So many letters of the alphabet, each as `integer` would choose it, behind what is to stand before them. */
  text(alphabet: string, length: number, before?: string): string;
  bytes(length: number): Uint8Array;
}

/** One named stream of a seed. sfc32: small, fast, passes PractRand; its state is the hash of seed and name. */
export function seededRandom(seed: number, stream: string): Random {
  const state = createHash("sha256").update(`${seed}|${stream}`).digest();
  let a = state.readInt32LE(0);
  let b = state.readInt32LE(4);
  let c = state.readInt32LE(8);
  let counter = 1;
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) word();
  return fromWords(word);
}

/** The operating system's chance. */
export function systemRandom(): Random {
  // An id takes 24 words, and asking the system for each would be two thirds of what a POST to the sandbox costs.
  let pool = new Uint32Array(0);
  let used = 0;
  const word = () => {
    if (used === pool.length) {
      if (used === 0) pool = new Uint32Array(poolWords);
      randomFillSync(pool);
      used = 0;
    }
    return pool[used++]!; // Inside the pool.
  };
  return fromWords(word, (length) => new Uint8Array(randomBytes(length)));
}

const poolWords = 4_096;

/** Longer than any id. */
const scratchBytes = 64;

function fromWords(word: () => number, bytes?: (length: number) => Uint8Array): Random {
  const words = 4_294_967_296;
  const next = () => word() / words;
  const scratch = Buffer.alloc(scratchBytes);
  return {
    next,
    // A string that grows letter by letter is a chain of pieces, which whoever hashes it has to put together.
    text(alphabet, length, before = "") {
      const end = before.length + length;
      const letters = end > scratchBytes ? Buffer.alloc(end) : scratch;
      for (let i = 0; i < before.length; i++) letters[i] = before.charCodeAt(i);
      for (let i = before.length; i < end; i++) {
        letters[i] = alphabet.charCodeAt(Math.floor((word() / words) * alphabet.length));
      }
      return letters.toString("latin1", 0, end);
    },
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    bytes: bytes ?? ((length) => Uint8Array.from({ length }, () => word() & 0xff)),
  };
}
