// Access: the tables. A row says how an answer goes on by itself, so that it is right however late anybody comes.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { books, erasable, kept, type RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    access: AccessRow;
    access_customers: AccessCustomerRow;
    access_grants: AccessGrantRow;
  }
}

/** One of a customer and a feature that something of theirs gives or gave; without a row the answer is `none`. */
export interface AccessRow {
  customer: string;
  feature: string;
  /** JSON of ours: Span[]. The first is what was told last. */
  spans: string;
  /** Of the catalog and the policy by which it was reckoned. */
  version: string;
  /** Where the customer lives by a test clock: the instant at which it stands. */
  frozen_at: number | null;
}

/** Whoever reckons a customer's answers holds this row. It is never deleted: its number names the next fact. */
export interface AccessCustomerRow {
  customer: string;
  /** Facts that were told. */
  told: number;
  version: string;
  /** For when its timer is filed. */
  next_at: number | null;
  frozen_at: number | null;
}

export interface AccessGrantRow {
  id: string;
  customer: string;
  feature: string;
  /** A number, `unlimited`, or null for a feature that is there or not. */
  amount: string | null;
  until: number | null;
  reason: string;
  granted_by: string;
  created_at: number;
  revoked_at: number | null;
  revoked_reason: string | null;
  revoked_by: string | null;
}

const customer = kept("The shop's id of you", "What you may use is found by it.");

export const accessTables: RoomTables = {
  migrations: [{ name: "0029_access", statements: firstTables }],
  columns: {
    access: {
      customer,
      feature: "plain",
      spans: kept("What you may use, and why", books),
      version: "plain",
      frozen_at: "plain",
    },
    access_customers: { customer, told: "plain", version: "plain", next_at: "plain", frozen_at: "plain" },
    access_grants: {
      id: "plain",
      customer,
      feature: kept("What you were given", books),
      amount: kept("How much of it you were given", books),
      until: kept("Until when you were given it", books),
      reason: erasable("Why you were given it"),
      granted_by: "plain",
      created_at: kept("When you were given it", books),
      revoked_at: kept("When it was taken back", books),
      revoked_reason: erasable("Why it was taken back"),
      revoked_by: "plain",
    },
  },
};

function firstTables({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table access (customer ${t} not null, feature ${t} not null, spans ${t} not null, version ${t} not null,
      frozen_at ${i}, primary key (customer, feature))`,
    `create table access_customers (customer ${t} primary key, told ${i} not null, version ${t} not null, next_at ${i},
      frozen_at ${i})`,
    "create index access_customers_version on access_customers (version, customer)",
    `create table access_grants (id ${t} primary key, customer ${t} not null, feature ${t} not null, amount ${t},
      until ${i}, reason ${t} not null, granted_by ${t} not null, created_at ${i} not null, revoked_at ${i},
      revoked_reason ${t}, revoked_by ${t})`,
    "create index access_grants_customer on access_grants (customer, created_at, id)",
  ];
}
