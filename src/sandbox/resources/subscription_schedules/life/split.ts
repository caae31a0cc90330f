// A caller has changed a subscription that is managed by a schedule: the phase that runs ends now, and another one
// begins that is as the subscription is.
// https://docs.stripe.com/billing/subscriptions/subscription-schedules#subscription-updates-when-a-schedule-is-attached
import { move } from "../../../kernel/state/machine.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import type { Subscription } from "../../subscriptions/index.ts";
import { phaseAsIs } from "../phases/as_is.ts";
import type { Phase } from "../phases/phase.ts";
import { currentPhase, scheduleMachine } from "../schedule.ts";
import { openOf } from "./end.ts";
import { fileTurn, spanOf } from "./enter.ts";

export function splitPhase(unit: Unit, before: Subscription, after: Subscription): void {
  const schedule = openOf(unit, after);
  const phase = schedule && currentPhase(schedule);
  if (!schedule || !phase || !isOther(before, after)) return;
  const next = phaseSince(unit, after, phase);
  const phases = schedule.phases.flatMap((one) => (one === phase ? splitAt(phase, next) : [one]));
  const changes = { current_phase: spanOf(next), phases };
  fileTurn(unit, move(unit, scheduleMachine, schedule, "update", "active", changes));
}

/** What makes another phase (documented). */
function isOther(before: Subscription, after: Subscription): boolean {
  const told = ({ default_tax_rates, discounts, items, trial_end }: Subscription) =>
    JSON.stringify([
      default_tax_rates,
      discounts,
      items.map((item) => [item.discounts, item.price, item.quantity ?? null, item.tax_rates]),
      trial_end,
    ]);
  return told(before) !== told(after);
}

function phaseSince(unit: Unit, subscription: Subscription, phase: Phase): Phase {
  const { billing_cycle_anchor, description, end_date, metadata, proration_behavior } = phase;
  const kept = { billing_cycle_anchor, description, metadata, proration_behavior };
  return { ...phaseAsIs(subscription, { start_date: secondOf(unit), end_date }), ...kept };
}

function splitAt(phase: Phase, next: Phase): readonly Phase[] {
  return phase.start_date === next.start_date ? [next] : [{ ...phase, end_date: next.start_date }, next];
}
