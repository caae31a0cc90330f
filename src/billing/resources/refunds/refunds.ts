// READ FIRST: money on its way back. Keeps invariant 4: what we refund and what others refunded is never more than was
// captured. The amount is reserved in the transaction that writes the operation, under the order's row.
import type { RefundStatus } from "../../api/index.ts";
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, News, RaisedFlag, Remote } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { mark, marksOf } from "../marks.ts";
import type { OrderRow } from "../orders/index.ts";
import type { RefundRow } from "./tables.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "refund.changed": RefundMirror;
  }
}

export interface RefundMirror extends MirroredRow {
  readonly status: RefundRow["status"];
  readonly refundId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly paymentIntent: string | null;
  readonly reason: string | null;
  readonly failureReason: string | null;
}

/** A refund names no customer; its payment has one. */
const belongsTo = (remote: Fields): Belonging => ({
  customer: null,
  parent: idOf(remote.payment_intent) ?? idOf(remote.charge),
});

function refundRow(remote: Remote): RefundMirror {
  const status = remote.status as RefundRow["status"];
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    // A succeeded refund may still fail, up to 30 days later.
    isFinal: status === "failed" || status === "canceled",
    status,
    refundId: mark(remote, "bursar_refund"),
    amount: Number(remote.amount),
    currency: String(remote.currency),
    paymentIntent: idOf(remote.payment_intent),
    reason: (remote.reason as string | null | undefined) ?? null,
    failureReason: (remote.failure_reason as string | null | undefined) ?? null,
  };
}

function refundNews(before: RefundMirror | null, after: RefundMirror): News<"refund.changed">[] {
  if (before?.status === after.status) return [];
  const transition = `${after.id}:${after.status}`;
  return [{ type: "refund.changed", subject: after.id, transition, data: after }];
}

/** How the id ends of the refund that takes back what came after a cancel. No host can give such an id. */
export const automaticEnd = ":cancel";

export function isAutomatic(id: string): boolean {
  return id.endsWith(automaticEnd);
}

/** Nobody asked for it, so nobody waits for its answer. */
export function automaticFailed(orderId: string, why: string): RaisedFlag {
  const detail = `What came after the cancel could not be sent back: ${why}`;
  return { kind: "cancel_refund_failed", subject: orderId, detail };
}

/** What counts against what may be refunded. */
const reservedStatuses: readonly RefundStatus[] = ["pending", "requires_action", "succeeded"];

export function isReserved({ status }: Pick<RefundRow, "status">): boolean {
  return reservedStatuses.includes(status);
}

/** What may still be refunded: captured, less all that went back, is on its way back or is reserved. */
export async function refundable(db: Pick<BillingTx, "selectFrom">, order: OrderRow): Promise<number> {
  const rows = await db
    .selectFrom("refunds")
    .select("amount")
    .where("order_id", "=", order.id)
    .where("status", "in", reservedStatuses)
    .execute();
  return order.amount_paid - rows.reduce((sum, row) => sum + row.amount, 0);
}

export const refundKind = mirrorKind<RefundMirror>({
  kind: "refund",
  path: (id) => `/v1/refunds/${id}`,
  list: { path: "/v1/refunds", byCustomer: false },
  belongsTo,
  row: refundRow,
  facts: refundNews,
});
