// Hop one of an event: verify, store, and only then say yes. Keeps invariant 1, acknowledged ⇒ stored, and invariant 9,
// a forged or stale event changes nothing. The rules: docs/design/events.md.
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { Kernel } from "../../contract/context.ts";
import { createRefused, type Refused } from "./refused.ts";
import { isSignedBy, parseSignatureHeader, toleranceMs } from "./signature.ts";
import { createStore } from "./store.ts";

/** Stripe's events are a few kB; the largest seen are invoices with hundreds of lines. */
const bodyBytesMax = 1024 * 1024;

export interface Inbox {
  /** Resolves after COMMIT. Throws Problem: 400 for what is forged or stale, 503 for "come back". */
  accept(body: Uint8Array, signatureHeader: string | null): Promise<{ status: 200 }>;
  /** Stores events that came by another road; answers how many were new. */
  store(bodies: readonly Uint8Array[]): Promise<number>;
  /** Resolves when nothing waits to be stored: working yields to acknowledging. */
  quiet(): Promise<void>;
  readonly refused: Refused;
}

export function createInbox(kernel: Kernel, secrets: readonly string[]): Inbox {
  const store = createStore(kernel);
  const refused = createRefused(kernel);
  return {
    async accept(body, signatureHeader) {
      await verify(kernel, refused, { body, signatureHeader, secrets });
      refused.accepted();
      await store.put(body);
      return { status: 200 };
    },
    async store(bodies) {
      const stored = await Promise.all(bodies.map((body) => store.put(body)));
      return stored.filter((isNew) => isNew).length;
    },
    quiet: store.quiet,
    refused,
  };
}

async function verify(
  kernel: Kernel,
  refused: Refused,
  input: { body: Uint8Array; signatureHeader: string | null; secrets: readonly string[] },
): Promise<void> {
  const refuse = (
    reason: "webhook_signature" | "webhook_stale" | "webhook_clock_unknown" | "too_large",
    text: string,
  ) => {
    refused.count(reason);
    kernel.ports.log.warn("inbox.refused", { reason, bytes: input.body.byteLength });
    return problem(reason, text, { hint: hints[reason] });
  };
  if (input.body.byteLength > bodyBytesMax) throw refuse("too_large", `A webhook of over ${bodyBytesMax} bytes`);
  const header = parseSignatureHeader(input.signatureHeader);
  if (!header || !isSignedBy(header, input.body, input.secrets)) {
    refused.unsigned(input.body);
    throw refuse("webhook_signature", "No signature of the webhook matched");
  }
  // Whoever signed it is worth the question: after a start, and after the machine has slept.
  if (!(await kernel.gateway.knowTime())) {
    throw refuse("webhook_clock_unknown", "How old the signature is cannot be told: Stripe's time is not known");
  }
  const ageMs = () => kernel.gateway.time.now() - header.timestamp * secondMs;
  // Nobody can sign what Stripe has not signed yet: its clock was set, and we have not heard of it.
  if (ageMs() < -toleranceMs) await kernel.gateway.askTime();
  if (Math.abs(ageMs()) <= toleranceMs) return;
  // Stripe signs each retry anew: only a replay of an old request looks like this.
  throw refuse("webhook_stale", `The signature is ${Math.round(ageMs() / secondMs)} s old`);
}

const hints = {
  webhook_signature: "Is the secret that of this endpoint, and is the body passed on byte for byte?",
  webhook_stale: "Was a captured request sent again? Stripe signs every retry anew.",
  webhook_clock_unknown: "Stripe tries again; the time is learnt from Stripe's first answer.",
  too_large: "Is it Stripe who sends this?",
} as const;
