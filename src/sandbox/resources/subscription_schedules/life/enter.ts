// What time does to a schedule: its first phase begins, the next one begins, all of them are over. A phase that begins
// in the second in which its subscription is renewed is entered first, so that the renewal bills what the phase says.
import { secondMs } from "#kit/clock.ts";
import { move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { tried } from "../../../kernel/state/tried.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { StripeError } from "../../../kernel/words/errors.ts";
import { given } from "../../../kernel/words/params.ts";
import { type BillNow, billLater, type Subscription, subscriptions, updatedBy } from "../../subscriptions/index.ts";
import type { Phase } from "../phases/phase.ts";
import { discountTerms, itemChanges, termsOf } from "../phases/terms.ts";
import { currentPhase, isOpen, type Schedule, scheduleMachine, schedules, subscriptionIn } from "../schedule.ts";
import { abortSchedule, letGo } from "./end.ts";
import { fileExpiring } from "./expiring.ts";
import { beginSubscription } from "./start.ts";

/** Its next turn: it begins, the phase that runs ends. */
export function fileTurn(unit: Unit, schedule: Schedule): void {
  if (isOpen(schedule)) laterAt(unit, nextTurn(schedule) * secondMs, turn, schedule.id);
  fileExpiring(unit, schedule);
}

function nextTurn({ current_phase: current, phases }: Schedule): number {
  return current?.end_date ?? phases[0]?.start_date ?? 0;
}

/** Every turn that is due by now, each in its own second. */
export function turn(unit: Unit, id: string): void {
  for (let schedule = read(unit, schedules, id); schedule && isDue(unit, schedule); ) {
    const then = { ...unit, now: nextTurn(schedule) * secondMs };
    const after = turnOnce(then, schedule);
    if (after === schedule) return;
    fileTurn(unit, after);
    schedule = after;
  }
}

function isDue(unit: Unit, schedule: Schedule): boolean {
  return isOpen(schedule) && nextTurn(schedule) <= secondOf(unit);
}

function turnOnce(unit: Unit, schedule: Schedule): Schedule {
  const current = currentPhase(schedule);
  if (!current) return start(unit, schedule);
  const next = schedule.phases.find(({ start_date: begin }) => begin === current.end_date);
  if (next) return enter(unit, schedule, next);
  // Where it is to end, the subscription ends by itself in this second, and takes its schedule along.
  return schedule.end_behavior === "cancel" ? schedule : letGo(unit, schedule, { keepsEnd: false });
}

/** A subscription that cannot be made is given up: there is nobody to tell (inferred). */
function start(unit: Unit, schedule: Schedule): Schedule {
  const made = tried(unit, () => beginSubscription(unit, schedule));
  if (made instanceof StripeError) return abortSchedule(unit, schedule);
  const begun = { current_phase: spanOf(schedule.phases[0]!), subscription: made.id }; // There is one at least.
  return move(unit, scheduleMachine, schedule, "start", "active", begun);
}

/** What cannot be applied any more leaves the subscription as it is (inferred). */
function enter(unit: Unit, schedule: Schedule, phase: Phase): Schedule {
  const now = { current_phase: spanOf(phase) };
  const event = "subscription_schedule.updated";
  const entered = change(unit, schedules, schedule, now, event);
  const subscription = subscriptionIn(unit, entered);
  if (subscription) tried(unit, () => applyPhase(unit, entered, phase, { bill: billLater, entering: true }));
  return mustRead(unit, schedules, schedule.id);
}

export function spanOf({ end_date, start_date }: Phase): Schedule["current_phase"] {
  return { end_date, start_date };
}

interface Applying {
  readonly bill: BillNow;
  /** It begins now. */
  readonly entering: boolean;
  /** That of the call, where one has changed the phase that runs. */
  readonly behavior?: string;
}

/** The subscription becomes what the phase says. */
export function applyPhase(unit: Unit, schedule: Schedule, phase: Phase, applying: Applying): void {
  const { bill, behavior = phase.proration_behavior, entering } = applying;
  const subscription = subscriptionIn(unit, schedule);
  if (!subscription) return;
  const { add_invoice_items, ...terms } = termsOf(unit, schedule, phase);
  const isRenewed = subscription.items.every((item) => item.current_period_end <= secondOf(unit));
  const isAnchored =
    entering && (phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor) === "phase_start";
  const params: Params = given({
    ...terms,
    add_invoice_items: entering ? (add_invoice_items as Params[]) : undefined,
    billing_cycle_anchor: isAnchored && !isRenewed ? { type: "now" } : undefined,
    discounts: discountTerms(unit, phase.discounts, subscription.discounts),
    items: itemChanges(unit, subscription, phase),
    proration_behavior: isRenewed ? "none" : behaviorOf(behavior, isAnchored),
    trial_end: terms.trial_end ?? endedTrial(unit, subscription),
    cancel_at: terms.cancel_at ?? (subscription.cancel_at === null ? undefined : null),
  });
  const after = updatedBy(unit, params, subscription.id, bill);
  if (isAnchored && isRenewed) change(unit, subscriptions, after, { billing_cycle_anchor: secondOf(unit) }, null);
}

/** A period that begins with a phase is billed with it (documented). */
function behaviorOf(behavior: string, isAnchored: boolean): string {
  return isAnchored && behavior === "create_prorations" ? "always_invoice" : behavior;
}

/** "When scheduling updates, you must specify the new `trial_end` on each phase." */
function endedTrial(unit: Unit, { status, trial_end: end }: Subscription): "now" | undefined {
  return status === "trialing" && end !== null && end > secondOf(unit) ? "now" : undefined;
}
