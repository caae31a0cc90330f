// The first invoice of a subscription, and with it the status it begins in.
// https://docs.stripe.com/billing/subscriptions/overview#payment-behavior
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { refusal, StripeError } from "../../../kernel/words/errors.ts";
import { text } from "../../../kernel/words/params.ts";
import { customers } from "../../customers/index.ts";
import {
  type Bill,
  draftBill,
  finalBill,
  firstMethod,
  type Invoice,
  invoices,
  payBill,
  waitingFor,
} from "../../invoices/index.ts";
import type { Billing } from "../../line_items/index.ts";
import { methodTypesOf } from "../../payment_intents/index.ts";
import { createSetupIntent } from "../../setup_intents/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { alignedPeriod } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { billOf } from "./bill.ts";
import { linesBehind, linesSinceStart } from "./elapsed.ts";
import { isWhole, linesOf, showsUsage, trialLinesOf } from "./lines.ts";

type First = Pick<Subscription, "latest_invoice" | "pending_setup_intent"> & {
  readonly status: "active" | "incomplete" | "trialing";
};

interface Collecting {
  readonly params: Params;
  readonly bill: BillNow;
}

/** Makes it and, where that is asked for, tries to have it paid. */
export function billFirst(unit: Unit, draft: Subscription, { params, bill: collect }: Collecting): First {
  const rest = draft.trial_end === null ? "active" : "trialing";
  const lines = firstLines(unit, draft, params);
  const bill = billOf(unit, draft, { reason: "subscription_create", period: bornAt(draft), lines });
  const isBilled = lines.length > 0 || waitingFor(unit, bill).length > 0;
  const behavior = text(params, "payment_behavior") ?? "allow_incomplete";
  // Where nothing is billed no invoice is made.
  const { latest_invoice, isPaid } = isBilled ? collect(unit, draft, bill, behavior) : nothingBilled;
  const isFree = latest_invoice === null || mustRead(unit, invoices, latest_invoice).amount_due === 0;
  const pending_setup_intent = isFree ? setupFor(unit, draft, behavior) : null;
  return { latest_invoice, pending_setup_intent, status: isPaid ? rest : "incomplete" };
}

const nothingBilled = { latest_invoice: null, isPaid: true };

export interface BilledNow {
  readonly latest_invoice: string;
  readonly isPaid: boolean;
}

export type BillNow = (unit: Unit, subscription: Subscription, bill: Bill, behavior?: string) => BilledNow;

/** To whom an invoice is sent it is a draft for an hour; from others it is collected in this moment. */
export const billNow: BillNow = (unit, subscription, bill, behavior = "allow_incomplete") => {
  if (subscription.collection_method === "send_invoice") {
    return { latest_invoice: draftBill(unit, bill).id, isPaid: true };
  }
  const invoice = finalBill(unit, bill);
  const isSettled = invoice.status === "paid" || isPaid(unit, invoice, subscription, behavior);
  return { latest_invoice: invoice.id, isPaid: isSettled };
};

/** A draft for its hour, whoever pays: what a schedule bills, and as much as a preview shows (documented). */
export const billLater: BillNow = (unit, _subscription, bill) => ({
  latest_invoice: draftBill(unit, bill).id,
  isPaid: true,
});

/** Nothing is due yet: who has no method, or wants to be asked for one, is asked with a setup intent (recorded). */
function setupFor(unit: Unit, draft: Subscription, behavior: string): string | null {
  if (draft.collection_method === "send_invoice") return null;
  const customer = mustRead(unit, customers, draft.customer);
  if (behavior !== "default_incomplete" && firstMethod(null, draft, customer) !== undefined) return null;
  const chosen = draft.payment_settings?.payment_method_types ?? undefined;
  const types = chosen ?? methodTypesOf(unit, {}, { isAutomatic: true, mayRedirect: false, payment: null });
  return createSetupIntent(unit, { customer: customer.id, payment_method_types: types, usage: "off_session" }).id;
}

/** Created and billed in one second (recorded). */
function bornAt({ created }: Subscription) {
  return { start: created, end: created };
}

/** Up to an anchor that is ahead only a part of the price is due, or nothing at all, nor of the time behind it. */
function firstLines(unit: Unit, draft: Subscription, params: Params): Billing[] {
  const { billing_cycle_anchor: anchor, items } = draft;
  const isFree = text(params, "proration_behavior") === "none";
  if (draft.trial_end !== null) {
    return [...trialLinesOf(unit, draft, items), ...(isFree ? [] : linesBehind(unit, draft, items))];
  }
  const isNew = (item: SubscriptionItem) =>
    item.current_period_start === draft.created &&
    isWhole(item, alignedPeriod(unit, anchor, item, item.current_period_start));
  if (isFree)
    return linesOf(
      unit,
      draft,
      items.filter((item) => showsUsage(draft, item) && isNew(item)),
    );
  return linesSinceStart(
    unit,
    draft,
    items.filter((item) => showsUsage(draft, item)),
  );
}

/** A debit that is on its way is as good as paid. */
function isPaid(unit: Unit, invoice: Invoice, draft: Subscription, behavior: string): boolean {
  if (behavior === "default_incomplete") return false;
  const customer = mustRead(unit, customers, draft.customer);
  const method = firstMethod(null, draft, customer);
  if (method === undefined) throw refusal(rows.subscriberWithoutMethod);
  const done = payBill(unit, invoice.id, method);
  const isDone = done === undefined || done.outcome === "paid" || done.outcome === "processing";
  if (isDone || behavior !== "error_if_incomplete") return isDone;
  if (done.outcome === "refused") throw new StripeError(done.error.status, done.error.fields);
  throw refusal(rows.subscriptionActionRequired);
}
