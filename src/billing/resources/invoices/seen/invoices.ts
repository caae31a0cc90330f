// READ FIRST: what Stripe knows of an invoice, as the fields we live by. Everything here is pure. Instants are Stripe's
// seconds; of an invoice on a test clock they are that clock's.
import type { InvoiceAmounts, InvoiceAttempt, InvoiceStatus } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../../kernel/contract/reacting.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import { marksOf } from "../../marks.ts";
import { fieldsOf, itemsOf, number, numberOrNull, textOrNull } from "../../remote_fields.ts";
import { digestOf } from "./lines.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different; `before` is null when it was not known. */
    "invoice.seen": { readonly before: InvoiceMirror | null; readonly after: InvoiceMirror };
  }
}

export interface InvoiceMirror extends MirroredRow {
  readonly status: InvoiceStatus;
  /** A draft has none. */
  readonly number: string | null;
  readonly subscription: string | null;
  readonly billingReason: string | null;
  readonly currency: string;
  readonly amounts: InvoiceAmounts;
  readonly created: number;
  readonly dueDate: number | null;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly finalizedAt: number | null;
  readonly paidAt: number | null;
  readonly voidedAt: number | null;
  readonly markedUncollectibleAt: number | null;
  readonly attempted: boolean;
  readonly attemptCount: number;
  readonly nextPaymentAttempt: number | null;
  readonly autoAdvance: boolean;
  readonly automaticallyFinalizesAt: number | null;
  readonly collectionMethod: string;
  readonly defaultMethod: string | null;
  readonly hostedInvoiceUrl: string | null;
  readonly invoicePdf: string | null;
  readonly testClock: string | null;
  /** Rows of their own. */
  readonly lines: { readonly count: number; readonly sha256: string };
  /** What became of the latest try, while it is open and somebody has tried. */
  readonly payment: InvoiceAttempt | null;
}

/** From basil on the subscription stands in `parent`. https://docs.stripe.com/changelog/basil */
function subscriptionOf(remote: Fields): string | null {
  const { subscription_details } = fieldsOf(remote.parent);
  return idOf(fieldsOf(subscription_details).subscription) ?? idOf(remote.subscription);
}

export const belongsTo = (remote: Fields): Belonging => ({
  customer: idOf(remote.customer),
  parent: subscriptionOf(remote),
});

/** Undefined for what versions before basil show, for cut lines, and where it is not shown how an open one is paid. */
export function invoiceRow(remote: Remote): InvoiceMirror | undefined {
  const lines = itemsOf(remote.lines);
  const attempt = attemptOf(remote);
  if (lines === undefined || attempt === undefined || remote.parent === undefined) return undefined;
  const times = fieldsOf(remote.status_transitions);
  const status = String(remote.status) as InvoiceStatus;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: status === "paid" || status === "void",
    status,
    number: textOrNull(remote.number),
    subscription: subscriptionOf(remote),
    billingReason: textOrNull(remote.billing_reason),
    currency: String(remote.currency),
    amounts: amountsOf(remote),
    created: number(remote.created),
    dueDate: numberOrNull(remote.due_date),
    periodStart: number(remote.period_start),
    periodEnd: number(remote.period_end),
    finalizedAt: numberOrNull(times.finalized_at),
    paidAt: numberOrNull(times.paid_at),
    voidedAt: numberOrNull(times.voided_at),
    markedUncollectibleAt: numberOrNull(times.marked_uncollectible_at),
    attempted: remote.attempted === true,
    attemptCount: number(remote.attempt_count),
    nextPaymentAttempt: numberOrNull(remote.next_payment_attempt),
    autoAdvance: remote.auto_advance === true,
    automaticallyFinalizesAt: numberOrNull(remote.automatically_finalizes_at),
    collectionMethod: String(remote.collection_method),
    defaultMethod: idOf(remote.default_payment_method),
    hostedInvoiceUrl: textOrNull(remote.hosted_invoice_url),
    invoicePdf: textOrNull(remote.invoice_pdf),
    testClock: idOf(remote.test_clock),
    lines: { count: lines.length, sha256: digestOf(lines) },
    payment: attempt,
  };
}

function amountsOf(remote: Fields): InvoiceAmounts {
  return {
    due: number(remote.amount_due),
    paid: number(remote.amount_paid),
    remaining: number(remote.amount_remaining),
    overpaid: number(remote.amount_overpaid),
    shipping: number(remote.amount_shipping),
    subtotal: number(remote.subtotal),
    subtotalExcludingTax: numberOrNull(remote.subtotal_excluding_tax),
    total: number(remote.total),
    totalExcludingTax: numberOrNull(remote.total_excluding_tax),
    tax: sumOf(remote.total_taxes),
    discount: sumOf(remote.total_discount_amounts),
    startingBalance: number(remote.starting_balance),
    endingBalance: numberOrNull(remote.ending_balance),
    prePaymentCreditNotes: number(remote.pre_payment_credit_notes_amount),
    postPaymentCreditNotes: number(remote.post_payment_credit_notes_amount),
  };
}

function sumOf(parts: unknown): number {
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + number(fieldsOf(part).amount), 0) : 0;
}

/**
 * An invoice that is open says how often it was tried and not what came of it: that stands in its PaymentIntent, which
 * is shown where `payments` are asked for. Undefined where they are needed and are not there.
 */
function attemptOf(remote: Fields): InvoiceAttempt | null | undefined {
  if (remote.status !== "open" || remote.attempted !== true) return null;
  const payments = itemsOf(remote.payments);
  if (payments === undefined) return undefined;
  const open = payments.filter(({ status }) => status === "open");
  const payment = open.find(({ is_default }) => is_default === true) ?? open[0];
  const intent = fieldsOf(fieldsOf(payment?.payment).payment_intent);
  const id = idOf(intent);
  if (id === null) return null;
  const error = intent.last_payment_error ? fieldsOf(intent.last_payment_error) : null;
  return {
    paymentIntent: id,
    status: String(intent.status),
    latestCharge: idOf(intent.latest_charge),
    failure: error && {
      code: String(error.code ?? "unknown"),
      declineCode: textOrNull(error.decline_code),
      message: String(error.message ?? ""),
    },
  };
}

export function invoiceNews(
  before: InvoiceMirror | null,
  after: InvoiceMirror,
  version: number,
): News<"invoice.seen">[] {
  if (before !== null && canonicalJson(before) === canonicalJson(after)) return [];
  return [{ type: "invoice.seen", subject: after.id, transition: `${after.id}@${version}`, data: { before, after } }];
}
