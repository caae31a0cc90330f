// What an answer of Stripe means for a call (docs/design/commands.md, rules 3 to 5).

import type { Instant } from "#kit/clock.ts";
import type { Remote } from "../contract/reacting.ts";
import type { Refusal } from "../contract/verb.ts";
import type { Answer } from "../stripe/gateway.ts";

export type Verdict =
  | {
      readonly kind: "done";
      readonly remote: Remote;
      readonly status: number;
      readonly begunAt: Instant;
      readonly isReplayed: boolean;
    }
  /** Stripe did nothing, or was not asked: the try does not count. */
  | { readonly kind: "key_rejected" | "unsent" }
  | { readonly kind: "unknown" | "finding"; readonly http: number | null }
  | {
      readonly kind: "refused";
      readonly state: "refused" | "failed" | "parked";
      readonly refusal: Refusal;
      /** What the path names is not there: for whoever wished that, it is done. */
      readonly gone?: { readonly begunAt: Instant };
    };

/** Pure: the whole table of answers. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.kind === "silence") return { kind: "unknown", http: null };
  if (answer.kind === "unsent") return { kind: "unsent" };
  const { status, body, isReplayed, begunAt } = answer;
  if (status < 300) return { kind: "done", remote: body as Remote, status, begunAt, isReplayed };
  if (status === 401 || status === 403) return { kind: "key_rejected" };
  const error = (body.error ?? {}) as Record<string, unknown>;
  const code = typeof error.code === "string" ? error.code : null;
  if (status >= 500) return { kind: isReplayed ? "finding" : "unknown", http: status };
  const isPassing = status === 409 || status === 429 || code === "lock_timeout" || code === "rate_limit";
  if (isPassing || status < 400) return { kind: "unknown", http: status };
  const refusal: Refusal = {
    http: status,
    type: String(error.type ?? ""),
    code,
    declineCode: typeof error.decline_code === "string" ? error.decline_code : null,
    message: String(error.message ?? `HTTP ${status}`),
  };
  const state = refusal.type === "idempotency_error" ? "parked" : status === 402 ? "refused" : "failed";
  const isGone = status === 404 && code === "resource_missing";
  return { kind: "refused", state, refusal, ...(isGone && { gone: { begunAt } }) };
}
