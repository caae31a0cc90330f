// READ FIRST: money on its way back. Keeps invariant 4: what we refund and what others refunded is never more than was
// captured. The amount is reserved in the transaction that writes the operation, under the row of what was paid.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, News, RaisedFlag, Remote } from "../../kernel/contract/reacting.ts";
import { mark, marksOf } from "../marks.ts";
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

/** How the id ends of the refund that takes back what came after a cancel. */
export const automaticEnd = ":cancel";

/** Of a refund that follows from something else that was wished. No host can give such an id. */
export function isAutomatic(id: string): boolean {
  return id.endsWith(automaticEnd) || /^sub_[A-Za-z0-9_]+:/.test(id);
}

/** Nobody asked for it, so nobody waits for its answer. */
export function automaticFailed(
  { orderId, invoiceId }: { readonly orderId?: string | undefined; readonly invoiceId?: string | undefined },
  why: string,
): RaisedFlag {
  const what = invoiceId === undefined ? "What came after the cancel" : "What was paid and not used";
  const detail = `${what} could not be sent back: ${why}`;
  return { kind: "cancel_refund_failed", subject: invoiceId ?? orderId ?? "", detail };
}

export const refundKind = mirrorKind<RefundMirror>({
  kind: "refund",
  path: (id) => `/v1/refunds/${id}`,
  list: { path: "/v1/refunds", byCustomer: false },
  belongsTo,
  row: refundRow,
  facts: refundNews,
});
