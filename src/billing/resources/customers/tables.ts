// Customers: the table.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { books, erasable, kept, type RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    customers: CustomerRow;
    past_customers: PastCustomerRow;
  }
}

export interface CustomerRow {
  id: string;
  email: string | null;
  name: string | null;
  stripe_id: string | null;
  /** +1 per change of name or address: names the operation that tells Stripe. */
  revision: number;
  /** +1 when the Customer at Stripe was gone: the next one is another wish. */
  generation: number;
  created_at: number;
}

/** A Customer at Stripe that is gone. What was paid under it is still found. */
export interface PastCustomerRow {
  stripe_id: string;
  customer: string;
  gone_at: number;
}

export const customersTables: RoomTables = {
  migrations: [
    { name: "0002_customers_orders_refunds", statements: firstTable },
    { name: "0009_past_customers", statements: pastCustomers },
    { name: "0012_filters", statements: filters },
  ],
  columns: {
    customers: {
      id: kept("The shop's id of you", "Orders are found by it."),
      email: erasable("Your e-mail address"),
      name: erasable("Your name"),
      stripe_id: kept("Your id at Stripe", "Payments and refunds at Stripe are found by it."),
      revision: "plain",
      generation: "plain",
      created_at: kept("Since when the shop knows you", books),
    },
    past_customers: {
      stripe_id: kept("Your id at Stripe, before", "Payments and refunds at Stripe are found by it."),
      customer: kept("The shop's id of you", "Orders are found by it."),
      gone_at: kept("When Stripe did not know you any more", books),
    },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table customers (id ${t} primary key, email ${t}, name ${t}, stripe_id ${t} unique,
      revision ${i} not null, created_at ${i} not null)`,
    "create index customers_created on customers (created_at, id)",
  ];
}

function pastCustomers({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table customers add column generation ${i} not null default 0`,
    `create table past_customers (stripe_id ${t} primary key, customer ${t} not null, gone_at ${i} not null)`,
    "create index past_customers_customer on past_customers (customer)",
  ];
}

/** An address is looked for in any case. */
function filters(): readonly string[] {
  return ["create index customers_email on customers (lower(email), created_at, id)"];
}
