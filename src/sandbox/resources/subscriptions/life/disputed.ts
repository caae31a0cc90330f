// A payment of a subscription is disputed: its account has chosen whether that ends it. An inquiry takes nothing back,
// so it ends nothing. https://docs.stripe.com/billing/subscriptions/cancel
import { signal } from "../../../kernel/state/reactions.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { inTimeOf } from "../../../kernel/time/later.ts";
import type { Dispute } from "../../disputes/index.ts";
import { paymentWith } from "../../invoice_payments/index.ts";
import { invoices, subscriptionOf } from "../../invoices/index.ts";
import { isOver, type Subscription, subscriptions } from "../subscription.ts";
import { detailsOf, endSubscription } from "./cancel.ts";
import { endingOf } from "./ending.ts";

export function followDisputed(unit: Unit, _before: unknown, dispute: Dispute): void {
  const { afterDispute } = unit.world.billing;
  const paid = subscriptionPaidBy(unit, dispute);
  if (dispute.status !== "needs_response" || afterDispute === "leave" || !paid) return;
  const inItsTime = inTimeOf(unit, paid);
  signal(inItsTime, subscriptions, "dispute", paid, paid);
  const subscription = mustRead(unit, subscriptions, paid.id);
  if (afterDispute === "cancel") endSubscription(inItsTime, subscription, "payment_disputed");
  else endLater(inItsTime, subscription);
}

function subscriptionPaidBy(unit: Unit, { payment_intent: intent }: Dispute): Subscription | undefined {
  const payment = paymentWith(unit, intent ?? "");
  const id = payment && subscriptionOf(mustRead(unit, invoices, payment.invoice));
  const subscription = read(unit, subscriptions, id ?? "");
  return subscription && !isOver(subscription) ? subscription : undefined;
}

function endLater(unit: Unit, subscription: Subscription): void {
  const ending = endingOf(unit, { cancel_at_period_end: true }, subscription);
  const cancellation_details = detailsOf({}, subscription, "payment_disputed");
  change(unit, subscriptions, subscription, { ...ending, cancellation_details }, "customer.subscription.updated");
}
