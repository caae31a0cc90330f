// Refunds as callers see them.
import { problem } from "#kit/problems.ts";
import type { Page, Refund } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkFilter } from "../input.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";
import type { RefundRow } from "./tables.ts";

export async function readRefund(core: BillingCore, id: string): Promise<RefundRow> {
  const row = await core.sql.read("refunds.get", (reader) =>
    reader.selectFrom("refunds").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No refund ${id}`, { details: { id } });
}

export async function listRefunds(
  core: BillingCore,
  options: { cursor?: string; limit?: number; orderId?: string },
): Promise<Page<Refund>> {
  const limit = pageLimit(options.limit);
  const after = parseCursor(options.cursor);
  const orderId = checkFilter("orderId", options.orderId);
  const rows = await core.sql.read("refunds.list", (reader) => {
    let query = reader.selectFrom("refunds").selectAll();
    if (orderId !== undefined) query = query.where("order_id", "=", orderId);
    if (after) {
      query = query.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(...after)));
    }
    return query
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
  });
  return pageOf(rows, { limit, view: viewRefund, place: (row) => [row.created_at, row.id] });
}

export function viewRefund(row: RefundRow): Refund {
  return {
    id: row.id,
    orderId: row.order_id ?? "",
    amount: { amount: row.amount, currency: row.currency },
    status: row.status,
    reason: row.reason,
    createdAt: new Date(row.created_at),
    stripe: { refundId: row.stripe_id },
  };
}
