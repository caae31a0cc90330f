// A paused subscription goes on: a new period is billed, and runs once that is paid; who does not pay it within a day
// stays where they are. The call never charges. https://docs.stripe.com/billing/subscriptions/pause
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import { move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { noSuch, notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { type Bill, closeBill, draftBill, finalBill, type Invoice } from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { billOf } from "../billing/bill.ts";
import { linesOf } from "../billing/lines.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { alignedPeriod } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import { holding, isOver, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { fileTurn } from "./turn.ts";

export function resumeSubscription(unit: Unit, params: Params, id: string): Subscription {
  return resumedBy(unit, params, id, finalBill);
}

/** `bill`: how what is charged is billed; a preview does it in another way. */
export function resumedBy(
  unit: Unit,
  params: Params,
  id: string,
  bill: (unit: Unit, bill: Bill) => Invoice,
): Subscription {
  const before = mustRead(unit, subscriptions, id);
  if (isOver(before)) throw noSuch(subscriptions, id, { inPath: true });
  if (before.status !== "paused") throw refusal(rows.notPaused);
  if (text(hash(params, "billing_cycle_anchor") ?? {}, "type") === "unchanged") {
    throw notPlayed("subscriptions that resume on their old anchor", "billing_cycle_anchor");
  }
  const second = secondOf(unit);
  const items = itemsFrom(unit, before, second);
  const lines = linesOf(unit, { ...before, billing_cycle_anchor: second }, items);
  const asked = billOf(unit, before, { reason: "subscription_cycle", period: { start: second, end: second }, lines });
  const isSent = before.collection_method === "send_invoice";
  const invoice = isSent ? draftBill(unit, asked) : bill(unit, asked);
  const waiting = { latest_invoice: invoice.id, pending_update: isSent ? null : pendingUpdate(unit) };
  if (isSent || invoice.status === "paid") return resumeWith(unit, { ...before, ...waiting }, invoice);
  laterAt(unit, unit.now + subscriptionDefaults.incompleteMs.value, forgetResumption, id, invoice.id);
  return change(unit, subscriptions, before, waiting, "customer.subscription.updated");
}

/** Its invoice is paid: the period begins where that says. */
export function resumeWith(unit: Unit, paused: Subscription, { created }: Invoice): Subscription {
  const items = itemsFrom(unit, paused, created);
  const changes = {
    ...holding(items),
    billing_cycle_anchor: created,
    latest_invoice: paused.latest_invoice,
    pending_update: null,
  };
  const stored = mustRead(unit, subscriptions, paused.id);
  const after = move(unit, subscriptionMachine, paused, "resume", "active", changes);
  emit(unit, "customer.subscription.updated", after, stored); // As documented.
  fileTurn(unit, after);
  return after;
}

function itemsFrom(unit: Unit, { items }: Subscription, second: number): SubscriptionItem[] {
  return items.map((item) => {
    const { end } = alignedPeriod(unit, second, item, second);
    return { ...item, current_period_start: second, current_period_end: end };
  });
}

/** Every field of it is null but the time until which it may be paid (recorded). */
function pendingUpdate(unit: Unit): Subscription["pending_update"] {
  return {
    billing_cycle_anchor: null,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: Math.floor((unit.now + subscriptionDefaults.incompleteMs.value) / secondMs),
    metadata: null,
    subscription_items: null,
    trial_end: null,
    trial_from_plan: null,
  };
}

export function forgetResumption(unit: Unit, id: string, invoice: string): void {
  const subscription = read(unit, subscriptions, id);
  if (subscription?.status !== "paused" || subscription.latest_invoice !== invoice) return;
  change(unit, subscriptions, subscription, { pending_update: null }, "customer.subscription.updated");
  closeBill(unit, invoice);
}
