// Orders: the table.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { CaptureMode, OrderStatus } from "../../api/index.ts";
import { books, erasable, kept, type RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    orders: OrderRow;
  }
}

export interface OrderRow {
  id: string;
  status: OrderStatus;
  currency: string;
  total: number;
  lines: string;
  customer: string | null;
  capture: CaptureMode;
  /** 1: its checkout asks for a card that is captured in parts. */
  multicapture: number;
  /** 1: its checkout asks for a card on which more can be held. */
  incremental_authorization: number;
  /** What it becomes when the bank agrees (held/growth.ts); null when nothing is asked for. */
  increment: string | null;
  metadata: string;
  params_hash: string;
  payment_intent: string | null;
  amount_paid: number;
  /** Of what came; another one than the order's only when the order is mispaid. */
  paid_currency: string | null;
  amount_refunded: number;
  last_failure: string | null;
  canceled_reason: string | null;
  /** Wished while the PaymentIntent was being made: what is paid nevertheless goes back. */
  cancel_requested: number;
  /** Wished while the PaymentIntent was being made: the charge that follows it. The shape is in wished.ts. */
  charge_wished: string | null;
  version: number;
  created_at: number;
  paid_at: number | null;
}

export const ordersTables: RoomTables = {
  migrations: [
    { name: "0002_customers_orders_refunds", statements: firstTable },
    { name: "0008_what_was_paid", statements: whatWasPaid },
    { name: "0012_filters", statements: filters },
    { name: "0018_multicapture", statements: multicapture },
    { name: "0019_increments", statements: increments },
    { name: "0021_charge_wished", statements: chargeWished },
  ],
  columns: {
    orders: {
      id: kept("The order's id", books),
      status: kept("How the order stands", books),
      currency: kept("Its currency", books),
      total: kept("What it costs", books),
      lines: kept("What you bought", books),
      customer: kept("The shop's id of you", books),
      capture: "plain",
      multicapture: "plain",
      incremental_authorization: "plain",
      increment: kept("What is to come on top", books),
      metadata: erasable("The shop's notes"),
      params_hash: "plain",
      payment_intent: kept("Your payment's id at Stripe", books),
      amount_paid: kept("What you paid", books),
      paid_currency: kept("The currency you paid in", books),
      amount_refunded: kept("What you got back", books),
      last_failure: erasable("Why your last attempt to pay failed"),
      canceled_reason: erasable("Why the order was canceled"),
      cancel_requested: "plain",
      charge_wished: "plain",
      version: "plain",
      created_at: kept("When you ordered", books),
      paid_at: kept("When you paid", books),
    },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table orders (id ${t} primary key, status ${t} not null, currency ${t} not null, total ${i} not null,
      lines ${t} not null, customer ${t}, capture ${t} not null, metadata ${t} not null, params_hash ${t} not null,
      payment_intent ${t} unique, amount_paid ${i} not null, amount_refunded ${i} not null, last_failure ${t},
      canceled_reason ${t}, cancel_requested ${i} not null, version ${i} not null,
      created_at ${i} not null, paid_at ${i})`,
    "create index orders_created on orders (created_at, id)",
  ];
}

function whatWasPaid({ text: t }: ColumnTypes): readonly string[] {
  return [
    `alter table orders add column paid_currency ${t}`,
    "update orders set paid_currency = currency where amount_paid > 0",
  ];
}

function filters(): readonly string[] {
  const columns = ["status", "customer", "total", "currency"];
  return columns.map((column) => `create index orders_${column} on orders (${column}, created_at, id)`);
}

function multicapture({ integer: i }: ColumnTypes): readonly string[] {
  return [`alter table orders add column multicapture ${i} not null default 0`];
}

function increments({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table orders add column incremental_authorization ${i} not null default 0`,
    `alter table orders add column increment ${t}`,
  ];
}

function chargeWished({ text: t }: ColumnTypes): readonly string[] {
  return [`alter table orders add column charge_wished ${t}`];
}
