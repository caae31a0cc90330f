// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, Page } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { type PageOptions, readPage } from "../pages.ts";
import type { CustomerRow } from "./tables.ts";

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call customers.ensure first.", details: { id } });
}

export async function listCustomers(core: BillingCore, options: PageOptions): Promise<Page<Customer>> {
  const from = (reader: BillingReader) => reader.selectFrom("customers").selectAll();
  return readPage(core, options, { label: "customers.list", at: "created_at", from, view: viewCustomer });
}

export function viewCustomer(row: CustomerRow): Customer {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    stripeCustomerId: row.stripe_id,
    createdAt: new Date(row.created_at),
  };
}
