// A paused subscription goes on: a new period is billed, and runs once that is paid; who does not pay it within a day
// stays where they are. The call charges nobody unless it is asked to, and who is charged in vain is past due, or stays
// paused and is tried again. https://docs.stripe.com/billing/subscriptions/pause
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import { assertMay, move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, integer, text } from "../../../kernel/words/params.ts";
import { pendingItems } from "../../invoiceitems/index.ts";
import { type Bill, type Invoice, invoices, waitingFor } from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { billOf } from "../billing/bill.ts";
import { type BillNow, billNow } from "../billing/first.ts";
import { linesOf } from "../billing/lines.ts";
import { debit } from "../changes/prorate.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { alignedPeriod, during } from "../items/periods.ts";
import { dropUpdate, expireUpdate, pendingUpdate } from "../pending/hold.ts";
import { rows } from "../refusals.table.ts";
import { holding, memoryOf, type Subscription, subscriptionMachine, subscriptions } from "../subscription.ts";
import { fileTurn } from "./turn.ts";

export function resumeSubscription(unit: Unit, params: Params, id: string): Subscription {
  return resumedBy(unit, params, id, billNow);
}

/** `bill`: how what is charged is billed; a preview does it in another way. */
export function resumedBy(unit: Unit, params: Params, id: string, bill: BillNow): Subscription {
  const paused = mustRead(unit, subscriptions, id);
  assertMay(subscriptionMachine, paused, "resume");
  const isPaidFirst = text(params, "payment_behavior") === "resume_on_payment_success";
  refuseUnfit(paused, isPaidFirst);
  const before = dropUpdate(unit, paused);
  const waited = pendingItems(unit, before.customer).map((item) => item.id);
  const isUnchanged = text(hash(params, "billing_cycle_anchor") ?? {}, "type") === "unchanged";
  const asked = isUnchanged ? restOfPeriod(unit, before, params) : newPeriod(unit, before);
  if (!asked) return resumeFree(unit, before);
  // Nobody tries again by itself what the call has not tried (documented).
  const billing = { ...asked, auto_advance: isPaidFirst, waited };
  const done = bill(unit, before, billing, isPaidFirst ? "allow_incomplete" : "default_incomplete");
  const invoice = mustRead(unit, invoices, done.latest_invoice);
  if (invoice.status === "paid") return resumeWith(unit, before, invoice);
  return waitFor(unit, before, invoice, isPaidFirst ? resumptionMs.success : resumptionMs.attempt);
}

/** Nothing is asked for. */
function resumeFree(unit: Unit, paused: Subscription): Subscription {
  const { billing_cycle_anchor: anchor, latest_invoice } = paused;
  return resumeIn(unit, paused, { anchor, latest_invoice, second: secondOf(unit), status: "active" });
}

const resumptionMs = subscriptionDefaults.resumptionMs.value;

function refuseUnfit({ billing_mode: mode, collection_method: method }: Subscription, isPaidFirst: boolean): void {
  if (method === "send_invoice") throw refusal(rows.resumesSent);
  if (isPaidFirst && mode.type === "classic") throw refusal(rows.resumesClassic);
}

/** Its resumption is an update that is pending (recorded). */
function waitFor(unit: Unit, paused: Subscription, { id }: Invoice, forMs: number): Subscription {
  const expires_at = Math.floor((unit.now + forMs) / secondMs);
  laterAt(unit, expires_at * secondMs, expireUpdate, paused.id);
  const waiting = { latest_invoice: id, pending_update: pendingUpdate(expires_at) };
  return change(unit, subscriptions, paused, waiting, "customer.subscription.updated");
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
  const since = before.status_details?.paused.transitioned_at ?? periodStart;
  if (from < Math.max(periodStart, since) || from > periodEnd) throw refusal(rows.prorationDateOutside);
  if (behavior === "none") return undefined;
  for (const item of resumed.items) debit(unit, resumed, item, from);
  const period = { start: second, end: second };
  const asked = billOf(unit, before, { reason: "subscription_update", period, lines: [] });
  return behavior === "always_invoice" && waitingFor(unit, asked).length > 0 ? asked : undefined;
}

/** A period begins where its invoice says, or the one that it is the rest of goes on. */
export function resumeWith(
  unit: Unit,
  paused: Subscription,
  { billing_reason: reason, created, id }: Invoice,
  status: Resuming["status"] = "active",
): Subscription {
  const anchor = reason === "subscription_update" ? paused.billing_cycle_anchor : created;
  return resumeIn(unit, paused, { anchor, latest_invoice: id, second: created, status });
}

interface Resuming extends Pick<Subscription, "latest_invoice"> {
  readonly anchor: number;
  /** In the period that runs. */
  readonly second: number;
  readonly status: "active" | "past_due";
}

function resumeIn(unit: Unit, paused: Subscription, resuming: Resuming): Subscription {
  const { anchor, latest_invoice, second, status } = resuming;
  const after = move(unit, subscriptionMachine, paused, "resume", status, {
    ...holding(itemsIn(unit, paused, anchor, second)),
    billing_cycle_anchor: anchor,
    latest_invoice,
    pending_update: null,
    status_details: undefined,
  });
  emit(unit, "customer.subscription.updated", after, paused); // As documented.
  fileTurn(unit, after);
  return after;
}

function itemsIn(unit: Unit, { items }: Subscription, anchor: number, second: number): SubscriptionItem[] {
  return items.map((item) => during(item, alignedPeriod(unit, anchor, item, second)));
}
