// What Stripe refuses about test clocks. While one advances, calls that would write to what is on it are refused by the
// kernel.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  clockBusy: withStatus(
    429,
    invalid(null, "Test clock advancement underway - cannot perform modifications: {clock}", "recorded"),
  ),
  clockFailed: invalid(null, "The test clock {clock} has failed, and cannot be advanced. Delete it.", "inferred"),
  clockBackwards: withParam(
    "frozen_time",
    invalid(null, "A test clock can only be advanced: {time} is not after its frozen time, {frozen}.", "inferred"),
  ),
  clockTooFar: withParam(
    "frozen_time",
    invalid(
      null,
      "The frozen time of this clock is {frozen}. You can only advance it up to {furthest}. You can only advance a " +
        "test clock up to two intervals from the current frozen time at a time, based on the shortest subscription " +
        "interval in the test clock. For example, if a test clock has a monthly and yearly subscription, you may only " +
        "advance up to two months at a time. If the test clock has no subscriptions or subscription schedules, you can " +
        "advance up to 2 years from the current frozen time.",
      "recorded",
    ),
  ),
  customerOnClock: withParam(
    "customer",
    invalid(null, "The customer {customer} is attached to a test clock already.", "inferred"),
  ),
  clockInPast: withParam(
    "frozen_time",
    invalid(null, "The customer {customer} exists already: their test clock cannot begin in the past.", "inferred"),
  ),
} satisfies Refusals;
