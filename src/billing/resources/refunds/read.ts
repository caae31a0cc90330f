// Refunds as callers see them.
import { problem } from "#kit/problems.ts";
import type { Page, Refund } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFilter } from "../input.ts";
import { type PageOptions, readPage } from "../pages.ts";
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
  options: PageOptions & { orderId?: string },
): Promise<Page<Refund>> {
  const orderId = checkFilter("orderId", options.orderId);
  const from = (reader: BillingReader) => {
    const all = reader.selectFrom("refunds").selectAll();
    return orderId === undefined ? all : all.where("order_id", "=", orderId);
  };
  return readPage(core, options, { label: "refunds.list", at: "created_at", from, view: viewRefund });
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
