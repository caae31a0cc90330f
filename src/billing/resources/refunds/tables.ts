// Refunds: the table.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { RefundStatus } from "../../api/index.ts";
import { books, kept, type RoomTables } from "../../kernel/store/room_tables.ts";

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
  /** Stripe's, of what was paid. Null also while that is not known. */
  invoice: string | null;
  payment_intent: string | null;
  amount: number;
  currency: string;
  status: RefundStatus;
  reason: string | null;
  failure_reason: string | null;
  stripe_id: string | null;
  operation: string | null;
  created_at: number;
  /** 1: nothing is told of it until it is known whose payment it is of. */
  held: number;
}

export const refundsTables: RoomTables = {
  migrations: [
    { name: "0002_customers_orders_refunds", statements: firstTable },
    { name: "0012_filters", statements: filters },
    { name: "0031_held_refunds", statements: held },
    { name: "0032_refunds_of_invoices", statements: ofInvoices },
  ],
  columns: {
    refunds: {
      id: kept("The refund's id", books),
      foreign_made: "plain",
      order_id: kept("The order's id", books),
      invoice: kept("Your invoice's id at Stripe", books),
      payment_intent: kept("Your payment's id at Stripe", books),
      amount: kept("What you get back", books),
      currency: kept("Its currency", books),
      status: kept("How the refund stands", books),
      reason: kept("Why you get it back", books),
      failure_reason: kept("Why it did not reach you", books),
      stripe_id: kept("The refund's id at Stripe", books),
      operation: "plain",
      created_at: kept("When it was made", books),
      held: "plain",
    },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table refunds (id ${t} primary key, foreign_made ${i} not null, order_id ${t}, amount ${i} not null,
      currency ${t} not null, status ${t} not null, reason ${t}, failure_reason ${t}, stripe_id ${t} unique,
      operation ${t}, created_at ${i} not null)`,
    "create index refunds_order on refunds (order_id)",
    "create index refunds_created on refunds (created_at, id)",
  ];
}

function filters(): readonly string[] {
  return ["status", "amount"].map((column) => `create index refunds_${column} on refunds (${column}, created_at, id)`);
}

function held({ integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table refunds add column held ${i} not null default 0`,
    "create index refunds_held on refunds (stripe_id) where held = 1",
  ];
}

/** What is there already is found by its payment too, and is of the invoice that this pays. */
function ofInvoices({ text: t }: ColumnTypes): readonly string[] {
  return [
    `alter table refunds add column invoice ${t}`,
    `alter table refunds add column payment_intent ${t}`,
    `update refunds set payment_intent = coalesce(
      (select orders.payment_intent from orders where orders.id = refunds.order_id),
      (select mirror.parent from mirror where mirror.id = refunds.stripe_id))`,
    `update refunds set invoice = (select min(invoice_payments.invoice) from invoice_payments
      where invoice_payments.payment_intent = refunds.payment_intent and invoice_payments.status <> 'canceled')
      where order_id is null`,
    "create index refunds_payment_intent on refunds (payment_intent)",
    "create index refunds_invoice on refunds (invoice, created_at, id)",
    "drop index refunds_held",
  ];
}
