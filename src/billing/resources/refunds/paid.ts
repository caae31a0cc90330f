// What a refund is of: an order, or an invoice by one of its payments. How much came, what of it may still go back, and
// the row under which that is counted.
import assert from "node:assert/strict";
import { formatMoney } from "#kit/money.ts";
import { type Problem, problem } from "#kit/problems.ts";
import type { RefundStatus } from "../../api/index.ts";
import { integer, orAbsent, record, type Shaped, text } from "../../kernel/contract/shape.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { lockOrder, type OrderRow } from "../orders/index.ts";
import type { RefundRow } from "./tables.ts";

/** Among the parameters of a refund. An order's row knows what came; of an invoice's payment it is written here. */
export const ofPaid = {
  orderId: orAbsent(text),
  invoiceId: orAbsent(text),
  paid: orAbsent(record({ amount: integer, currency: text })),
  paymentIntentId: text,
};
const ofPaidShape = record(ofPaid);
export type OfPaid = Shaped<typeof ofPaidShape>;

export interface Paid {
  /** "order order_9001", "invoice in_1Q2w3e" */
  readonly name: string;
  readonly details: { readonly orderId?: string; readonly invoiceId?: string };
  readonly paymentIntentId: string;
  readonly amount: number;
  readonly currency: string;
  /** Why nothing of it can go back yet. */
  readonly refused?: { readonly why: string; readonly hint: string };
}

/** Whoever reserves, and whoever hears of one that was made elsewhere, queues up at the same row. */
export async function lockPaid(tx: BillingTx, of: OfPaid): Promise<Paid> {
  if (of.invoiceId === undefined) return paidByOrder(await lockOrder(tx, of.orderId ?? ""));
  const { invoiceId, paymentIntentId } = of;
  const ties = await lockTies(tx, [paymentIntentId]);
  assert.ok(ties.size > 0 && of.paid, `what ${paymentIntentId} paid of ${invoiceId} is known`);
  return { name: `invoice ${invoiceId}`, details: { invoiceId }, paymentIntentId, ...of.paid };
}

/** What ties payments to their invoices: by payment, the invoice that it pays. */
export async function lockTies(tx: BillingTx, payments: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (payments.length === 0) return new Map();
  const ties = await tx
    .updateTable("invoice_payments")
    .set((eb) => ({ id: eb.ref("id") }))
    .where("payment_intent", "in", payments)
    .returning(["id", "payment_intent", "invoice", "status"])
    .execute();
  const standing = ties.filter(({ status }) => status !== "canceled");
  return new Map(standing.map(({ payment_intent, invoice }) => [payment_intent ?? "", invoice]));
}

/** What came is what goes back. */
function currencyOf(order: Pick<OrderRow, "currency" | "paid_currency">): string {
  return order.paid_currency ?? order.currency;
}

export function paidByOrder(order: OrderRow): Paid {
  const { id, status, amount_paid, payment_intent } = order;
  const isHeld = status === "authorized" || status === "mispaid";
  return {
    name: `order ${id}`,
    details: { orderId: id },
    paymentIntentId: payment_intent ?? "",
    amount: amount_paid,
    currency: currencyOf(order),
    ...(amount_paid === 0 && {
      refused: {
        why: status,
        hint: isHeld
          ? "Nothing was captured: let go of it with `orders.cancel()`."
          : "`orders.settled()` asks Stripe whether it was paid meanwhile.",
      },
    }),
  };
}

export function orderRefund(
  { id, payment_intent }: OrderRow,
  asked: { readonly amount: number; readonly reason: string | null },
) {
  return { orderId: id, paymentIntentId: payment_intent ?? "", ...asked };
}

/** What counts against what may be refunded. */
const reservedStatuses: readonly RefundStatus[] = ["pending", "requires_action", "succeeded"];

export function isReserved({ status }: Pick<RefundRow, "status">): boolean {
  return reservedStatuses.includes(status);
}

/**
 * What may still be refunded: what came, less all that went back, is on its way back or is reserved. A payment may pay
 * several invoices; what went back of another one of these does not count.
 */
export async function refundable(db: Pick<BillingTx, "selectFrom">, paid: Paid): Promise<number> {
  const rows = await db
    .selectFrom("refunds")
    .select(["amount", "invoice"])
    .where("payment_intent", "=", paid.paymentIntentId)
    .where("status", "in", reservedStatuses)
    .execute();
  const counting = rows.filter(({ invoice }) => invoice === null || invoice === paid.details.invoiceId);
  return paid.amount - counting.reduce((sum, { amount }) => sum + amount, 0);
}

interface Asked {
  readonly id: string;
  readonly amount: number;
}

/** Undefined when there is as much left. */
export function refusal(paid: Paid, { id, amount, left }: Asked & { readonly left: number }): Problem | undefined {
  const { name, details, currency, refused } = paid;
  if (refused) {
    const message = `Refund ${id}: ${name} is ${refused.why}, and only what was paid is refunded`;
    return problem("wrong_state", message, { hint: refused.hint, details: { ...details, status: refused.why } });
  }
  if (amount >= 1 && amount <= left) return undefined;
  const [asked, rest] = [amount, left].map((one) => formatMoney({ amount: one, currency }));
  const message =
    left === 0
      ? `Refund ${id}: nothing is left of ${name} to send back`
      : `Refund ${id}: ${asked} is more than the ${rest} that are left of ${name}`;
  return problem("invalid_amount", message, {
    hint: "Refunds made, on their way or made in Stripe's Dashboard all count.",
    details: { field: "amount", ...details, refundable: left, currency },
  });
}
