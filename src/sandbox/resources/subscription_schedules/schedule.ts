// READ FIRST. A schedule says in phases what a subscription is to be from when to when. Before its first phase begins
// there is no subscription; entering a phase is a change of the subscription like any other. At the end of the last one
// the subscription is let go of, or ends.
// https://docs.stripe.com/billing/subscriptions/subscription-schedules
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { type Subscription, subscriptions } from "../subscriptions/index.ts";
import type { Phase } from "./phases/phase.ts";
import { rows } from "./refusals.table.ts";

type Status = "active" | "canceled" | "completed" | "not_started" | "released";

type Unstored = "current_phase" | "customer" | "default_settings" | "end_behavior" | "phases" | "subscription";

export type Schedule = Omit<Stored<Stripe.SubscriptionSchedule, Status>, Unstored> & {
  readonly current_phase: Pick<Phase, "end_date" | "start_date"> | null;
  readonly customer: string;
  readonly default_settings: DefaultSettings;
  readonly end_behavior: string;
  /** Each begins where the one before ends. */
  readonly phases: readonly Phase[];
  /** From before there were `iterations`. */
  readonly renewal_interval: null;
  readonly subscription: string | null;
};

/** What holds of every phase that says nothing else. */
export type DefaultSettings = Omit<Stripe.SubscriptionSchedule.DefaultSettings, "default_payment_method"> & {
  readonly default_payment_method: string | null;
  readonly default_source: string | null;
};

export const schedules = defineNoun<Schedule>({
  object: "subscription_schedule",
  prefixes: ["sub_sched"],
  label: "subscription_schedule",
  indices: ["customer", "subscription"],
  clock: "customer",
  expandable: {
    application: null,
    customer: "customer",
    "default_settings.default_payment_method": "payment_method",
    "default_settings.invoice_settings.account_tax_ids": "tax_id",
    "phases.add_invoice_items.discounts.coupon": "coupon",
    "phases.add_invoice_items.discounts.discount": "discount",
    "phases.add_invoice_items.discounts.promotion_code": "promotion_code",
    "phases.add_invoice_items.price": "price",
    "phases.coupon": "coupon",
    "phases.default_payment_method": "payment_method",
    "phases.discounts.coupon": "coupon",
    "phases.discounts.discount": "discount",
    "phases.discounts.promotion_code": "promotion_code",
    "phases.invoice_settings.account_tax_ids": "tax_id",
    "phases.items.discounts.coupon": "coupon",
    "phases.items.discounts.discount": "discount",
    "phases.items.discounts.promotion_code": "promotion_code",
    "phases.items.plan": "plan",
    "phases.items.price": "price",
    subscription: "subscription",
    test_clock: "test_helpers.test_clock",
  },
  // That `.canceled` says it is recorded.
  saysWhatChanged: (event) => event !== "subscription_schedule.created" && event !== "subscription_schedule.expiring",
});

/** As a refusal calls it. */
const done: Readonly<Record<string, string>> = { cancel: "canceled", release: "released", update: "updated" };

export const scheduleMachine = defineMachine(
  schedules,
  refuse,
)({
  create: {
    from: ["new"],
    to: { not_started: "subscription_schedule.created", active: "subscription_schedule.created" },
  },
  /** Its first phase begins. */
  start: { from: ["not_started"], to: { active: "subscription_schedule.updated" } },
  update: {
    from: ["not_started", "active"],
    to: { not_started: "subscription_schedule.updated", active: "subscription_schedule.updated" },
  },
  /** That it is released is told once its subscription knows (recorded). */
  release: { from: ["not_started", "active"], to: { released: "subscription_schedule.updated" } },
  cancel: { from: ["not_started", "active"], to: { canceled: "subscription_schedule.canceled" } },
  /** Nobody has paid for its subscription. */
  abort: { from: ["not_started", "active"], to: { canceled: "subscription_schedule.aborted" } },
  /** Its last phase is over, and its subscription has ended with it. */
  complete: { from: ["active"], to: { completed: "subscription_schedule.completed" } },
});

function refuse({ status }: { readonly status: string }, action: string, from: readonly string[]) {
  return refusal(rows.scheduleOver, {
    action,
    status,
    allowed: from.join(", "),
    done: done[action] ?? action,
  });
}

export function isOpen({ status }: Schedule): boolean {
  return status === "not_started" || status === "active";
}

/** The phase that runs; undefined of one that has not begun or is over. */
export function currentPhase({ current_phase: current, phases }: Schedule): Phase | undefined {
  return phases.find(({ start_date: start }) => start === current?.start_date);
}

export function lastPhase({ phases }: Schedule): Phase {
  return phases.at(-1)!; // It is made of one at least.
}

export function subscriptionIn(unit: Unit, { subscription }: Schedule): Subscription | undefined {
  return subscription === null ? undefined : mustRead(unit, subscriptions, subscription);
}
