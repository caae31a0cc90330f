// What subscriptions go by where nobody says otherwise.
import { dayMs, hourMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const subscriptionDefaults = {
  /** https://docs.stripe.com/billing/subscriptions/overview#subscription-lifecycle */
  incompleteMs: usual("milliseconds in which a first invoice may be paid", 23 * hourMs, "documented"),
  /** https://docs.stripe.com/billing/subscriptions/pause#payment-behavior */
  resumptionMs: usual(
    "milliseconds in which the invoice of what is resumed may be paid, where an attempt resumes it, or only a success",
    { attempt: 23 * hourMs, success: 365 * dayMs },
    "documented",
  ),
  /** https://docs.stripe.com/billing/subscriptions/usage-based/thresholds */
  thresholdMin: usual("of the smallest unit of a currency, what a billing threshold is at least", 50, "documented"),
  itemsMax: usual("items of a subscription", 20, "documented"),
  besideMax: usual("items beside those of a subscription that a call may bill", 20, "documented"),
  perCustomerMax: usual("subscriptions of a customer that are not over", 500, "documented"),
  /** https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage */
  perCustomerOnClockMax: usual("subscriptions of a customer on a test clock that are not over", 3, "documented"),
  /** https://docs.stripe.com/billing/subscriptions/trials */
  trialEndsSoonMs: usual("milliseconds before a trial's end at which that is said", 3 * dayMs, "documented"),
  trialDaysMax: usual("days of a trial", 730, "documented"),
  /** https://docs.stripe.com/billing/subscriptions/billing-mode */
  flexibleSince: usual("the first version whose subscriptions are flexible", "2025-09-30", "documented"),
  pendingIntervalMax: usual(
    "of each interval, how many may lie between invoices of what waits: a year",
    { day: 365, week: 52, month: 12, year: 1 },
    "declared",
  ),
  /** https://docs.stripe.com/billing/subscriptions/backdating */
  backdatedLinesMax: usual("lines of the time behind a subscription that began in the past", 250, "documented"),
  /** https://docs.stripe.com/api/invoices/create_preview */
  previewedItemsMax: usual("invoice items of a preview", 250, "declared"),
} satisfies Defaults;
