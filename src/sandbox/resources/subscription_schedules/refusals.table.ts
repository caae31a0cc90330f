// What Stripe refuses about schedules of subscriptions.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // As callers quote it: "You cannot cancel a subscription schedule that is currently in the `released` status. It must
  // be in `not_started, active` status to be canceled."
  scheduleOver: invalid(
    null,
    "You cannot {action} a subscription schedule that is currently in the `{status}` status. It must be in " +
      "`{allowed}` status to be {done}.",
    "recorded",
  ),
  // https://github.com/BasedHardware/omi/pull/7649
  scheduledAlready: withParam(
    "from_subscription",
    invalid(
      null,
      "You cannot migrate a subscription that is already attached to a schedule: `{subscription}`.",
      "recorded",
    ),
  ),
  scheduledOver: withParam(
    "from_subscription",
    invalid(null, "You cannot migrate a subscription whose status is `{status}`: `{subscription}`.", "inferred"),
  ),
  // https://docs.stripe.com/api/subscription_schedules/create#create_subscription_schedule-from_subscription
  fromSubscriptionAlone: invalid(
    null,
    "You cannot set `{param}` if `from_subscription` is set. Update the schedule once it is created instead.",
    "inferred",
  ),
  phasesMissing: withParam("phases", invalid("parameter_missing", "Missing required param: phases.", "inferred")),
  // https://docs.stripe.com/billing/subscriptions/subscription-schedules#restrictions
  phasesTooMany: withParam(
    "phases",
    invalid(null, "A subscription schedule can have at most {limit} current and future phases.", "documented"),
  ),
  // https://github.com/stripe/stripe-dotnet/issues/1754
  startUnanchored: invalid(
    null,
    "The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.",
    "recorded",
  ),
  // https://github.com/tierrun/tier/issues/93
  currentStartFixed: invalid(null, "You can not modify the start date of the current phase.", "recorded"),
  // As callers quote it.
  currentEndPast: invalid(null, "You can only adjust the end date to a future date for the current phase.", "recorded"),
  phaseGap: invalid(null, "The `start_date` of a phase must be the `end_date` of the phase before it.", "inferred"),
  phaseEndTwice: invalid(null, "You can only set one of `end_date` and `{param}` for a phase.", "inferred"),
  phaseBackwards: invalid(null, "The `end_date` of a phase must be after its `start_date`.", "inferred"),
  phaseWithoutItems: invalid("parameter_missing", "Missing required param: {param}.", "inferred"),
  phaseOver: invalid(null, "The first phase of a subscription schedule must end in the future.", "inferred"),
  phaseCurrency: invalid(
    null,
    "All phases of a subscription schedule must have the same currency: {currency}.",
    "inferred",
  ),
  // The rules: https://docs.stripe.com/api/subscription_schedules/create#create_subscription_schedule-phases
  phaseTrialTwice: invalid(null, "You can only set one of `trial` and `trial_end` for a phase.", "inferred"),
  phaseTrialOutside: invalid(null, "The `trial_end` of a phase must lie within the phase.", "inferred"),
  phaseTrialAnchored: invalid(
    null,
    "The `billing_cycle_anchor` of a phase cannot be `phase_start` if the phase specifies a trial.",
    "documented",
  ),
  previewOfOtherSchedule: withParam(
    "schedule",
    invalid(null, "The subscription schedule {schedule} belongs to another customer.", "inferred"),
  ),
} satisfies Refusals;
