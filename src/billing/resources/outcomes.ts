// From the end of an operation to what a command answers. A decline is an answer; a failure is a Problem.
import { type Problem, problem } from "#kit/problems.ts";
import type { Refusal } from "../kernel/contract/manifest.ts";
import type { Ended } from "../kernel/journal/operations.ts";

export function refusalOf(ended: Ended): Refusal {
  return ended.outcome as unknown as Refusal;
}

/** What an operation's row says of its end. */
export function refusalIn(outcome: string | null): Refusal | null {
  return outcome === null ? null : (JSON.parse(outcome) as Refusal);
}

/** What Stripe found wrong with our call, or why the operation waits for a human. */
export function failureOf(ended: Ended, what: string): Problem {
  const details = { operation: ended.operationId };
  if (ended.state === "parked") {
    return problem("operation_parked", `${what} waits for a human`, {
      hint: "The same idempotency key met other parameters. See the flags of this installation.",
      details,
    });
  }
  if (ended.state === "canceled") return problem("wrong_state", `${what} was canceled before it was sent`, { details });
  const { message, code, http, type } = refusalOf(ended);
  if (type === "ended_by_hand") {
    const hint = "Give the command again with the next attempt.";
    return problem("wrong_state", `${what} was ended by hand: ${message}`, { hint, details });
  }
  return problem("stripe_refused", `${what}: ${message}`, {
    hint: "Correct what Stripe names, then give the command again with the next attempt.",
    details: { ...details, code, status: http },
  });
}
