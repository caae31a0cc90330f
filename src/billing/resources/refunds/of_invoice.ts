// Which payment of an invoice a refund is of, and how much of it. Stripe is asked for what was paid and for what went
// back, so that the refunds of the Dashboard and of credit notes count, also where no event has told of them.
import { checkPart, formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { type InvoiceMirror, type PaidBy, readPaid } from "../invoices/index.ts";
import { latestOperation } from "../latest.ts";
import { observePage } from "../observe_page.ts";
import { type Paid, refundable, refusal } from "./paid.ts";
import { refundKind } from "./refunds.ts";
import { create, type RefundWish, refundWish } from "./verb.ts";

interface Wished {
  readonly id: string;
  readonly amount: number | undefined;
  readonly reason: string | null;
  readonly attempt: number | undefined;
}

/** What was begun stays of the payment that it was begun with. */
export async function planInvoiceRefund(core: BillingCore, invoiceId: string, wished: Wished): Promise<RefundWish> {
  const { id, amount, reason, attempt } = wished;
  const latest = await latestOperation(core, create, id);
  if (latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt) {
    const begun = refundWish.read(JSON.parse(latest.params), "params");
    return { ...begun, orderId: undefined, invoiceId, amount: amount ?? begun.amount, reason };
  }
  const { invoice, payments } = await readPaid(core, invoiceId);
  const { currency } = invoice;
  if (amount !== undefined) checkPart({ amount, currency }, { of: `Refund ${id}` });
  const left = await leftOf(core, { invoice, payments });
  const chosen = choose(left, { invoice, id, amount });
  const paid = { amount: chosen.paid.amount, currency };
  return { invoiceId, paid, paymentIntentId: chosen.paid.paymentIntentId, amount: amount ?? chosen.left, reason };
}

export interface Left {
  readonly paid: Paid;
  readonly left: number;
}

/** By payment, the newest first. */
export async function leftOf(
  core: BillingCore,
  { invoice: { id, currency }, payments }: { readonly invoice: InvoiceMirror; readonly payments: readonly PaidBy[] },
): Promise<readonly Left[]> {
  const left: Left[] = [];
  for (const { paymentIntent, amount } of payments) {
    const path = `/v1/refunds?limit=100&payment_intent=${paymentIntent}`;
    const about = { invoiceId: id };
    for await (const page of core.kernel.gateway.pages(path, { priority: "command", about })) {
      await observePage(core, refundKind, page);
    }
    const paid = {
      name: `invoice ${id}`,
      details: { invoiceId: id },
      paymentIntentId: paymentIntent,
      amount,
      currency,
    };
    left.push({ paid, left: await core.sql.read("refunds.left", (reader) => refundable(reader, paid)) });
  }
  return left;
}

interface Asked {
  readonly invoice: InvoiceMirror;
  readonly id: string;
  readonly amount: number | undefined;
}

function choose(left: readonly Left[], { invoice, id, amount }: Asked): Left {
  const standing = left.filter((one) => one.left > 0);
  const [first, second] = standing;
  const enough = amount === undefined ? (second ? undefined : first) : standing.find((one) => one.left >= amount);
  if (enough) return enough;
  const [any] = left;
  if (!any) throw nothingPaid(invoice, id);
  const all = standing.reduce((sum, one) => sum + one.left, 0);
  const refused = refusal(any.paid, { id, amount: amount ?? all, left: all });
  throw refused ?? onlyInParts(standing, { invoice, id, amount: amount ?? all });
}

function nothingPaid({ id, status }: InvoiceMirror, refund: string) {
  const isPaid = status === "paid";
  const message = isPaid
    ? `Refund ${refund}: invoice ${id} was paid by nothing that could be sent back`
    : `Refund ${refund}: invoice ${id} is ${status}, and only what was paid is refunded`;
  const hint = isPaid
    ? "It cost nothing, or was paid outside of Stripe or by the customer's balance: see `invoices.credit()`."
    : "`invoices.void()` takes back what is open, `invoices.discard()` a draft.";
  return problem("wrong_state", message, { hint, details: { invoiceId: id, status } });
}

/** A refund is of one payment. */
function onlyInParts(
  standing: readonly Left[],
  { invoice: { id, currency }, ...refund }: { readonly invoice: InvoiceMirror; id: string; amount: number },
) {
  const most = Math.max(...standing.map(({ left }) => left));
  const [asked, rest] = [refund.amount, most].map((amount) => formatMoney({ amount, currency }));
  const message = `Refund ${refund.id}: ${asked} of invoice ${id} were paid by ${standing.length} payments`;
  return problem("invalid_amount", message, {
    hint: `A refund is of one of them: send back ${rest} at most, then the rest under another id.`,
    details: { field: "amount", invoiceId: id, refundable: most, currency },
  });
}
