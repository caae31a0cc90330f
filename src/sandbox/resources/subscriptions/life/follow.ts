// What the invoices of a subscription tell of it: paid, it is active; not paid in time, it is past due; voided, the one
// before says how it stands. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
import { move } from "../../../kernel/state/machine.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { among, change, read } from "../../../kernel/state/writes.ts";
import {
  closeBill,
  holdNoMore,
  holdsUpdate,
  type Invoice,
  invoices,
  isAskedAtOnce,
  payingMethod,
  subscriptionOf,
} from "../../invoices/index.ts";
import type { SetupIntent } from "../../setup_intents/index.ts";
import { applyUpdate } from "../pending/apply.ts";
import { dropUpdate, holdingOf } from "../pending/hold.ts";
import { type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { endSubscription } from "./cancel.ts";
import { resumeWith } from "./resume.ts";
import { expire } from "./turn.ts";

export function followPaid(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const held = holdingOf(unit, invoice);
  if (held?.status === "paused") resumeWith(unit, keepMethod(unit, held, invoice), invoice);
  else if (held) applyUpdate(unit, keepMethod(unit, held, invoice), invoice);
  const subscription = latestBilled(unit, invoice);
  if (subscription) settle(unit, keepMethod(unit, subscription, invoice));
}

/** Written off, it is as good as paid (documented). */
export function followWrittenOff(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const held = holdingOf(unit, invoice);
  if (held?.status === "paused") resumeOwing(unit, held, invoice, "active");
  const subscription = latestBilled(unit, invoice);
  if (subscription) settle(unit, subscription);
}

function resumeOwing(unit: Unit, paused: Subscription, invoice: Invoice, status: "active" | "past_due"): void {
  resumeWith(unit, paused, invoice, status);
  holdNoMore(unit, invoice.id);
}

function settle(unit: Unit, subscription: Subscription): void {
  const { status } = subscription;
  const isWaiting = status === "incomplete" || status === "past_due" || status === "unpaid";
  if (isWaiting) move(unit, subscriptionMachine, subscription, "activate", "active", {});
}

/** Where that is asked for, what has paid pays from now on. */
function keepMethod(unit: Unit, subscription: Subscription, invoice: Invoice): Subscription {
  const method = payingMethod(unit, invoice.id);
  const isKept = subscription.payment_settings?.save_default_payment_method === "on_subscription";
  if (!isKept || method === null) return subscription;
  return change(unit, subscriptions, subscription, { default_payment_method: method }, null);
}

/** Somebody has made an invoice of what waited for it. */
export function followBilled(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const subscription = read(unit, subscriptions, subscriptionOf(invoice) ?? "");
  if (!subscription) return;
  change(unit, subscriptions, subscription, { latest_invoice: invoice.id }, "customer.subscription.updated");
}

/**
 * A first payment that was on its way and fails is forgotten (documented); any other makes it past due. What is paused
 * is resumed by an attempt alone, unless it waits for a success, and then the invoice is collected by itself.
 */
export function followFailure(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const held = holdingOf(unit, invoice);
  if (held?.status === "paused" && !invoice.auto_advance) resumeOwing(unit, held, invoice, "past_due");
  const subscription = latestBilled(unit, invoice);
  if (subscription?.status !== "active") return;
  if (isAskedAtOnce(invoice)) closeBill(unit, invoice.id);
  else move(unit, subscriptionMachine, subscription, "fall_due", "past_due", {});
}

/** The first paid or written off before it makes it active, one that is open leaves it as it is (documented). */
export function followVoided(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const held = holdingOf(unit, invoice);
  if (held) dropUpdate(unit, held);
  const subscription = latestBilled(unit, invoice);
  if (subscription?.status === "incomplete") {
    expire(unit, subscription);
  } else if (subscription?.status === "past_due" || subscription?.status === "unpaid") {
    const billed = among(unit, invoices, "parent.subscription_details.subscription", subscription.id).reverse();
    const before = billed.find((one) => one.status !== "void" && one.status !== "draft" && !holdsUpdate(one));
    if (before?.status !== "open") move(unit, subscriptionMachine, subscription, "activate", "active", {});
  }
}

/** What is sent is past due once its time is over. */
export function followOverdue(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const subscription = latestBilled(unit, invoice);
  if (subscription?.status === "active") move(unit, subscriptionMachine, subscription, "fall_due", "past_due", {});
}

/** All retries of one of its invoices have failed: its account has chosen what then becomes of it. */
export function followExhausted(unit: Unit, _before: Invoice, invoice: Invoice): void {
  const subscription = read(unit, subscriptions, subscriptionOf(invoice) ?? "");
  const { afterRetries } = unit.world.billing;
  if (holdsUpdate(invoice) || subscription?.status !== "past_due" || afterRetries === "past_due") return;
  if (afterRetries === "cancel") endSubscription(unit, subscription, "payment_failed");
  else move(unit, subscriptionMachine, subscription, "give_up", "unpaid", {});
}

/** The method that its customer was asked for pays from now on. */
export function followSetup(unit: Unit, _before: SetupIntent, intent: SetupIntent): void {
  const [subscription] = among(unit, subscriptions, "pending_setup_intent", intent.id);
  if (!subscription || intent.status !== "succeeded") return;
  const changes = { default_payment_method: intent.payment_method, pending_setup_intent: null };
  change(unit, subscriptions, subscription, changes, "customer.subscription.updated");
}

/**
 * Only its latest invoice says how a subscription stands, and as long as that is a draft the one before; an unpaid one
 * is revived by its latest only (documented). While it is being made nothing is stored of it. What holds an update back
 * says nothing of what runs.
 */
function latestBilled(unit: Unit, invoice: Invoice): Subscription | undefined {
  if (holdsUpdate(invoice)) return undefined;
  const subscription = read(unit, subscriptions, subscriptionOf(invoice) ?? "");
  if (!subscription || subscription.latest_invoice === invoice.id) return subscription;
  if (subscription.status === "unpaid") return undefined;
  const billed = among(unit, invoices, "parent.subscription_details.subscription", subscription.id);
  return billed.findLast((one) => one.status !== "draft" && !holdsUpdate(one))?.id === invoice.id
    ? subscription
    : undefined;
}
