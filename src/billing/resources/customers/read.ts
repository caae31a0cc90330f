// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, TaxId } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { viewProfile } from "./profile/profile.ts";
import type { CustomerRow, TaxIdRow } from "./tables.ts";
import { taxIdRows } from "./tax_ids/rows.ts";

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call `customers.ensure()` first.", details: { id } });
}

/** As its caller sees it. */
export async function showCustomer(core: BillingCore, id: string): Promise<Customer> {
  const row = await readCustomer(core, id);
  return viewCustomer(row, await readTaxIds(core, [id]));
}

export async function readTaxIds(core: BillingCore, customers: readonly string[]): Promise<readonly TaxIdRow[]> {
  return core.sql.read("customers.tax_ids", (reader) => taxIdRows(reader, customers));
}

export function viewCustomer(row: CustomerRow, taxIds: readonly TaxIdRow[]): Customer {
  return {
    id: row.id,
    ...viewProfile(row),
    taxIds: taxIds.filter(({ removed_at }) => removed_at === null).map(viewTaxId),
    currency: row.currency,
    stripeCustomerId: row.stripe_id,
    createdAt: new Date(row.created_at),
  };
}

export function viewTaxId(row: TaxIdRow): TaxId {
  return {
    id: row.id,
    customerId: row.customer,
    type: row.type,
    value: row.value,
    country: row.country,
    verification: { status: row.status, name: row.verified_name, address: row.verified_address },
    createdAt: new Date(row.created_at),
    removedAt: row.removed_at === null ? null : new Date(row.removed_at),
    stripe: { taxIdId: row.stripe_id },
  };
}
