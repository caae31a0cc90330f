// Subscriptions: what their lists are filtered by. What is shown of one stands in the mirror.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { books, kept, type RoomTables } from "../../kernel/store/room_tables.ts";
import type { ReadRow } from "../read_once.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    subscriptions: SubscriptionRow;
    subscriptions_read: ReadRow;
  }
}

export interface SubscriptionRow {
  /** Stripe's, as `customer` is. */
  id: string;
  customer: string | null;
  status: string;
  /** Stripe's time in ms, or that of its test clock. */
  created_at: number;
  test_clock: string | null;
}

export const subscriptionsTables: RoomTables = {
  migrations: [
    { name: "0020_subscriptions", statements: firstTable },
    { name: "0021_read_once", statements: readOnce },
  ],
  columns: {
    subscriptions: {
      id: kept("Your subscription's id at Stripe", books),
      customer: kept("Your id at Stripe", books),
      status: kept("How your subscription stands", books),
      created_at: kept("Since when you have it", books),
      test_clock: "plain",
    },
    subscriptions_read: { stripe_id: kept("Your id at Stripe", books), read_at: "plain" },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table subscriptions (id ${t} primary key, customer ${t}, status ${t} not null, created_at ${i} not null,
      test_clock ${t})`,
    "create index subscriptions_created on subscriptions (created_at, id)",
    "create index subscriptions_customer on subscriptions (customer, created_at, id)",
    "create index subscriptions_status on subscriptions (status, created_at, id)",
    "create index subscriptions_test_clock on subscriptions (test_clock) where test_clock is not null",
  ];
}

function readOnce({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [`create table subscriptions_read (stripe_id ${t} primary key, read_at ${i} not null)`];
}
