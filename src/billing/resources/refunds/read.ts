// Refunds as callers see them.
import { problem } from "#kit/problems.ts";
import { type Page, type PageOptions, type Refund, type RefundFilter, refundStatuses } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkAmountFilter, checkFields, checkFilter, checkOneOf, type Fields, pageFields } from "../input.ts";
import { having, readPage } from "../pages.ts";
import type { RefundRow } from "./tables.ts";

export async function readRefund(core: BillingCore, id: string): Promise<RefundRow> {
  const row = await core.sql.read("refunds.get", (reader) =>
    reader.selectFrom("refunds").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No refund ${id}`, { hint: "See `refunds.list()`.", details: { id } });
}

type Filter = PageOptions & RefundFilter;

const listFields: Fields<Filter> = {
  ...pageFields,
  orderId: true,
  invoiceId: true,
  status: true,
  stripeId: true,
  amount: true,
};

export async function listRefunds(core: BillingCore, given: Filter): Promise<Page<Refund>> {
  const options = checkFields("options", given, listFields);
  const values = {
    order_id: checkFilter("orderId", options.orderId),
    invoice: checkFilter("invoiceId", options.invoiceId),
    status: checkOneOf("status", options.status, refundStatuses),
    stripe_id: checkFilter("stripeId", options.stripeId),
    amount: checkAmountFilter("amount", options.amount),
  };
  const from = (reader: BillingReader) => having(reader.selectFrom("refunds").selectAll(), values);
  return readPage(core, options, { label: "refunds.list", at: "created_at", from, view: viewRefund });
}

export function viewRefund(row: RefundRow): Refund {
  return {
    id: row.id,
    orderId: row.order_id,
    invoiceId: row.invoice,
    amount: { amount: row.amount, currency: row.currency },
    status: row.status,
    reason: row.reason,
    createdAt: new Date(row.created_at),
    stripe: { refundId: row.stripe_id },
  };
}
