// A trial ends: three days before that is said, and at its end its customer pays, or what was chosen for those who have
// no payment method happens. https://docs.stripe.com/billing/subscriptions/trials/free-trials
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import { move } from "../../../kernel/state/machine.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { text } from "../../../kernel/words/params.ts";
import { customers } from "../../customers/index.ts";
import { firstMethod } from "../../invoices/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { holding, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { endSubscription } from "./cancel.ts";
import { pausedSince } from "./paused.ts";

/** Said at once of a trial that is shorter. */
export function fileTrialEnd(unit: Unit, { id, trial_end: end }: Subscription): void {
  if (end !== null) laterAt(unit, soonAt(end), sayTrialEnds, id);
}

function soonAt(end: number): number {
  return end * secondMs - subscriptionDefaults.trialEndsSoonMs.value;
}

export function sayTrialEnds(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  if (subscription?.status !== "trialing" || subscription.trial_end === null) return;
  if (soonAt(subscription.trial_end) > unit.now) fileTrialEnd(unit, subscription);
  else emit(unit, "customer.subscription.trial_will_end", subscription);
}

export type TrialEnd = "cancel" | "create_invoice" | "pause";

/** What becomes of a trial at its end: it goes on as if there were a method, unless something else was chosen. */
export function trialEndFor(unit: Unit, subscription: Subscription): TrialEnd {
  const chosen: string | undefined = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (chosen !== "cancel" && chosen !== "pause") return "create_invoice";
  return lacksMethod(unit, subscription) ? chosen : "create_invoice";
}

function lacksMethod(unit: Unit, subscription: Subscription): boolean {
  if (subscription.collection_method === "send_invoice") return false;
  return firstMethod(null, subscription, mustRead(unit, customers, subscription.customer)) === undefined;
}

/** It waits for a method: no period runs, and nothing is billed. */
export function pauseAfterTrial(unit: Unit, before: Subscription): Subscription {
  const second = secondOf(unit);
  const items = before.items.map((item) => ({ ...item, current_period_end: second }));
  const changes = {
    ...holding(items),
    ...pausedSince(second, "trial_end_without_payment_method"),
    billing_cycle_anchor: second,
    trial_end: second,
  };
  const paused = move(unit, subscriptionMachine, before, "end_trial", "paused", changes);
  emit(unit, "customer.subscription.updated", paused, before);
  signal(unit, subscriptions, "suspend", before, paused);
  return paused;
}

/** By a call it is charged at once; for those without a method what was chosen happens. Undefined: it goes on. */
export function endWithoutMethod(unit: Unit, before: Subscription, params: Params): Subscription | undefined {
  const isEnded = text(params, "trial_end") === "now";
  if (before.status !== "trialing" || !isEnded) return undefined;
  emit(unit, "customer.subscription.trial_will_end", before);
  const behavior = trialEndFor(unit, before);
  if (behavior === "pause") return pauseAfterTrial(unit, before);
  return behavior === "cancel" ? endSubscription(unit, before, "cancellation_requested") : undefined;
}
