// What happened to an invoice between two looks at it, each exactly defined by the two. Pure.
import type { Facts, FactType } from "../../../api/index.ts";
import { isoOf, isoOrNull } from "../../instants.ts";
import type { InvoiceMirror } from "./invoices.ts";

/** Of a wish and of a credit note: the operation and the note tell them. */
type Unseen = ("invoice.not_done" | "invoice.not_made") | ("invoice.credited" | "invoice.credit_voided");
type InvoiceFact = Exclude<Extract<FactType, `invoice.${string}`>, Unseen>;

/**
 * A fact without what only the database knows: whose it is, and what the host calls it. `transition` makes it the same
 * one when seen again.
 */
export type Happened<Type extends FactType = InvoiceFact> = {
  readonly [One in Type]: {
    readonly type: One;
    readonly transition: string;
    readonly data: Omit<Facts[One], "customerId" | "ownId">;
  };
}[Type];

/** @param seen names what is different now, for what may happen again: an id and a version. */
export function whatHappened(before: InvoiceMirror | null, after: InvoiceMirror, seen: string): readonly Happened[] {
  const common = commonOf(after);
  const { status, dueDate, hostedInvoiceUrl, billingReason } = after;
  const [total, amountPaid] = [moneyOf(after, after.amounts.total), moneyOf(after, after.amounts.paid)];
  const amountDue = moneyOf(after, after.amounts.remaining);
  const failed = failureKey(after);
  const facts: (Happened | false)[] = [
    status !== "draft" &&
      (before === null || before.status === "draft") && {
        type: "invoice.finalized",
        transition: after.id,
        data: {
          ...common,
          total,
          amountDue: moneyOf(after, after.amounts.due),
          dueDate: isoOrNull(dueDate),
          hostedInvoiceUrl,
        },
      },
    failed !== null &&
      failed !== (before && failureKey(before)) && {
        type: "invoice.failed",
        transition: `${after.id}:${failed}`,
        data: {
          ...common,
          amountDue,
          attemptCount: after.attemptCount,
          nextPaymentAttempt: isoOrNull(after.nextPaymentAttempt),
          failure: after.payment?.failure ?? null,
          hostedInvoiceUrl,
        },
      },
    needsAction(after) &&
      !(before && needsAction(before)) && {
        type: "invoice.action_required",
        transition: seen,
        data: { ...common, amountDue, hostedInvoiceUrl },
      },
    status === "paid" &&
      before?.status !== "paid" && {
        type: "invoice.paid",
        transition: after.id,
        data: { ...common, total, amountPaid, billingReason },
      },
    status === "uncollectible" &&
      before?.status !== "uncollectible" && {
        type: "invoice.written_off",
        transition: after.id,
        data: { ...common, amountDue },
      },
    status === "void" &&
      before?.status !== "void" && { type: "invoice.voided", transition: after.id, data: { ...common, total } },
  ];
  return facts.filter((one) => one !== false);
}

/** Of an invoice that is open and whose due date is over. */
export function overdue(invoice: InvoiceMirror, dueDate: number): Happened<"invoice.overdue"> {
  const { id, hostedInvoiceUrl } = invoice;
  const amountDue = moneyOf(invoice, invoice.amounts.remaining);
  const data = { ...commonOf(invoice), amountDue, dueDate: isoOf(dueDate), hostedInvoiceUrl };
  return { type: "invoice.overdue", transition: `${id}:${dueDate}`, data };
}

const commonOf = ({ id, subscription, number }: InvoiceMirror) => ({
  invoiceId: id,
  subscriptionId: subscription,
  number,
});

const moneyOf = ({ currency }: InvoiceMirror, amount: number) => ({ amount, currency });

function needsAction({ payment }: InvoiceMirror): boolean {
  return payment?.status === "requires_action";
}

/**
 * Names the failed try that an invoice stands at; null while none has failed. A failed authentication makes no charge,
 * and without a method to pay with there is neither charge nor error: Stripe counts the try all the same.
 */
function failureKey({ payment, attemptCount }: InvoiceMirror): string | null {
  if (payment?.status !== "requires_payment_method") return null;
  if (payment.failure === null && attemptCount === 0) return null;
  return [payment.latestCharge, payment.failure?.code, attemptCount].join();
}
