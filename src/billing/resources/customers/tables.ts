// Customers: the table.
import type { ColumnTypes, Migration } from "#kit/sql/migrate.ts";

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

export const customersMigrations: readonly Migration[] = [
  { name: "0002_customers_orders_refunds", statements: firstTable },
];

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table customers (id ${t} primary key, email ${t}, name ${t}, stripe_id ${t} unique,
      revision ${i} not null, created_at ${i} not null)`,
    "create index customers_created on customers (created_at, id)",
  ];
}
