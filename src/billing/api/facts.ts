// Facts: what happened, in our words.
import type { Money } from "./answers.ts";

/** Facts: what happened, in our words. Written once each, from a state transition. */
export interface Facts {
  "order.paid": { readonly orderId: string; readonly amount: Money; readonly paymentIntentId: string };
  "order.authorized": { readonly orderId: string; readonly amount: Money; readonly paymentIntentId: string };
  "order.processing": { readonly orderId: string; readonly paymentIntentId: string };
  "order.action_required": { readonly orderId: string; readonly paymentIntentId: string };
  "order.failed": { readonly orderId: string; readonly code: string; readonly declineCode: string | null };
  "order.canceled": { readonly orderId: string; readonly reason: string | null };
  "order.refunded": { readonly orderId: string; readonly amount: Money; readonly amountRefunded: number };
  "refund.succeeded": { readonly refundId: string; readonly orderId: string | null; readonly amount: Money };
  "refund.failed": { readonly refundId: string; readonly orderId: string | null; readonly reason: string | null };
}
export type FactType = keyof Facts;

export interface Fact<T extends FactType = FactType> {
  /** Stable: the same fact is handed over with the same id, however often. */
  readonly id: string;
  readonly type: T;
  readonly occurredAt: Date;
  readonly data: Facts[T];
}
