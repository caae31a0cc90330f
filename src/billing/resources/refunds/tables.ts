// Refunds: the table.
import type { ColumnTypes, Migration } from "#kit/sql/migrate.ts";
import type { RefundStatus } from "../../api/index.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    refunds: RefundRow;
  }
}

export interface RefundRow {
  /** The host's id, or Stripe's for a refund that was made elsewhere. */
  id: string;
  /** 1: made behind our back. */
  foreign_made: number;
  order_id: string | null;
  amount: number;
  currency: string;
  status: RefundStatus;
  reason: string | null;
  failure_reason: string | null;
  stripe_id: string | null;
  operation: string | null;
  created_at: number;
}

export const refundsMigrations: readonly Migration[] = [
  { name: "0002_customers_orders_refunds", statements: firstTable },
];

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table refunds (id ${t} primary key, foreign_made ${i} not null, order_id ${t}, amount ${i} not null,
      currency ${t} not null, status ${t} not null, reason ${t}, failure_reason ${t}, stripe_id ${t} unique,
      operation ${t}, created_at ${i} not null)`,
    "create index refunds_order on refunds (order_id)",
    "create index refunds_created on refunds (created_at, id)",
  ];
}
