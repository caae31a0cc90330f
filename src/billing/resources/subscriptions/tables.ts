// Subscriptions: what their lists are filtered by. What is shown of one stands in the mirror.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { books, kept, type RoomTables } from "../../kernel/store/room_tables.ts";
import type { ReadRow } from "../read_once.ts";
import {
  changeColumns,
  changesTable,
  previewsTable,
  type SubscriptionChangeRow,
  type SubscriptionPreviewRow,
} from "./change_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    subscriptions: SubscriptionRow;
    subscriptions_read: ReadRow;
    subscription_starts: StartRow;
    subscription_slots: SlotRow;
    subscription_trials: SlotRow;
    subscription_previews: SubscriptionPreviewRow;
    subscription_changes: SubscriptionChangeRow;
  }
}

/** The verb that makes subscriptions, by which what it has made is known. */
export const startName = "subscriptions.start";

/** A start, by the host's own id of it. */
export interface StartRow {
  id: string;
  /** The host's id. */
  customer: string;
  /** Of its latest attempt. */
  operation: string;
  /** Stripe's; null until there is one. */
  subscription: string | null;
  /** 1: another start has taken its place before it was paid. */
  replaced: number;
  created_at: number;
}

/** In which one customer has one plan at a time; and, as another table, in which they had their one trial. */
export interface SlotRow {
  customer: string;
  plan_group: string;
  /** null: by a subscription that was made elsewhere. */
  start: string | null;
  /** null: the start that holds it has not been answered. */
  subscription: string | null;
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
    { name: "0024_subscription_starts", statements: starts },
    { name: "0026_subscription_previews", statements: previewsTable },
    { name: "0027_subscription_changes", statements: changesTable },
  ],
  columns: {
    subscriptions: {
      id: kept("Your subscription's id at Stripe", books),
      customer: kept("Your id at Stripe", books),
      status: kept("How your subscription stands", books),
      created_at: kept("Since when you have it", books),
      test_clock: "plain",
    },
    ...changeColumns,
    subscriptions_read: { stripe_id: kept("Your id at Stripe", books), read_at: "plain" },
    subscription_starts: {
      id: kept("How the shop calls the beginning of your subscription", books),
      customer: kept("Your id", books),
      operation: "plain",
      subscription: kept("Your subscription's id at Stripe", books),
      replaced: "plain",
      created_at: kept("When you subscribed", books),
    },
    subscription_slots: {
      customer: kept("Your id", books),
      plan_group: kept("Of which plans you have one", books),
      start: kept("How the shop calls the beginning of your subscription", books),
      subscription: kept("Your subscription's id at Stripe", books),
    },
    subscription_trials: {
      customer: kept("Your id", books),
      plan_group: kept("Of which plans you had a trial", books),
      start: kept("How the shop calls the beginning of your subscription", books),
      subscription: kept("Your subscription's id at Stripe", books),
    },
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

function starts({ text: t, integer: i }: ColumnTypes): readonly string[] {
  const slots = (table: string) =>
    `create table ${table} (customer ${t} not null, plan_group ${t} not null, start ${t}, subscription ${t},
      primary key (customer, plan_group))`;
  return [
    `create table subscription_starts (id ${t} primary key, customer ${t} not null, operation ${t} not null,
      subscription ${t}, replaced ${i} not null, created_at ${i} not null)`,
    "create index subscription_starts_subscription on subscription_starts (subscription)",
    slots("subscription_slots"),
    slots("subscription_trials"),
  ];
}
