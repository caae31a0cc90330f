// Methods: whose were read.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { kept, type RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    methods_read: MethodsReadRow;
  }
}

/** All methods of this Customer were read: from then on events tell of them. */
export interface MethodsReadRow {
  stripe_id: string;
  read_at: number;
}

export const methodsTables: RoomTables = {
  migrations: [{ name: "0016_methods", statements: firstTable }],
  columns: {
    methods_read: {
      stripe_id: kept("Your id at Stripe", "Payments and refunds at Stripe are found by it."),
      read_at: "plain",
    },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [`create table methods_read (stripe_id ${t} primary key, read_at ${i} not null)`];
}
