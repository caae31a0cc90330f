// From the end of an operation to what a command answers, for all verbs. A decline is an answer, a failure a Problem.
import { type Problem, problem } from "#kit/problems.ts";
import type { Outcome } from "../api/index.ts";
import type { Ended } from "../kernel/journal/operations.ts";

/** `what` was wished, for messages; `value` is what the command is about, as it stands now. */
export function outcomeOf<T>(ended: Ended<unknown>, { what, value }: { what: string; value: T }): Outcome<T> {
  if (ended.state === "done" && ended.isShown) return { outcome: "done", value };
  if (ended.state === "done" || ended.state === "open") {
    return { outcome: "processing", operationId: ended.operationId, value };
  }
  if (ended.state !== "refused") throw failureOf(ended, what);
  const { declineCode, code, message } = ended.refusal;
  return { outcome: "declined", value, reason: declineCode ?? code ?? "declined", code, declineCode, message };
}

type Failed = Extract<Ended<unknown>, { readonly refusal: unknown }>;

/** What Stripe found wrong with our call, or why nothing came of it. */
export function failureOf(ended: Failed, what: string): Problem {
  const { state, operationId, refusal } = ended;
  const details = { operation: operationId };
  const next = "Give the command again with the next attempt.";
  switch (state) {
    case "parked":
      return problem("operation_parked", `${what} waits for a human`, {
        hint: "Stripe's answer did not fit what was sent. See `flags.list()` and `operations.list()`.",
        details,
      });
    case "canceled":
      return problem("wrong_state", `${what} was canceled before it was sent`, { hint: "Nothing was done.", details });
    case "expired":
      return problem("wrong_state", `${what} was not carried out in time`, { hint: next, details });
    case "refused":
    case "failed": {
      if (refusal.type === "ended_by_hand") {
        return problem("wrong_state", `${what} was ended by hand: ${refusal.message}`, { hint: next, details });
      }
      return problem("stripe_refused", `${what}: ${refusal.message}`, {
        hint: "Correct what Stripe names, then give the command again with the next attempt.",
        details: { ...details, code: refusal.code, status: refusal.http },
      });
    }
  }
}
