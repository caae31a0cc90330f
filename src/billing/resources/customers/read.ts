// Customers as callers see them.
import { problem } from "#kit/problems.ts";
import type { Customer, CustomerFilter, Page, PageOptions, TaxId } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkMetadata, type Fields, pageFields } from "../input.ts";
import { having, isText, newestFirst } from "../pages.ts";
import { viewProfile } from "./profile.ts";
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
  const page = newestFirst(options, "created_at");
  return core.sql.read("customers.list", async (reader) => {
    const rows = await page.rowsOf(from(reader));
    const taxIds = Map.groupBy(
      await taxIdRows(
        reader,
        rows.map(({ id }) => id),
      ),
      ({ customer }) => customer,
    );
    return page.pageOf(rows, (row) => viewCustomer(row, taxIds.get(row.id) ?? []));
  });
}

function viewCustomer(row: CustomerRow, taxIds: readonly TaxIdRow[]): Customer {
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
