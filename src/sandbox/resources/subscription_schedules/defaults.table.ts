// What holds of schedules.
import { dayMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const scheduleDefaults = {
  /** https://docs.stripe.com/billing/subscriptions/subscription-schedules#restrictions */
  phasesMax: usual("current and future phases of a schedule", 10, "documented"),
  /** The event's declaration in the SDKs. */
  expiresSoonMs: usual("milliseconds before a schedule's end at which that is said", 7 * dayMs, "declared"),
} satisfies Defaults;
