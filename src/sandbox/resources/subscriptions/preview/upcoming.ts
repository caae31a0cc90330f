// The invoice that a preview shows: what a change is billed by, else what is billed next.
import { secondMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, given, hash, integer, text } from "../../../kernel/words/params.ts";
import { couponOf } from "../../coupons/index.ts";
import { customers } from "../../customers/index.ts";
import { discounts } from "../../discounts/index.ts";
import { pendingItems, removeItem } from "../../invoiceitems/index.ts";
import { createInvoice, type Invoice, invoices } from "../../invoices/index.ts";
import { billLater } from "../billing/first.ts";
import { isChanging } from "../changes/change.ts";
import { createdBy } from "../create.ts";
import { cancelSubscription } from "../life/cancel.ts";
import { pausedBy } from "../life/pause.ts";
import { resumedBy } from "../life/resume.ts";
import { nextBill, nextTurn } from "../life/turn.ts";
import { livingOf } from "../list.ts";
import { rows } from "../refusals.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";
import { updatedBy } from "../update.ts";

/** What the change is billed at once, else what its subscription is billed next. */
export function afterChange(unit: Unit, before: Subscription, details: Params): Invoice | undefined {
  const changed = changedBy(unit, before, details);
  const isOver = changed.status === "canceled" || changed.status === "paused";
  const invoice = newInvoice(unit, before, changed) ?? (isOver ? undefined : nextBill(unit, changed));
  const isProrated = isChanging(details) && text(details, "proration_behavior") !== "none";
  return invoice && isProrated ? dated(invoice, integer(details, "proration_date") ?? secondOf(unit)) : invoice;
}

function changedBy(unit: Unit, before: Subscription, details: Params): Subscription {
  if (text(details, "resume_at") === "now") return resumedBy(unit, details, before.id, billLater);
  const pause = hash(details, "pause") ?? {};
  if (Object.keys(pause).length > 0) return pausedBy(unit, pause, before.id, billLater);
  const changed = updatedBy(unit, details, before.id, billLater);
  return boolean(details, "cancel_now") ? canceled(unit, changed, details) : changed;
}

/** A preview of prorations says from which second on they are (declared). */
function dated(invoice: Invoice, subscription_proration_date: number): Invoice {
  const { parent } = invoice;
  const details = parent?.subscription_details;
  if (!parent || !details) return invoice;
  return { ...invoice, parent: { ...parent, subscription_details: { ...details, subscription_proration_date } } };
}

function canceled(unit: Unit, { id }: Subscription, details: Params): Subscription {
  const prorate = text(details, "proration_behavior") !== "none";
  return cancelSubscription(unit, { invoice_now: true, prorate }, id);
}

function newInvoice(unit: Unit, { latest_invoice: known }: Subscription, { latest_invoice: id }: Subscription) {
  return id === null || id === known ? undefined : read(unit, invoices, id);
}

export interface New {
  readonly customer: string;
  readonly currency: string | undefined;
  readonly details: Params;
}

/** The first invoice of a subscription that does not exist. */
export function ofNew(unit: Unit, { customer, currency, details }: New): Invoice | undefined {
  const { latest_invoice: id } = begun(unit, { customer, currency, details });
  return id === null ? undefined : read(unit, invoices, id);
}

/** It begins now, at a second ahead, or has begun in the past. */
function begun(unit: Unit, { customer, currency, details }: New): Subscription {
  if (text(details, "resume_at") === "now") throw refusal(rows.notPaused);
  const { billing_cycle_anchor: anchor, start_date, ...rest } = details;
  const billing_cycle_anchor = integer(hash({ anchor }, "anchor") ?? {}, "timestamp");
  const start = integer({ start_date }, "start_date");
  const isAhead = start !== undefined && start > secondOf(unit);
  const then = isAhead ? { ...unit, now: start * secondMs } : unit;
  const backdate_start_date = isAhead ? undefined : start;
  const asked = given({ backdate_start_date, billing_cycle_anchor, currency });
  return createdBy(then, { ...rest, customer, ...asked }, { bill: billLater });
}

/**
 * What a subscription asks for again and again: one period, without what is billed once, without prorations, and
 * without discounts that end (inferred from https://docs.stripe.com/invoicing/preview, "the recurring charges only").
 */
export function recurring(unit: Unit, known: Subscription | undefined, asked: New): Invoice | undefined {
  const { customer, details } = asked;
  const never = { ...details, proration_behavior: "none" };
  const subscription = known ? changedBy(unit, known, never) : begun(unit, { ...asked, details: never });
  for (const item of pendingItems(unit, customer)) removeItem(unit, item);
  const lasting = subscription.discounts.filter((id) => isLasting(unit, id));
  const payer = mustRead(unit, customers, customer);
  const isInherited = payer.discount !== null && isLasting(unit, payer.discount);
  if (!isInherited) change(unit, customers, payer, { discount: null }, null);
  return nextBill(unit, change(unit, subscriptions, subscription, { discounts: lasting }, null));
}

function isLasting(unit: Unit, id: string): boolean {
  return couponOf(unit, mustRead(unit, discounts, id)).duration === "forever";
}

/** Before basil: of whatever its customer is billed for, what comes next. */
export function nextOfCustomer(unit: Unit, { customer, details }: New): Invoice | undefined {
  const living = livingOf(unit, customer).filter(({ status }) => status !== "incomplete");
  for (const subscription of living.sort((one, other) => nextTurn(one) - nextTurn(other))) {
    const invoice = afterChange(unit, subscription, given({ discounts: details.discounts }));
    if (invoice) return invoice;
  }
  return undefined;
}

/** What waits for a customer, on an invoice of its own. */
export function oneOff(unit: Unit, params: Params, { customer, currency }: Omit<New, "details">): Invoice | undefined {
  const usual = mustRead(unit, customers, customer).currency ?? undefined;
  const waiting = pendingItems(unit, customer, currency ?? usual);
  if (waiting.length === 0) return undefined;
  const { automatic_tax, discounts: sent } = params;
  const asked = given({ automatic_tax, currency: currency ?? usual, discounts: sent });
  return createInvoice(unit, { ...asked, customer, pending_invoice_items_behavior: "include" });
}
