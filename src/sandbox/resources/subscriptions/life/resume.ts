// A paused subscription goes on: a new period is billed, and runs once that is paid; who does not pay it within a day
// stays where they are. The call never charges. https://docs.stripe.com/billing/subscriptions/pause
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import { move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { noSuch, refusal } from "../../../kernel/words/errors.ts";
import { hash, integer, text } from "../../../kernel/words/params.ts";
import { type Bill, closeBill, draftBill, finalBill, type Invoice, waitingFor } from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { billOf } from "../billing/bill.ts";
import { linesOf } from "../billing/lines.ts";
import { debit } from "../changes/prorate.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { alignedPeriod, during } from "../items/periods.ts";
import { pendingUpdate } from "../pending/hold.ts";
import { rows } from "../refusals.table.ts";
import { holding, isOver, memoryOf, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
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
  const isUnchanged = text(hash(params, "billing_cycle_anchor") ?? {}, "type") === "unchanged";
  const asked = isUnchanged ? restOfPeriod(unit, before, params) : newPeriod(unit, before);
  if (!asked) return resumeIn(unit, before, { anchor: before.billing_cycle_anchor, second: secondOf(unit) });
  const isSent = before.collection_method === "send_invoice";
  const invoice = isSent ? draftBill(unit, asked) : bill(unit, asked);
  const waiting = { latest_invoice: invoice.id, pending_update: isSent ? null : pendingUpdate(expiry(unit)) };
  if (isSent || invoice.status === "paid") return resumeWith(unit, { ...before, ...waiting }, invoice);
  laterAt(unit, unit.now + subscriptionDefaults.incompleteMs.value, forgetResumption, id, invoice.id);
  return change(unit, subscriptions, before, waiting, "customer.subscription.updated");
}

/** A new period begins now. */
function newPeriod(unit: Unit, before: Subscription): Bill {
  const second = secondOf(unit);
  const lines = linesOf(unit, { ...before, billing_cycle_anchor: second }, itemsIn(unit, before, second, second));
  return billOf(unit, before, { reason: "subscription_cycle", period: { start: second, end: second }, lines });
}

/**
 * Its anchor is unchanged: what is left of the period that would run waits for its next invoice, unless it is not
 * wanted (declared). Undefined: nothing is asked for now, so that it runs at once (inferred).
 */
function restOfPeriod(unit: Unit, before: Subscription, params: Params): Bill | undefined {
  const behavior = text(params, "proration_behavior") ?? "create_prorations";
  const second = secondOf(unit);
  const resumed = { ...before, ...holding(itemsIn(unit, before, before.billing_cycle_anchor, second)) };
  const { periodStart, periodEnd } = memoryOf(resumed);
  const from = integer(params, "proration_date") ?? second;
  if (from < periodStart || from > periodEnd) throw refusal(rows.prorationDateOutside);
  if (behavior === "none") return undefined;
  for (const item of resumed.items) debit(unit, resumed, item, from);
  const period = { start: second, end: second };
  const asked = billOf(unit, before, { reason: "subscription_update", period, lines: [] });
  return behavior === "always_invoice" && waitingFor(unit, asked).length > 0 ? asked : undefined;
}

/** Its invoice is paid: a period begins where that says, or the one that it is the rest of goes on. */
export function resumeWith(
  unit: Unit,
  paused: Subscription,
  { billing_reason: reason, created }: Invoice,
): Subscription {
  const anchor = reason === "subscription_update" ? paused.billing_cycle_anchor : created;
  return resumeIn(unit, paused, { anchor, second: created });
}

interface Resuming {
  readonly anchor: number;
  /** In the period that runs. */
  readonly second: number;
}

function resumeIn(unit: Unit, paused: Subscription, { anchor, second }: Resuming): Subscription {
  const changes = {
    ...holding(itemsIn(unit, paused, anchor, second)),
    billing_cycle_anchor: anchor,
    latest_invoice: paused.latest_invoice,
    pending_update: null,
  };
  const stored = mustRead(unit, subscriptions, paused.id);
  const after = move(unit, subscriptionMachine, paused, "resume", "active", changes);
  emit(unit, "customer.subscription.updated", after, stored); // As documented.
  fileTurn(unit, after);
  return after;
}

function itemsIn(unit: Unit, { items }: Subscription, anchor: number, second: number): SubscriptionItem[] {
  return items.map((item) => during(item, alignedPeriod(unit, anchor, item, second)));
}

function expiry(unit: Unit): number {
  return Math.floor((unit.now + subscriptionDefaults.incompleteMs.value) / secondMs);
}

export function forgetResumption(unit: Unit, id: string, invoice: string): void {
  const subscription = read(unit, subscriptions, id);
  if (subscription?.status !== "paused" || subscription.latest_invoice !== invoice) return;
  change(unit, subscriptions, subscription, { pending_update: null }, "customer.subscription.updated");
  closeBill(unit, invoice);
}
