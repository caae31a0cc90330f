// What became of the payment for which a subscription waits: by its invoice, as it stands at Stripe.
import { isProblem } from "#kit/problems.ts";
import type { Outcome, Subscription } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { getInvoice } from "../../invoices/index.ts";
import { fieldsOf, textOrNull } from "../../remote_fields.ts";
import { getSubscription } from "../read.ts";
import { lookAt } from "../wish.ts";

export async function paymentOf(
  core: BillingCore,
  value: Subscription,
  operationId: string,
): Promise<Outcome<Subscription>> {
  const processing = { outcome: "processing", operationId, value } as const;
  if (value.latestInvoiceId === null) return processing;
  try {
    return (await outcomeOfInvoice(core, value, value.latestInvoiceId)) ?? processing;
  } catch (error) {
    if (!isProblem(error)) throw error;
    core.kernel.ports.log.warn("subscription.payment_not_seen", { subscriptionId: value.id, error: error.message });
    return processing; // its events tell
  }
}

async function outcomeOfInvoice(
  core: BillingCore,
  value: Subscription,
  id: string,
): Promise<Outcome<Subscription> | undefined> {
  await lookNow(core.kernel, { kind: "invoice", id });
  const { status, attempt, hostedInvoiceUrl } = await getInvoice(core, id);
  if (status === "paid") {
    await lookAt(core, value.id);
    return { outcome: "done", value: await getSubscription(core, value.id) };
  }
  if (attempt?.failure) {
    const { code, declineCode, message } = attempt.failure;
    return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
  }
  if (status !== "open" || attempt?.status === "processing" || hostedInvoiceUrl === null) return undefined;
  return { outcome: "action_required", value, url: hostedInvoiceUrl, clientSecret: await secretOf(core, id) };
}

/** For a page of the host's own. https://docs.stripe.com/api/invoices/object#invoice_object-confirmation_secret */
async function secretOf(core: BillingCore, id: string): Promise<string> {
  const path = `/v1/invoices/${encodeURIComponent(id)}?expand[]=confirmation_secret`;
  const { remote } = await core.kernel.gateway.read(path, { priority: "command" });
  return textOrNull(fieldsOf(remote?.confirmation_secret).client_secret) ?? "";
}
