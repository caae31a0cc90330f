// How Stripe delivers webhooks. https://docs.stripe.com/workbench/webhooks
import { minuteMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../kernel/words/defaults.ts";

const minutes = (...each: readonly number[]): readonly number[] => each.map((count) => count * minuteMs);

export const deliveryDefaults = {
  /** Up to three days. */
  livePausesMs: usual(
    "milliseconds before the second, third … try of a delivery in live mode",
    minutes(5, 30, 120, 300, 600, 720, 720, 720, 720, 720),
    "recorded",
  ),
  /** Three times more over a few hours, at instants that nobody has published. */
  testPausesMs: usual("the same in test mode", minutes(5, 30, 120), "inferred"),
  answerTimeoutMs: usual("milliseconds that an endpoint has to answer", 10_000, "recorded"),
  /** For as long as Stripe waits with a clock; a receiver that is slower must not stop it. */
  clockHeldMs: usual("milliseconds that a test clock waits for the answer to invoice.created", 10_000, "inferred"),
} satisfies Defaults;
