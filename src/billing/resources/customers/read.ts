// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, CustomerFilter, Page, PageOptions } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkMetadata, type Fields, pageFields } from "../input.ts";
import { having, isText, readPage } from "../pages.ts";
import { viewProfile } from "./profile.ts";
import type { CustomerRow } from "./tables.ts";

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call `customers.ensure()` first.", details: { id } });
}

const listFields: Fields<PageOptions & CustomerFilter> = {
  ...pageFields,
  email: true,
  name: true,
  stripeId: true,
  metadata: true,
};

export async function listCustomers(core: BillingCore, given: PageOptions & CustomerFilter): Promise<Page<Customer>> {
  const options = checkFields("options", given, listFields);
  const email = checkFilter("email", options.email);
  const stripeId = checkFilter("stripeId", options.stripeId);
  const name = checkFilter("name", options.name);
  const metadata = Object.entries(checkMetadata(options.metadata));
  const from = (reader: BillingReader) => {
    let query = having(reader.selectFrom("customers").selectAll(), { stripe_id: stripeId });
    for (const [column, value] of Object.entries({ email, name })) {
      if (value !== undefined) query = query.where(isText(column, value));
    }
    for (const [key, value] of metadata) {
      const having = reader.selectFrom("customer_metadata").select("customer").where("name", "=", key);
      query = query.where("id", "in", having.where("value", "=", value));
    }
    return query;
  };
  return readPage(core, options, { label: "customers.list", at: "created_at", from, view: viewCustomer });
}

export function viewCustomer(row: CustomerRow): Customer {
  return {
    id: row.id,
    ...viewProfile(row),
    currency: row.currency,
    stripeCustomerId: row.stripe_id,
    createdAt: new Date(row.created_at),
  };
}
