// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, Page } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";
import type { CustomerRow } from "./tables.ts";

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call customers.ensure first.", details: { id } });
}

export async function listCustomers(
  core: BillingCore,
  options: { cursor?: string; limit?: number },
): Promise<Page<Customer>> {
  const limit = pageLimit(options.limit);
  const after = parseCursor(options.cursor);
  const rows = await core.sql.read("customers.list", (reader) => {
    let query = reader.selectFrom("customers").selectAll();
    if (after) {
      query = query.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(...after)));
    }
    return query
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
  });
  return pageOf(rows, { limit, view: viewCustomer, place: (row) => [row.created_at, row.id] });
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
