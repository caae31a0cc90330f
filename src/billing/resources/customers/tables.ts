// Customers: the table.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { books, erasable, kept, type RoomTables } from "../../kernel/contract/tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    customers: CustomerRow;
  }
}

export interface CustomerRow {
  id: string;
  email: string | null;
  name: string | null;
  stripe_id: string | null;
  /** +1 per change of name or address: names the operation that tells Stripe. */
  revision: number;
  created_at: number;
}

export const customersTables: RoomTables = {
  migrations: [{ name: "0002_customers_orders_refunds", statements: firstTable }],
  columns: {
    customers: {
      id: kept("The shop's id of you", "Orders are found by it."),
      email: erasable("Your e-mail address"),
      name: erasable("Your name"),
      stripe_id: kept("Your id at Stripe", "Payments and refunds at Stripe are found by it."),
      revision: "plain",
      created_at: kept("Since when the shop knows you", books),
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
