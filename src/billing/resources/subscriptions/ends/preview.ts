// What Stripe would give back of a subscription that ended now.
// https://docs.stripe.com/api/invoices/create_preview
import { problem } from "#kit/problems.ts";
import type { Fields } from "../../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { encodeForm } from "../../../kernel/stripe/form.ts";
import { fieldsOf, number } from "../../remote_fields.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";

export interface PreviewedEnd {
  /** A last invoice gives something back. */
  readonly isCredited: boolean;
}

/** A look: it changes nothing at Stripe, though it is a POST. */
export async function previewEnd(core: BillingCore, { id }: SubscriptionMirror): Promise<PreviewedEnd> {
  const params = {
    subscription: id,
    subscription_details: { cancel_now: true, proration_behavior: "create_prorations" },
  };
  const body = new Uint8Array(Buffer.from(encodeForm(params), "utf8"));
  const path = "/v1/invoices/create_preview";
  const answer = await core.kernel.gateway.send(
    { method: "POST", path, body },
    { priority: "command", about: { subscriptionId: id } },
  );
  if (answer.kind === "answer" && answer.status < 300) return endIn(answer.body);
  const error = answer.kind === "answer" ? fieldsOf(answer.body.error) : {};
  // Nothing is billed and nothing is given back: of a trial, of what is metered.
  if (error.code === "invoice_upcoming_none") return { isCredited: false };
  if (answer.kind !== "answer" || answer.status >= 500 || answer.status === 429) {
    throw problem("stripe_unreachable", `What is unused of subscription ${id} could not be reckoned`, {
      hint: "Nothing was done. Give the command again.",
      details: { id },
    });
  }
  throw problem("stripe_refused", `What is unused of subscription ${id} could not be reckoned: ${error.message}`, {
    hint: "Nothing was done.",
    details: { id, code: error.code, status: answer.status },
  });
}

function endIn(preview: Fields): PreviewedEnd {
  const { data } = fieldsOf(preview.lines);
  const lines: readonly Fields[] = Array.isArray(data) ? data : [];
  return { isCredited: lines.some(({ amount }) => number(amount) < 0) };
}
