// A subscription is paused because somebody asks for it: it is not served, no period runs, and nothing is billed until
// it is resumed. What of the period is unused is given back. What it has been billed goes its own way, and says nothing
// of it any more. https://docs.stripe.com/billing/subscriptions/pause
import { emit } from "../../../kernel/state/emit.ts";
import { assertMay, move } from "../../../kernel/state/machine.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { type Bill, waitingFor } from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { billOf } from "../billing/bill.ts";
import { type BillNow, billNow } from "../billing/first.ts";
import { giveBack } from "../changes/prorate.ts";
import { refuseInTrial } from "../items/clear_trials.ts";
import { dropUpdate } from "../pending/hold.ts";
import { rows } from "../refusals.table.ts";
import { holding, memoryOf, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { pausedSince } from "./paused.ts";

export function pauseSubscription(unit: Unit, params: Params, id: string): Subscription {
  return pausedBy(unit, params, id, billNow);
}

/** `bill`: how what is billed at once is billed; a preview does it in another way. */
export function pausedBy(unit: Unit, params: Params, id: string, bill: BillNow): Subscription {
  const running = mustRead(unit, subscriptions, id);
  assertMay(subscriptionMachine, running, "pause");
  refuseUnfit(running);
  const before = dropUpdate(unit, running); // As documented of previews.
  const second = secondOf(unit);
  const asked = creditFor(unit, before, params);
  const items = before.items.map((item) => ({ ...item, current_period_end: second }));
  const changes = { ...holding(items), ...pausedSince(second, "pause_requested") };
  const paused = move(unit, subscriptionMachine, before, "pause", "paused", changes);
  const done = asked && bill(unit, before, asked);
  const after = done ? change(unit, subscriptions, paused, { latest_invoice: done.latest_invoice }, null) : paused;
  emit(unit, "customer.subscription.updated", after, before);
  signal(unit, subscriptions, "suspend", before, after);
  return after;
}

function refuseUnfit({ billing_mode: mode, collection_method: method, items, schedule }: Subscription): void {
  refuseInTrial(items, "pausing trial offers", "current_trial");
  if (mode.type === "classic") throw refusal(rows.pausesClassic);
  if (method === "send_invoice") throw refusal(rows.pausesSent);
  if (schedule !== null) throw refusal(rows.pausesScheduled);
}

/**
 * Gives back what is unused, and answers what is billed at once; null: nothing is, and what was given back waits for an
 * invoice. Of usage nothing is outstanding, since none is recorded.
 */
function creditFor(unit: Unit, before: Subscription, params: Params): Bill | null {
  const { periodStart: start } = memoryOf(before);
  const asked = billOf(unit, before, {
    reason: "subscription_update",
    period: { start, end: secondOf(unit) },
    lines: [],
  });
  const waited = waitingFor(unit, asked).length;
  for (const item of before.items) {
    const from = unusedFrom(unit, params, item);
    if (from !== undefined) giveBack(unit, before, { item, from });
  }
  const isBilled = text(params, "invoicing_behavior") === "invoice" && waitingFor(unit, asked).length > waited;
  return isBilled ? asked : null;
}

/** From now on, where nothing is said (declared). */
function unusedFrom(unit: Unit, params: Params, { current_period_start: start }: SubscriptionItem): number | undefined {
  const chosen = text(hash(hash(params, "bill_for") ?? {}, "unused_time_from") ?? {}, "type") ?? "now";
  if (chosen === "none") return undefined;
  return chosen === "item_current_period_start" ? start : secondOf(unit);
}
