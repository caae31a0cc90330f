// What an order is to become when its payer's bank agrees to hold more: wished by increment.ts, true once it is seen.
import type { OrderLine } from "../../../api/index.ts";
import type { PaymentIntentMirror } from "../../payments/index.ts";
import type { OrderRow } from "../tables.ts";

export interface Growth {
  /** That asks for it. */
  readonly operation: string;
  readonly total: number;
  readonly lines: readonly OrderLine[];
}

export function growthOf({ increment }: Pick<OrderRow, "increment">): Growth | null {
  return increment === null ? null : (JSON.parse(increment) as Growth);
}

/** Whoever sees it first: the call's answer, an event that overtakes it, a look. */
export function grown(order: OrderRow, payment: PaymentIntentMirror): OrderRow {
  const growth = growthOf(order);
  if (growth === null || payment.amount !== growth.total) return order;
  return { ...order, total: growth.total, lines: JSON.stringify(growth.lines), increment: null };
}
