// What holds of a test clock. https://docs.stripe.com/billing/testing/test-clocks
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const testClockDefaults = {
  // Clocks of 2022 and 2024 were seen with it, https://github.com/stripe/stripe-python/issues/789; the API reference
  // still shows one of a week.
  lifeDays: usual("days until a test clock deletes itself", 30, "recorded"),
  advanceIntervals: usual(
    "intervals of its shortest subscription that a clock is advanced by at once, at most",
    2,
    "recorded",
  ),
  advanceMonths: usual("months that a clock without a subscription is advanced by at once, at most", 24, "documented"),
} satisfies Defaults;
