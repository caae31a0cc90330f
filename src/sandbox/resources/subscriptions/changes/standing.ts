// How a subscription stands once a change of it is carried out.
import { move } from "../../../kernel/state/machine.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change } from "../../../kernel/state/writes.ts";
import { rememberTransaction } from "../../customers/index.ts";
import { type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import type { Plan } from "./plan.ts";

interface Standing extends Pick<Plan, "turn"> {
  readonly all: Plan["changes"];
  /** Undefined: nothing was billed. */
  readonly isPaid: boolean | undefined;
}

/** The status that follows: its newest invoice is paid or not, its trial has begun or is over. */
export function standing(unit: Unit, before: Subscription, { all, turn, isPaid }: Standing): Subscription {
  const { status } = before;
  if (turn.kind === "trial") rememberTransaction(unit, before.customer);
  if (turn.kind === "trial") return move(unit, subscriptionMachine, before, "begin_trial", "trialing", all);
  if (turn.kind === "trial_ended") {
    const active = move(unit, subscriptionMachine, before, "end_trial", "active", all);
    return isPaid === false ? move(unit, subscriptionMachine, active, "fall_due", "past_due", {}) : active;
  }
  if (isPaid === false && status === "active")
    return move(unit, subscriptionMachine, before, "fall_due", "past_due", all);
  const isOwing = status === "past_due" || status === "unpaid";
  if (isPaid && isOwing) return move(unit, subscriptionMachine, before, "activate", "active", all);
  return change(unit, subscriptions, before, all, "customer.subscription.updated");
}
