// What became of the payment for which a subscription waits: by its invoice, as it stands at Stripe.
import { isProblem } from "#kit/problems.ts";
import type { Outcome, Subscription } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { askPayer, getInvoice, type OpenInvoiceLink } from "../../invoices/index.ts";
import { getSubscription } from "../read.ts";
import { lookAt } from "../wish.ts";

interface Answering {
  readonly operationId: string;
  readonly openLink: OpenInvoiceLink;
  readonly returnUrl: string | undefined;
}

export async function paymentOf(
  core: BillingCore,
  value: Subscription,
  answering: Answering,
): Promise<Outcome<Subscription>> {
  const processing = { outcome: "processing", operationId: answering.operationId, value } as const;
  if (value.latestInvoiceId === null) return processing;
  try {
    return (await outcomeOfInvoice(core, value, answering)) ?? processing;
  } catch (error) {
    if (!isProblem(error)) throw error;
    core.kernel.ports.log.warn("subscription.payment_not_seen", { subscriptionId: value.id, error: error.message });
    return processing; // its events tell
  }
}

async function outcomeOfInvoice(
  core: BillingCore,
  value: Subscription,
  { openLink, returnUrl }: Answering,
): Promise<Outcome<Subscription> | undefined> {
  const invoiceId = value.latestInvoiceId ?? "";
  await lookNow(core.kernel, { kind: "invoice", id: invoiceId });
  const { status, attempt } = await getInvoice(core, invoiceId);
  if (status === "paid") {
    await lookAt(core, value.id);
    return { outcome: "done", value: await getSubscription(core, value.id) };
  }
  if (attempt?.failure) {
    const { code, declineCode, message } = attempt.failure;
    return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
  }
  if (status !== "open" || attempt?.status === "processing") return undefined;
  return { outcome: "action_required", value, ...(await askPayer(core, openLink, { invoiceId, returnUrl })) };
}
