// How a schedule ends: it lets go of its subscription, ends it, or ends with it.
import { emit } from "../../../kernel/state/emit.ts";
import { assertMay, move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../../kernel/state/writes.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { boolean } from "../../../kernel/words/params.ts";
import { cancelSubscription, fileSubscription, type Subscription, subscriptions } from "../../subscriptions/index.ts";
import {
  currentPhase,
  isOpen,
  lastPhase,
  type Schedule,
  scheduleMachine,
  schedules,
  subscriptionIn,
} from "../schedule.ts";

export function releaseSchedule(unit: Unit, params: Params, id: string): Schedule {
  const schedule = mustRead(unit, schedules, id);
  assertMay(scheduleMachine, schedule, "release");
  return letGo(unit, schedule, { keepsEnd: boolean(params, "preserve_cancel_date") ?? false });
}

interface LettingGo {
  /** An end that the schedule has chosen stays. */
  readonly keepsEnd: boolean;
}

/** The subscription stays as it is, with nothing planned for it. */
export function letGo(unit: Unit, schedule: Schedule, { keepsEnd }: LettingGo): Schedule {
  planNoMore(unit, schedules, schedule.id);
  const released = move(unit, scheduleMachine, schedule, "release", "released", {
    current_phase: null,
    released_at: secondOf(unit),
    released_subscription: schedule.subscription,
    subscription: null,
  });
  const subscription = subscriptionIn(unit, schedule);
  if (subscription) free(unit, subscription, keepsEnd || schedule.end_behavior !== "cancel");
  emit(unit, "subscription_schedule.released", released);
  return released;
}

function free(unit: Unit, subscription: Subscription, keepsEnd: boolean): void {
  const unended = { cancel_at: null, cancel_at_period_end: false, canceled_at: null };
  const changes = { ...(!keepsEnd && subscription.status !== "canceled" && unended), schedule: null };
  fileSubscription(unit, change(unit, subscriptions, subscription, changes, "customer.subscription.updated"));
}

/** With its subscription, at once. What is left of it is billed unless somebody says otherwise (declared). */
export function cancelSchedule(unit: Unit, params: Params, id: string): Schedule {
  const schedule = mustRead(unit, schedules, id);
  assertMay(scheduleMachine, schedule, "cancel");
  if (schedule.subscription === null) return canceled(unit, schedule);
  const final = { invoice_now: boolean(params, "invoice_now") ?? true, prorate: boolean(params, "prorate") ?? true };
  cancelSubscription(unit, final, schedule.subscription);
  return mustRead(unit, schedules, id);
}

function canceled(unit: Unit, schedule: Schedule): Schedule {
  planNoMore(unit, schedules, schedule.id);
  return move(unit, scheduleMachine, schedule, "cancel", "canceled", ended(unit));
}

function ended(unit: Unit) {
  return { canceled_at: secondOf(unit), current_phase: null };
}

export function abortSchedule(unit: Unit, schedule: Schedule): Schedule {
  planNoMore(unit, schedules, schedule.id);
  return move(unit, scheduleMachine, schedule, "abort", "canceled", ended(unit));
}

/** As it was planned, or because somebody has ended it, or has not paid for it. */
export function followEnd(unit: Unit, _before: Subscription, subscription: Subscription): void {
  const schedule = openOf(unit, subscription);
  if (!schedule) return;
  const isPlanned = schedule.end_behavior === "cancel" && lastPhase(schedule).end_date <= secondOf(unit);
  if (subscription.cancellation_details.reason === "payment_failed") abortSchedule(unit, schedule);
  else if (isPlanned && currentPhase(schedule)) completed(unit, schedule);
  else canceled(unit, schedule);
}

function completed(unit: Unit, schedule: Schedule): void {
  planNoMore(unit, schedules, schedule.id);
  const over = { completed_at: secondOf(unit), current_phase: null };
  move(unit, scheduleMachine, schedule, "complete", "completed", over);
}

/** A dispute that ends a subscription takes its schedule off first (documented). */
export function followDispute(unit: Unit, _before: Subscription, subscription: Subscription): void {
  const schedule = openOf(unit, subscription);
  if (schedule) letGo(unit, schedule, { keepsEnd: false });
}

/** Those that have not begun go with their customer; the others with their subscription. */
export function cancelAllOf(unit: Unit, customer: string): void {
  for (const schedule of among(unit, schedules, "customer", customer)) {
    if (schedule.status === "not_started") canceled(unit, schedule);
  }
}

/** The schedule that manages it. */
export function openOf(unit: Unit, { schedule: id }: Subscription): Schedule | undefined {
  const schedule = read(unit, schedules, String(id ?? ""));
  return schedule && isOpen(schedule) ? schedule : undefined;
}
