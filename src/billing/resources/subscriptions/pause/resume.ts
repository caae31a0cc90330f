// A subscription that rests goes on: what it is billed is collected again; or, where its status is paused, its next
// period is paid, and it goes on once that is. https://docs.stripe.com/billing/subscriptions/pause
import { minuteMs } from "#kit/clock.ts";
import type { Problem } from "#kit/problems.ts";
import { problem } from "#kit/problems.ts";
import { type Outcome, type ResumeSubscription, resumeAnchors, type Subscription } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import { flag, oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { checkFields, checkOneOf, checkUrl, type Fields } from "../../input.ts";
import type { OpenInvoiceLink } from "../../invoices/index.ts";
import { outcomeOf } from "../../outcomes.ts";
import { subscriptionKind } from "../kind.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import {
  aboutSubscription,
  changing,
  checkNamed,
  giveWish,
  ofSubscription,
  refuseUnbegun,
  subscriptionLane,
  tellFailed,
  type Wishing,
} from "../wish.ts";
import { paymentOf } from "./payment.ts";

const fields: Fields<ResumeSubscription> = { id: true, billingCycleAnchor: true, returnUrl: true, attempt: true };

export async function resumeSubscription(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  { id: subscriptionId, options: given }: { readonly id: string; readonly options: ResumeSubscription },
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const returnUrl = checkUrl("returnUrl", options.returnUrl);
  const anchor = checkOneOf("billingCycleAnchor", options.billingCycleAnchor, resumeAnchors) ?? "now";
  const wish: Wishing<Params> = {
    ...checkNamed(subscriptionId, options),
    verb: resume,
    refuse: (row) => refuseUnbegun(row) ?? refuseSent(row),
    decide: async ({ id, status, billingMode, latestInvoice }) => ({
      subscriptionId: id,
      anchor,
      isPaused: status === "paused",
      isFlexible: billingMode === "flexible",
      latestInvoice,
    }),
    again: (decided) => ({ ...decided, anchor }),
  };
  const { ended, params, value } = await giveWish(core, wish);
  const isAsked = params.isPaused && isAboutPayment(ended, value);
  const answering = { before: params.latestInvoice, operationId: ended.operationId, openLink, returnUrl };
  const payment = isAsked ? await paymentOf(core, value, answering) : undefined;
  return payment ?? outcomeOf(ended, { what: `Resuming subscription ${subscriptionId}`, value });
}

/** What pays it may have been refused in the call, or later by the bank, and may have been paid since. */
function isAboutPayment(ended: Ended<unknown>, { status }: Subscription): boolean {
  if (ended.state === "done") return ended.isShown && status === "paused";
  return (ended.state === "refused" || ended.state === "failed") && ended.refusal.http === 402;
}

/** What is sent to its customer is not resumed at Stripe. https://docs.stripe.com/billing/subscriptions/pause#resume */
function refuseSent({ id, status, collectionMethod }: SubscriptionMirror): Problem | undefined {
  if (status !== "paused" || collectionMethod !== "send_invoice") return undefined;
  return problem("wrong_state", `Subscription ${id} is paused, and its invoices are sent: Stripe does not resume it`, {
    hint: "Have it charged automatically first, or start another one.",
    details: { id, status },
  });
}

const resumeParams = record({
  ...ofSubscription,
  anchor: oneOf(resumeAnchors),
  /** Its status was paused; else only its collection was, or nothing. */
  isPaused: flag,
  isFlexible: flag,
  latestInvoice: orNull(text),
});
type Params = Shaped<typeof resumeParams>;

const resumed = record({ id: text, status: text, latest_invoice: orNull(text) });
type Resumed = { readonly resume: Shaped<typeof resumed> };

const invoiceOf = ({ resume }: Resumed) => resume?.latest_invoice ?? "";

export const resume = defineVerb({
  name: "subscriptions.resume",
  params: resumeParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  // Whoever wishes it is there to pay; without a payment there is nothing that could come too late.
  validForMs: ({ params }) => (params.isPaused ? 15 * minuteMs : Number.POSITIVE_INFINITY),
  steps: [
    {
      name: "resume",
      answer: resumed,
      isWanted: ({ params }) => params.isPaused,
      touches: ({ params }) => params.subscriptionId,
      embeds: ({ params }) => [{ kind: subscriptionKind.kind, id: params.subscriptionId }],
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/subscriptions/${params.subscriptionId}/resume`,
        params: {
          billing_cycle_anchor: { type: params.anchor },
          ...(params.anchor === "unchanged" && { proration_behavior: "always_invoice" }),
          // Flexibly, Stripe charges in this call, and tries again. Else nobody is charged by it.
          ...(params.isFlexible && { payment_behavior: "resume_on_payment_success" }),
        },
      }),
      holds: ({ status, latest_invoice }, { params }) =>
        status !== "paused" || idOf(latest_invoice) !== params.latestInvoice,
      kept: true,
    },
    {
      name: "pay",
      answer: itsId,
      isWanted: ({ params }: OperationView<Params>, { resume: after }: Resumed) =>
        params.isPaused && !params.isFlexible && after.status === "paused" && after.latest_invoice !== null,
      touches: (_operation: OperationView<Params>, answers: Resumed) => invoiceOf(answers),
      request: (_operation: OperationView<Params>, answers: Resumed) => ({
        method: "POST" as const,
        path: `/v1/invoices/${invoiceOf(answers)}/pay`,
        params: {},
      }),
      holds: ({ status }: Remote) => status === "paid",
      kept: true,
    },
    { ...changing((_params: Params) => ({ pause_collection: null })), isWanted: ({ params }) => !params.isPaused },
  ],
  answered: async () => ({}),
  refused: tellFailed("resume"),
});
