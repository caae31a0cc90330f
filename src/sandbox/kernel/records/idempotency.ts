// Stripe's promise about `Idempotency-Key`: the first finished answer is given again for 24 hours, a failure included.
// What is kept is the answer's tree, which shares its objects with the store, so a kept answer costs next to nothing.
// https://docs.stripe.com/api/idempotent_requests

import { hash } from "node:crypto";
import type { Instant } from "#kit/clock.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";

export interface KeptAnswer {
  readonly path: string;
  /** Of the parameters in any order. The body itself is not kept: it may hold what must not be kept. */
  readonly bodyHash: string;
  readonly requestId: string;
  readonly at: Instant;
  /** When the first request has its answer: later than `at` when a fault makes it slow. */
  readonly readyAt: Instant;
  readonly answer: { readonly status: number; readonly json: object };
}

const keptMs = commonDefaults.keyKeptMs.value;
const keyLengthMax = commonDefaults.keyLength.value;

/** The answer to give again, or undefined: then the request runs and its answer is kept under the key. */
export function keptAnswer(
  kept: Map<string, KeptAnswer>,
  request: { key: string; path: string; bodyHash: string; now: Instant },
): KeptAnswer | undefined {
  const { key, path, bodyHash, now } = request;
  if (key === "") throw refusal(common.idempotencyKeyEmpty, {}, beforeWork);
  if (key.length > keyLengthMax) {
    throw refusal(common.idempotencyKeyTooLong, { limit: keyLengthMax }, beforeWork);
  }
  forgetOld(kept, now);
  const entry = kept.get(key);
  if (!entry) return undefined;
  if (entry.path !== path) {
    throw refusal(common.idempotencyOtherEndpoint, { first: path, second: entry.path, key }, beforeWork);
  }
  if (entry.bodyHash !== bodyHash) throw refusal(common.idempotencyOtherParameters, { key }, beforeWork);
  if (now < entry.readyAt) throw refusal(common.idempotencyInProgress, { key }, beforeWork);
  return entry;
}

/** The same parameters in another order are the same parameters, wherever they stand. */
export function hashOfParams(query: string, body: string): string {
  const pairs = [query, body].filter((part) => part !== "").flatMap((part) => part.split("&"));
  return hash("sha256", pairs.sort().join("&"), "base64");
}

/** The map is in the order of insertion, so the old ones stand in front. */
function forgetOld(kept: Map<string, KeptAnswer>, now: Instant): void {
  for (const [key, entry] of kept) {
    if (now - entry.at < keptMs) return;
    kept.delete(key);
  }
}
