// What Stripe answers of schedules although no SDK declares it.
import type { Extras } from "../../kernel/schema/extras.ts";

const ofPhases = {
  operations: /^POST \/v1\/subscription_schedules(?:\/:id)?$/,
  evidence: "documented",
} as const;

export const scheduleExtras: Extras = {
  // As the samples of Stripe's API reference show it: https://docs.stripe.com/api/subscription_schedules/object
  answers: {
    value: ["subscription_schedule.default_settings.default_source", "subscription_schedule.renewal_interval"],
    evidence: "documented",
  },
  retired: [
    // https://docs.stripe.com/changelog/clover and https://docs.stripe.com/changelog/basil
    { ...ofPhases, family: "clover", param: "phases[iterations]" },
    { ...ofPhases, family: "basil", param: "phases[coupon]" },
  ],
};
