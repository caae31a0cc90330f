// What became of the payment for which a subscription waits: by its invoice, as it stands at Stripe.
import { isProblem } from "#kit/problems.ts";
import type { Outcome, Subscription } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { askPayer, getInvoice, type OpenInvoiceLink } from "../../invoices/index.ts";
import { getSubscription } from "../read.ts";
import { lookAt } from "../wish.ts";

interface Answering {
  /** The latest invoice before it was resumed. What became of that one says nothing. */
  readonly before: string | null;
  readonly operationId: string;
  readonly openLink: OpenInvoiceLink;
  readonly returnUrl: string | undefined;
}

/** Undefined where no invoice was made: the operation's own end says why. */
export async function paymentOf(
  core: BillingCore,
  value: Subscription,
  answering: Answering,
): Promise<Outcome<Subscription> | undefined> {
  const processing = { outcome: "processing", operationId: answering.operationId, value } as const;
  try {
    const seen = await seenNow(core, value.id);
    if (seen.latestInvoiceId === null || seen.latestInvoiceId === answering.before) return undefined;
    return (await outcomeOfInvoice(core, seen, answering)) ?? processing;
  } catch (error) {
    if (!isProblem(error)) throw error;
    core.kernel.ports.log.warn("subscription.payment_not_seen", { subscriptionId: value.id, error: error.message });
    return processing; // its events tell
  }
}

async function seenNow(core: BillingCore, id: string): Promise<Subscription> {
  await lookAt(core, id);
  return getSubscription(core, id);
}

async function outcomeOfInvoice(
  core: BillingCore,
  value: Subscription,
  { openLink, returnUrl }: Answering,
): Promise<Outcome<Subscription> | undefined> {
  const invoiceId = value.latestInvoiceId ?? "";
  await lookNow(core.kernel, { kind: "invoice", id: invoiceId });
  const { status, attempt } = await getInvoice(core, invoiceId);
  if (status === "paid") return { outcome: "done", value: await seenNow(core, value.id) };
  if (status === "void") return { outcome: "declined", value, reason: "not_paid", ...notPaid };
  if (attempt?.failure) {
    const { code, declineCode, message } = attempt.failure;
    return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
  }
  if (status !== "open" || attempt?.status === "processing") return undefined;
  return { outcome: "action_required", value, ...(await askPayer(core, openLink, { invoiceId, returnUrl })) };
}

/** https://docs.stripe.com/billing/subscriptions/pause#resume */
const notPaid = {
  code: null,
  declineCode: null,
  message: "Its invoice was not paid, and is void: the subscription stays paused.",
};
