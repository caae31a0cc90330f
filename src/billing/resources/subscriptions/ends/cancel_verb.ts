// What is asked of Stripe when a subscription is to end, and how it is known that it was done.
import { cancelReasons, cancelRefunds, type SubscriptionStatus } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import { flag, integer, oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView, type StepRequest } from "../../../kernel/contract/verb.ts";
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
  answered: async () => ({}),
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

/** Somebody else may have ended it at this moment, and given nothing back. */
function isEnded({ status, latest_invoice }: Remote, { params }: View): boolean {
  const isCreditMissing =
    params.refund === "credit" && params.isCredited && idOf(latest_invoice) === params.latestInvoice;
  return isOver(status as SubscriptionStatus) && !isCreditMissing;
}
