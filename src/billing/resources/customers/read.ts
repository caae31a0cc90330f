// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, Page, PageOptions } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, type Fields, pageFields } from "../input.ts";
import { having, readPage } from "../pages.ts";
import type { CustomerRow } from "./tables.ts";

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call `customers.ensure()` first.", details: { id } });
}

type CustomerFilter = PageOptions & { email?: string; stripeId?: string };

const listFields: Fields<CustomerFilter> = { ...pageFields, email: true, stripeId: true };

export async function listCustomers(core: BillingCore, given: CustomerFilter): Promise<Page<Customer>> {
  const options = checkFields("options", given, listFields);
  const email = checkFilter("email", options.email)?.toLowerCase();
  const stripeId = checkFilter("stripeId", options.stripeId);
  const from = (reader: BillingReader) => {
    const query = having(reader.selectFrom("customers").selectAll(), { stripe_id: stripeId });
    return email === undefined ? query : query.where((eb) => eb(eb.fn("lower", ["email"]), "=", email));
  };
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
