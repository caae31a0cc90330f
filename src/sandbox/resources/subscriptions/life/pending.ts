// What waits for a subscription is billed in between, at an interval of its own: "analogous to calling Create an
// invoice for the given subscription at the specified interval".
// https://docs.stripe.com/api/subscriptions/create#create_subscription-pending_invoice_item_interval
import { secondMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, integer, text } from "../../../kernel/words/params.ts";
import { type Interval, wholeFrom } from "../../../reckoning/periods.ts";
import { waitingFor } from "../../invoices/index.ts";
import { billOf } from "../billing/bill.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";
import { collect, isRunning } from "./turn.ts";

type Pending = Pick<Subscription, "next_pending_invoice_item_invoice" | "pending_invoice_item_interval">;

/** Nothing, where nothing is said of it; it begins now, and an empty text ends it. */
export function pendingOf(unit: Unit, params: Params): Partial<Pending> {
  if (params.pending_invoice_item_interval === undefined) return {};
  const sent = hash(params, "pending_invoice_item_interval");
  if (!sent) return { next_pending_invoice_item_invoice: null, pending_invoice_item_interval: null };
  const interval = (text(sent, "interval") ?? "month") as Interval["interval"]; // Its schema requires one of these.
  const interval_count = integer(sent, "interval_count") ?? 1;
  const most = subscriptionDefaults.pendingIntervalMax.value[interval];
  if (interval_count < 1 || interval_count > most) throw refusal(rows.pendingInterval, { most, interval });
  const chosen = { interval, interval_count };
  return {
    next_pending_invoice_item_invoice: wholeFrom(chosen, secondOf(unit)).end,
    pending_invoice_item_interval: chosen,
  };
}

export function filePending(unit: Unit, { id, next_pending_invoice_item_invoice: next }: Subscription): void {
  if (next !== null) laterAt(unit, next * secondMs, billPending, id);
}

/** Who waits for a first payment, or for a method, is not billed; and of nothing no invoice is made. */
export function billPending(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  const next = subscription?.next_pending_invoice_item_invoice ?? null;
  const chosen = subscription?.pending_invoice_item_interval as Interval | null | undefined; // Written above.
  if (!subscription || !chosen || next === null || next * secondMs > unit.now) return;
  const second = secondOf(unit);
  const period = { start: next, end: second };
  const bill = billOf(unit, subscription, { reason: "automatic_pending_invoice_item_invoice", period, lines: [] });
  const isBilled = isRunning(subscription) && waitingFor(unit, bill).length > 0;
  const changes = {
    ...(isBilled && { latest_invoice: collect(unit, subscription, bill).id }),
    next_pending_invoice_item_invoice: wholeFrom(chosen, next).end,
  };
  const stored = mustRead(unit, subscriptions, id); // What is billed may have changed it.
  filePending(unit, change(unit, subscriptions, stored, changes, "customer.subscription.updated"));
}
