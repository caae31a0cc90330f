// What a subscription does by itself: at the end of a period the next one begins and is billed, or all ends. Each
// subscription has one turn ahead, at the first instant at which anything is due, so nobody looks through all of them.
import { secondMs } from "#kit/clock.ts";
import { move } from "../../../kernel/state/machine.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt, planNoMore } from "../../../kernel/time/later.ts";
import { customers } from "../../customers/index.ts";
import { endOver } from "../../discounts/index.ts";
import {
  type Bill,
  closeBill,
  draftBill,
  finalBill,
  type Invoice,
  invoices,
  writeOffBill,
} from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { billOf } from "../billing/bill.ts";
import { linesOf } from "../billing/lines.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { afterTrial, isTrialOver } from "../items/current_trial.ts";
import { alignedPeriod, cutShort, during } from "../items/periods.ts";
import { dropUpdate } from "../pending/hold.ts";
import { holding, isOver, memoryOf, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { endSubscription } from "./cancel.ts";
import { pauseAfterTrial, trialEndFor } from "./trial_end.ts";

export function fileTurn(unit: Unit, subscription: Subscription): void {
  laterAt(unit, nextTurn(subscription) * secondMs, turn, subscription.id);
  signal(unit, subscriptions, "file", subscription, subscription);
}

/** The second at which something is due: of what is paused, only an end that was chosen. */
export function nextTurn(subscription: Subscription): number {
  const { periodEnd } = memoryOf(subscription);
  const end = subscription.cancel_at ?? periodEnd;
  return subscription.status === "paused" ? end : Math.min(periodEnd, end);
}

export function turn(unit: Unit, id: string): void {
  const found = read(unit, subscriptions, id);
  if (found) signal(unit, subscriptions, "come_due", found, found);
  const running = read(unit, subscriptions, id);
  const due = running ? dueOf(unit, running) : "nothing";
  if (!running || due === "nothing") return;
  const subscription = due === "later" ? running : dropUpdate(unit, running);
  if (due === "later") fileTurn(unit, subscription);
  else if (due === "renewal") fileTurn(unit, renew(unit, subscription));
  else if (due === "end") endSubscription(unit, subscription);
  else if (due === "cancel") endSubscription(unit, subscription, "cancellation_requested");
  else if (due === "pause") pauseAfterTrial(unit, subscription);
}

/** The invoice that its next turn makes, if it makes one. For whoever takes back afterwards that it was made. */
export function nextBill(unit: Unit, { id }: Subscription): Invoice | undefined {
  const now = mustRead(unit, subscriptions, id);
  const then = { ...unit, now: nextTurn(now) * secondMs };
  const { discount } = mustRead(unit, customers, now.customer);
  endOver(then, [now, ...now.items].flatMap(({ discounts }) => discounts).concat(discount ?? []));
  signal(then, subscriptions, "come_due", now, now);
  const before = mustRead(unit, subscriptions, id); // Without those that are over, and as it was planned to be.
  if (before.latest_invoice !== now.latest_invoice) return read(unit, invoices, before.latest_invoice ?? "");
  const isRenewed = dueOf(then, before) === "renewal";
  if (!isRenewed) turn(then, id);
  const billed = isRenewed ? nextCycle(then, before).invoice.id : mustRead(unit, subscriptions, id).latest_invoice;
  return billed === null || billed === before.latest_invoice ? undefined : read(unit, invoices, billed);
}

/** What that will be, as things stand. */
export function sayTurn(unit: Unit, id: string): string {
  const subscription = read(unit, subscriptions, id);
  if (subscription && (subscription.cancel_at ?? Infinity) <= secondOf(unit)) return "ends";
  return subscription?.status === "trialing" ? "its trial ends" : "is renewed";
}

/** What its turn does now. */
function dueOf(unit: Unit, subscription: Subscription): "nothing" | "later" | "end" | "cancel" | "pause" | "renewal" {
  const second = secondOf(unit);
  const { cancel_at: end, status } = subscription;
  if (isOver(subscription) || status === "incomplete" || (status === "paused" && end === null)) return "nothing";
  if (nextTurn(subscription) > second) return "later";
  if (end !== null && end <= second) return "end";
  const chosen = status === "trialing" ? trialEndFor(unit, subscription) : "create_invoice";
  return chosen === "create_invoice" ? "renewal" : chosen;
}

/** Nothing is due of one that waits for its first payment, or is paused. */
export function isRunning({ status }: Subscription): boolean {
  return status !== "incomplete" && status !== "paused";
}

/** The invoice is made first, and one event tells of it and of the new periods (recorded). */
function renew(unit: Unit, before: Subscription): Subscription {
  const { billing_cycle_anchor, items, invoice } = nextCycle(unit, before);
  const changes = { ...holding(items), billing_cycle_anchor, latest_invoice: invoice.id };
  const stored = mustRead(unit, subscriptions, before.id); // What is billed at once may have changed it.
  return stored.status === "trialing"
    ? move(unit, subscriptionMachine, stored, "end_trial", "active", changes)
    : change(unit, subscriptions, stored, changes, "customer.subscription.updated");
}

interface Cycle extends Pick<Subscription, "billing_cycle_anchor"> {
  readonly items: readonly SubscriptionItem[];
  readonly invoice: Invoice;
}

/** Its items in the periods that begin, and the invoice that is made of them. */
function nextCycle(unit: Unit, known: Subscription): Cycle {
  const second = secondOf(unit);
  const { periodStart: start, periodEnd: end } = memoryOf(known);
  const isDue = (item: SubscriptionItem) => item.current_period_end <= second;
  const billing_cycle_anchor = anchorOf(unit, known, known.items.every(isDue));
  const before = billing_cycle_anchor === known.billing_cycle_anchor ? known : { ...known, billing_cycle_anchor };
  const next = (item: SubscriptionItem) =>
    nextPeriod(unit, before, isTrialOver(unit, item) ? afterTrial(unit, item) : item);
  const items = before.items.map((item) => (isDue(item) ? next(item) : item));
  const due = items.filter((item) => item.current_period_start >= end);
  const lines = linesOf(unit, before, due);
  const bill = billOf(unit, before, { reason: "subscription_cycle", period: { start, end }, lines });
  return { billing_cycle_anchor, items, invoice: collect(unit, before, bill) };
}

/** It begins anew where the trial of an item ends, unless another item is within a period (inferred). */
function anchorOf(unit: Unit, { billing_cycle_anchor: anchor, items }: Subscription, allDue: boolean): number {
  return allDue && items.some((item) => isTrialOver(unit, item)) ? secondOf(unit) : anchor;
}

/** As long as collection is paused, what is billed is held back, or asks nobody from the beginning (documented). */
export function collect(unit: Unit, { pause_collection: pause }: Subscription, bill: Bill): Invoice {
  if (!pause) return draftBill(unit, bill);
  if (pause.behavior === "keep_as_draft") return draftBill(unit, { ...bill, auto_advance: false });
  const invoice = finalBill(unit, { ...bill, auto_advance: false });
  if (invoice.status !== "open") return invoice;
  return pause.behavior === "void" ? closeBill(unit, invoice.id) : writeOffBill(unit, invoice.id);
}

/** It begins where the last one ended, and ends where the next whole one begins, or at an end that is named before. */
function nextPeriod(unit: Unit, subscription: Subscription, item: SubscriptionItem): SubscriptionItem {
  const start = item.current_period_end;
  const { end } = alignedPeriod(unit, subscription.billing_cycle_anchor, item, start);
  return during(item, cutShort(subscription, { start, end }));
}

export function fileExpiry(unit: Unit, { id }: Subscription): void {
  laterAt(unit, unit.now + subscriptionDefaults.incompleteMs.value, expireIncomplete, id);
}

/** It has ended before it had begun. */
export function expire(unit: Unit, subscription: Subscription): void {
  planNoMore(unit, subscriptions, subscription.id);
  const ended_at = secondOf(unit);
  move(unit, subscriptionMachine, subscription, "expire", "incomplete_expired", { ended_at });
}

/** Who has not paid the first invoice within 23 hours never will; it is voided. */
export function expireIncomplete(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  if (subscription?.status !== "incomplete") return;
  expire(unit, subscription);
  if (subscription.latest_invoice !== null) closeBill(unit, subscription.latest_invoice);
}
