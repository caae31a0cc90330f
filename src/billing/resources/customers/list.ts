// Lists of customers: each filter, and any of them together, is found by an index and read page by page.
import { type SqlBool, sql } from "kysely";
import type { Customer, CustomerFilter, Page, PageOptions } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkMetadata, type Fields, pageFields } from "../input.ts";
import { isText, newestFirst } from "../pages.ts";
import { viewCustomer } from "./read.ts";
import { taxIdRows } from "./tax_ids/rows.ts";

const fields: Fields<PageOptions & CustomerFilter> = {
  ...pageFields,
  email: true,
  name: true,
  stripeId: true,
  metadata: true,
};

type Entry = readonly [name: string, value: string];

export async function listCustomers(core: BillingCore, given: PageOptions & CustomerFilter): Promise<Page<Customer>> {
  const options = checkFields("options", given, fields);
  const names = {
    email: checkFilter("email", options.email),
    name: checkFilter("name", options.name),
    stripeId: checkFilter("stripeId", options.stripeId),
  };
  const metadata = Object.entries(checkMetadata(options.metadata));
  const [first, ...others] = metadata;
  const isByNames = first === undefined || Object.values(names).some((name) => name !== undefined);
  const page = newestFirst(options, "created_at", isByNames ? undefined : ofMetadata);
  return core.sql.read("customers.list", async (reader) => {
    const rows = await (isByNames
      ? page.rowsOf(havingNames(reader, { ...names, metadata }))
      : page.rowsOf(havingMetadata(reader, first, others)));
    const ids = rows.map(({ id }) => id);
    const taxIds = Map.groupBy(await taxIdRows(reader, ids), ({ customer }) => customer);
    return page.pageOf(rows, (row) => viewCustomer(row, taxIds.get(row.id) ?? []));
  });
}

interface Names {
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly stripeId: string | undefined;
  readonly metadata: readonly Entry[];
}

/** Few have one name, and its index has them in order. */
function havingNames(reader: BillingReader, { email, name, stripeId, metadata }: Names) {
  let query = reader.selectFrom("customers").selectAll("customers");
  for (const [column, value] of Object.entries({ email, name })) {
    if (value !== undefined) query = query.where(isText(column, value));
  }
  if (stripeId !== undefined) query = query.where("id", "in", bearersOf(reader, stripeId));
  for (const entry of metadata) query = query.where(({ exists }) => exists(entryOf(reader, "customers.id", entry)));
  return query;
}

/** Half of all may have one value: its index has them in order too, and is read until the page is full. */
const ofMetadata = { at: "customer_metadata.created_at", id: "customer_metadata.customer" };

function havingMetadata(reader: BillingReader, [name, value]: Entry, others: readonly Entry[]) {
  let query = reader
    .selectFrom("customer_metadata")
    .innerJoin("customers", "customers.id", "customer_metadata.customer")
    .selectAll("customers")
    .where("customer_metadata.name", "=", name)
    .where("customer_metadata.value", "=", value);
  for (const entry of others) query = query.where(({ exists }) => exists(entryOf(reader, ofMetadata.id, entry)));
  return query;
}

function entryOf(reader: BillingReader, customer: string, [name, value]: Entry) {
  return reader
    .selectFrom("customer_metadata as entry")
    .select("entry.customer")
    .where(sql<SqlBool>`entry.customer = ${sql.ref(customer)}`)
    .where("entry.name", "=", name)
    .where("entry.value", "=", value);
}

/** Who bears this id of Stripe's, or bore it before it was gone there: it still stands on receipts. */
function bearersOf(reader: BillingReader, stripeId: string) {
  const past = reader.selectFrom("past_customers").select("customer as id").where("stripe_id", "=", stripeId);
  return reader.selectFrom("customers").select("id").where("stripe_id", "=", stripeId).unionAll(past);
}
