// The end of a subscription: at once because somebody says so, or by itself at the instant that was chosen.
import type Stripe from "stripe";
import { assertMay, move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { boolean, given, hash, textOrNull } from "../../../kernel/words/params.ts";
import { stopBills } from "../../invoices/index.ts";
import { billEnd, type Final } from "../changes/final.ts";
import { livingOf } from "../list.ts";
import { dropUpdate } from "../pending/hold.ts";
import { type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";

export function cancelSubscription(unit: Unit, params: Params, id: string): Subscription {
  const subscription = mustRead(unit, subscriptions, id);
  assertMay(subscriptionMachine, subscription, "cancel");
  const now = secondOf(unit);
  const final = {
    isProrated: boolean(params, "prorate") ?? false,
    isInvoiced: boolean(params, "invoice_now") ?? false,
  };
  return end(unit, subscription, final, {
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: now,
    cancellation_details: detailsOf(params, subscription, "cancellation_requested"),
  });
}

type Reason = Stripe.Subscription.CancellationDetails.Reason;

/** It was to end now, and when that was asked for stays as it is; or it ends for a reason of its own. */
export function endSubscription(unit: Unit, subscription: Subscription, reason?: Reason): Subscription {
  const now = secondOf(unit);
  const why = { canceled_at: now, cancellation_details: detailsOf({}, subscription, reason) };
  // An end that was chosen before bills what still waits (documented).
  const final = { isProrated: false, isInvoiced: reason === undefined };
  return end(unit, subscription, final, reason === undefined ? {} : why);
}

/** Their customer is deleted (documented). */
export function cancelAllOf(unit: Unit, customer: string): void {
  for (const subscription of livingOf(unit, customer)) endSubscription(unit, subscription, "cancellation_requested");
}

type Ending = Pick<Subscription, "cancel_at" | "cancel_at_period_end" | "canceled_at" | "cancellation_details">;

/** What it has billed is not collected by itself any more (documented); what it is billed last is. */
function end(unit: Unit, running: Subscription, final: Final, changes: Partial<Ending>): Subscription {
  const subscription = dropUpdate(unit, running);
  stopBills(unit, subscription.id);
  const latest_invoice = billEnd(unit, subscription, final) ?? subscription.latest_invoice;
  planNoMore(unit, subscriptions, subscription.id);
  const ended = { ...changes, ended_at: secondOf(unit), latest_invoice };
  return move(unit, subscriptionMachine, subscription, "cancel", "canceled", ended);
}

type Feedback = Stripe.Subscription.CancellationDetails.Feedback;

function feedbackOf(sent: Params): Feedback | null | undefined {
  return textOrNull(sent, "feedback") as Feedback | null | undefined; // One of those, says its schema.
}

/** Why it ends, in the words of whoever ends it. */
export function detailsOf(
  params: Params,
  before: Subscription,
  reason?: Stripe.Subscription.CancellationDetails.Reason,
) {
  const sent = hash(params, "cancellation_details") ?? {};
  const said = given({ comment: textOrNull(sent, "comment"), feedback: feedbackOf(sent), reason });
  return { ...before.cancellation_details, ...said };
}
