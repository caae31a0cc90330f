// The identity of a call. Derived from what is wished, never from the time: a repeat after any crash is the same call.
import { createHash } from "node:crypto";
import { canonicalJson } from "../store/canonical_json.ts";

export interface CallIdentity {
  readonly instance: string;
  readonly mode: "test" | "live";
  readonly verb: string;
  readonly subject: string;
  readonly attempt: number;
  readonly step: string;
  readonly n: number;
}

/** `bursar:` and 32 characters: well under Stripe's 255. */
export function idempotencyKey(call: CallIdentity): string {
  const { instance, mode, verb, subject, attempt, step, n } = call;
  const text = [instance, mode, verb, subject, attempt, step, n].join("|");
  return `bursar:${createHash("sha256").update(text).digest("base64url").slice(0, 32)}`;
}

/** Equal for equal parameters, whatever the order of their names. */
export function paramsHash(params: unknown): string {
  return createHash("sha256").update(canonicalJson(params)).digest("hex");
}

/** An id that follows from what it stands for, so that two observers of one thing make the same row. */
export function derivedId(prefix: string, text: string): string {
  const digest = createHash("sha256").update(text).digest("base64url").replace(/[-_]/g, "");
  return `${prefix}_${digest.slice(0, 28)}`;
}
