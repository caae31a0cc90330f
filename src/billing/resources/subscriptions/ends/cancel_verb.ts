// What is asked of Stripe when a subscription is to end, and how it is known that it was done.
import { cancelReasons, cancelRefunds, openInvoiceWays, type SubscriptionStatus } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import {
  flag,
  integer,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  record,
  type Shaped,
  text,
} from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView, type StepRequest } from "../../../kernel/contract/verb.ts";
import { voidBy } from "../../invoices/index.ts";
import { fileRefunds, refundWish } from "../../refunds/index.ts";
import { subscriptionKind } from "../kind.ts";
import { isOver } from "../subscriptions.ts";
import { aboutSubscription, isMarked, ofSubscription, subscriptionLane, tellFailed, wishMarks } from "../wish.ts";
import { ofSchedule, releasing } from "./schedule.ts";

/** What the caller says. */
const wished = {
  way: oneOf(["now", "period_end", "date"]),
  /** Of a date: Stripe's second. */
  at: orNull(integer),
  refund: oneOf(cancelRefunds),
  openInvoices: orAbsent(oneOf(openInvoiceWays)),
  reason: orNull(oneOf(cancelReasons)),
  comment: orNull(text),
};
const cancelWish = record(wished);
export type CancelWish = Shaped<typeof cancelWish>;

const cancelParams = record({
  ...ofSubscription,
  ...wished,
  ...ofSchedule,
  isFlexible: flag,
  /** Of one that has not begun. */
  firstInvoice: orNull(text),
  latestInvoice: orNull(text),
  /** By Stripe's preview something is left that a last invoice gives back. */
  isCredited: flag,
  /** What goes back once it is over. */
  refunds: orAbsent(listOf(refundWish)),
  /** Open ones that are taken back then. */
  voids: orAbsent(listOf(text)),
});
export type Cancel = Shaped<typeof cancelParams>;
type View = OperationView<Cancel>;

export const cancel = defineVerb({
  name: "subscriptions.cancel",
  params: cancelParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  steps: [
    releasing,
    {
      // Whoever pays it while the subscription ends would have paid for nothing.
      name: "void",
      answer: itsId,
      isWanted: ({ params }) => params.firstInvoice !== null,
      touches: ({ params }) => params.firstInvoice ?? "",
      request: ({ params }) => ({ method: "POST", path: `/v1/invoices/${params.firstInvoice}/void`, params: {} }),
      holds: ({ status }) => status === "void",
      kept: true,
    },
    {
      name: "end",
      answer: itsId,
      touches: ({ params }) => params.subscriptionId,
      embeds: ({ params }) => [{ kind: subscriptionKind.kind, id: params.subscriptionId }],
      request: requestOf,
      holds: (remote, operation) =>
        operation.params.way === "now" ? isEnded(remote, operation) : isMarked(remote, operation),
      leavesReadable: true,
    },
  ],
  async answered(reacting, { id, subject, params }) {
    await fileRefunds(reacting, { subject, planned: params.refunds ?? [] });
    for (const invoiceId of params.voids ?? []) await reacting.fileOperation(voidBy(id, invoiceId));
    return {};
  },
  refused: tellFailed("cancel"),
});

function requestOf(operation: View): StepRequest {
  const { params } = operation;
  const path = `/v1/subscriptions/${params.subscriptionId}`;
  const { reason, comment } = params;
  const why = {
    cancellation_details: { feedback: reason ?? undefined, comment: comment ?? undefined },
  };
  const isCredit = params.refund === "credit";
  if (params.way === "now") {
    return { method: "DELETE", path, params: { ...why, prorate: isCredit, invoice_now: isCredit } };
  }
  const marked = { ...why, metadata: wishMarks(operation) };
  if (params.way === "period_end") return { method: "POST", path, params: { ...marked, ...atPeriodEnd(params) } };
  const proration_behavior = isCredit ? "create_prorations" : "none";
  return { method: "POST", path, params: { ...marked, cancel_at: params.at, proration_behavior } };
}

/**
 * Flexibly, items may have periods of their own: what is paid by the year is served to its end, as the portal does it.
 * The date stays, although items of shorter periods are billed meanwhile.
 */
function atPeriodEnd({ isFlexible }: Cancel): StepRequest["params"] {
  return isFlexible ? { cancel_at: "max_period_end" } : { cancel_at_period_end: true };
}

/** Somebody else may have ended it at this moment, and given nothing back, or given it back by a last invoice. */
function isEnded({ status, latest_invoice }: Remote, { params }: View): boolean {
  const hasLastInvoice = idOf(latest_invoice) !== params.latestInvoice;
  const isGivenBack = {
    none: true,
    credit: hasLastInvoice || !params.isCredited,
    refund: !hasLastInvoice,
  };
  return isOver(status as SubscriptionStatus) && isGivenBack[params.refund];
}
