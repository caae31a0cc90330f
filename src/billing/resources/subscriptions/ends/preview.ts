// What Stripe would give back of a subscription that ended now.
// https://docs.stripe.com/api/invoices/create_preview
import { problem } from "#kit/problems.ts";
import type { Fields } from "../../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { encodeForm } from "../../../kernel/stripe/form.ts";
import type { Unused } from "../../refunds/index.ts";
import { fieldsOf, number, textOrNull } from "../../remote_fields.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";

export interface PreviewedEnd {
  /** A last invoice gives something back. */
  readonly isCredited: boolean;
  /** What of it was billed by which invoice, taxes included. */
  readonly unused: readonly Unused[];
}

/** A look: it changes nothing at Stripe, though it is a POST. */
export async function previewEnd(core: BillingCore, { id, latestInvoice }: SubscriptionMirror): Promise<PreviewedEnd> {
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
  if (answer.kind === "answer" && answer.status < 300) return endIn(answer.body, latestInvoice);
  const error = answer.kind === "answer" ? fieldsOf(answer.body.error) : {};
  // Nothing is billed and nothing is given back: of a trial, of what is metered.
  if (error.code === "invoice_upcoming_none") return { isCredited: false, unused: [] };
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

function endIn(preview: Fields, latestInvoice: string | null): PreviewedEnd {
  const { data } = fieldsOf(preview.lines);
  const lines: readonly Fields[] = Array.isArray(data) ? data : [];
  const isCredited = lines.some(({ amount }) => number(amount) < 0);
  return { isCredited, unused: unusedIn(lines, latestInvoice) };
}

/**
 * Credits of what was billed, less what waits to be billed of changes that were made before. A credit names the invoice
 * whose lines it takes back. https://docs.stripe.com/billing/subscriptions/prorations
 */
function unusedIn(lines: readonly Fields[], latestInvoice: string | null): readonly Unused[] {
  const prorated = lines.filter((line) => detailsOf(line).proration === true);
  const owed = prorated.map(owedBy);
  const credited = new Map<string, number>();
  for (const [nth, line] of prorated.entries()) {
    const amount = owed[nth] ?? 0;
    const invoice = invoiceOf(line) ?? latestInvoice;
    if (amount < 0 && invoice?.startsWith("in_")) credited.set(invoice, (credited.get(invoice) ?? 0) - amount);
  }
  let rest = -owed.reduce((sum, amount) => sum + amount, 0);
  return [...credited].flatMap(([invoiceId, credit]) => {
    const amount = Math.min(rest, credit);
    if (amount <= 0) return [];
    rest -= amount;
    return [{ invoiceId, amount }];
  });
}

function detailsOf({ parent }: Fields): Fields {
  const { subscription_item_details, invoice_item_details } = fieldsOf(parent);
  return fieldsOf(subscription_item_details ?? invoice_item_details);
}

function invoiceOf(line: Fields): string | null {
  const { credited_items } = fieldsOf(detailsOf(line).proration_details);
  return textOrNull(fieldsOf(credited_items).invoice);
}

/** What it comes to: less its discounts, and with the taxes that its amount does not hold. */
function owedBy(line: Fields): number {
  const sum = (parts: unknown) =>
    (Array.isArray(parts) ? (parts as Fields[]) : []).reduce((all, { amount }) => all + number(amount), 0);
  const taxes = Array.isArray(line.taxes) ? (line.taxes as Fields[]) : [];
  const added = taxes.filter(({ tax_behavior }) => tax_behavior === "exclusive");
  return number(line.amount) - sum(line.discount_amounts) + sum(added);
}
