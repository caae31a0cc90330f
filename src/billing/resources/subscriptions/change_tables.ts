// What previews have shown, and the changes that wait for their money. What is planned stands in Stripe's schedules.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { workingCopy } from "../../kernel/store/room_tables.ts";

/** Shown to a customer, and for an hour the token of a change. */
export interface SubscriptionPreviewRow {
  token: string;
  /** Stripe's. */
  subscription: string;
  /** Of the mirror, when it was shown. */
  version: number;
  /** What was asked for, and what it would be billed, as JSON. */
  wish: string;
  shown: string;
  /** Stripe's seconds from which the rest of the period is reckoned. */
  proration_date: number | null;
  expires_at: number;
}

/** pending: not changed before it is paid. unpaid: changed, and put back when it is not. All else is an end. */
export type ChangeState = "pending" | "unpaid" | "reverting" | "applied" | "expired" | "replaced" | "reverted";

/** A change that was made at Stripe, by the operation that made it. */
export interface SubscriptionChangeRow {
  operation: string;
  subscription: string;
  wish: string;
  state: ChangeState;
  /** Its invoice; null where nothing was billed. */
  invoice: string | null;
  /** As JSON: all items that there are to be, those of before, and what is taken off once it is paid. */
  items: string;
  previous: string;
  discounts: string | null;
  /** As JSON: what was previewed and what was billed instead; null once that was told, or where they are the same. */
  differs: string | null;
  created_at: number;
}

export const changeColumns = {
  subscription_previews: {
    token: "plain",
    subscription: "plain",
    version: "plain",
    wish: workingCopy("What you were shown that a change would cost"),
    shown: workingCopy("What you were shown that a change would cost"),
    proration_date: "plain",
    expires_at: "plain",
  },
  subscription_changes: {
    operation: "plain",
    subscription: "plain",
    wish: "plain",
    state: "plain",
    invoice: "plain",
    items: "plain",
    previous: "plain",
    discounts: "plain",
    differs: "plain",
    created_at: "plain",
  },
} as const;

export function previewsTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table subscription_previews (token ${t} primary key, subscription ${t} not null, version ${i} not null,
      wish ${t} not null, shown ${t} not null, proration_date ${i}, expires_at ${i} not null)`,
    "create index subscription_previews_expires on subscription_previews (expires_at)",
  ];
}

export function changesTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table subscription_changes (operation ${t} primary key, subscription ${t} not null, wish ${t} not null,
      state ${t} not null, invoice ${t}, items ${t} not null, previous ${t} not null, discounts ${t}, differs ${t},
      created_at ${i} not null)`,
    "create index subscription_changes_of on subscription_changes (subscription, created_at)",
    "create index subscription_changes_invoice on subscription_changes (invoice) where invoice is not null",
  ];
}
