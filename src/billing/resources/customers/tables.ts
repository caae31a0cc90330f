// Customers: the tables.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { TaxIdStatus } from "../../api/index.ts";
import { books, erasable, kept, type RoomTables, workingCopy } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    customers: CustomerRow;
    past_customers: PastCustomerRow;
    customer_metadata: CustomerMetadataRow;
    tax_ids: TaxIdRow;
  }
}

export interface CustomerRow {
  id: string;
  email: string | null;
  name: string | null;
  phone: string | null;
  /** JSON of ours, as `metadata` is. Null is what nobody has said; what was emptied is an empty text or object. */
  address: string | null;
  locale: string | null;
  tax_exempt: string | null;
  /** What was taken away is there with an empty text, until Stripe has been told. */
  metadata: string;
  /** Stripe's word: set by the first invoice. */
  currency: string | null;
  stripe_id: string | null;
  /** +1 per change of what is said of them: names the operation that tells Stripe. */
  revision: number;
  /** +1 when the Customer at Stripe was gone: the next one is another wish. */
  generation: number;
  created_at: number;
}

/** A Customer at Stripe that is gone. What was paid under it is still found. */
export interface PastCustomerRow {
  stripe_id: string;
  customer: string;
  gone_at: number;
}

/** A customer's metadata again, to find them by; with the customer's own instant, so that pages are read in order. */
export interface CustomerMetadataRow {
  customer: string;
  name: string;
  value: string;
  created_at: number;
}

/** A tax id of a customer: said by the host, or seen at Stripe. It is the customer's, under whichever Customer. */
export interface TaxIdRow {
  customer: string;
  /** The host's; Stripe's own where it was given at Stripe. */
  id: string;
  type: string;
  value: string;
  country: string | null;
  /** What the office has said. */
  status: TaxIdStatus;
  verified_name: string | null;
  verified_address: string | null;
  /** Null until it stands there, and again when its Customer is gone: then it waits for the next one. */
  stripe_id: string | null;
  created_at: number;
  removed_at: number | null;
}

export const customersTables: RoomTables = {
  migrations: [
    { name: "0002_customers_orders_refunds", statements: firstTable },
    { name: "0009_past_customers", statements: pastCustomers },
    { name: "0012_filters", statements: filters },
    { name: "0015_profiles", statements: profiles },
    { name: "0018_tax_exempt", statements: taxExempt },
    { name: "0019_tax_ids", statements: taxIds },
    { name: "0020_metadata_in_order", statements: metadataInOrder },
  ],
  columns: {
    customers: {
      id: kept("The shop's id of you", "Orders are found by it."),
      email: erasable("Your e-mail address"),
      name: erasable("Your name"),
      phone: erasable("Your phone number"),
      address: erasable("Your address"),
      locale: erasable("Your language"),
      tax_exempt: kept("Whether you are taxed", books),
      metadata: erasable("The shop's notes"),
      currency: kept("What you are billed in", books),
      stripe_id: kept("Your id at Stripe", "Payments and refunds at Stripe are found by it."),
      revision: "plain",
      generation: "plain",
      created_at: kept("Since when the shop knows you", books),
    },
    past_customers: {
      stripe_id: kept("Your id at Stripe, before", "Payments and refunds at Stripe are found by it."),
      customer: kept("The shop's id of you", "Orders are found by it."),
      gone_at: kept("When Stripe did not know you any more", books),
    },
    customer_metadata: {
      customer: kept("The shop's id of you", "Orders are found by it."),
      name: workingCopy("What the shop's notes are about"),
      value: workingCopy("The shop's notes"),
      created_at: "plain",
    },
    tax_ids: {
      customer: kept("The shop's id of you", "Orders are found by it."),
      id: kept("The shop's name of your tax id", books),
      type: kept("What kind of tax id yours is", books),
      value: kept("Your tax id", books),
      country: kept("The country of your tax id", books),
      status: kept("What the tax office said of it", books),
      verified_name: kept("Your name, as the tax office knows it", books),
      verified_address: kept("Your address, as the tax office knows it", books),
      stripe_id: kept("Your tax id's id at Stripe", books),
      created_at: kept("Since when the shop knows your tax id", books),
      removed_at: kept("When your tax id was taken away", books),
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

function pastCustomers({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table customers add column generation ${i} not null default 0`,
    `create table past_customers (stripe_id ${t} primary key, customer ${t} not null, gone_at ${i} not null)`,
    "create index past_customers_customer on past_customers (customer)",
  ];
}

/** An address is looked for in any case. */
function filters(): readonly string[] {
  return ["create index customers_email on customers (lower(email), created_at, id)"];
}

function profiles({ text: t }: ColumnTypes): readonly string[] {
  const columns = ["phone", "address", "locale", "currency"];
  return [
    ...columns.map((column) => `alter table customers add column ${column} ${t}`),
    `alter table customers add column metadata ${t} not null default '{}'`,
    "create index customers_name on customers (lower(name), created_at, id)",
    `create table customer_metadata (customer ${t} not null, name ${t} not null, value ${t} not null,
      primary key (customer, name))`,
    "create index customer_metadata_value on customer_metadata (name, value)",
  ];
}

function taxExempt({ text: t }: ColumnTypes): readonly string[] {
  return [`alter table customers add column tax_exempt ${t}`];
}

function taxIds({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table tax_ids (customer ${t} not null, id ${t} not null, type ${t} not null, value ${t} not null,
      country ${t}, status ${t} not null, verified_name ${t}, verified_address ${t}, stripe_id ${t} unique,
      created_at ${i} not null, removed_at ${i}, primary key (customer, id))`,
  ];
}

/** A value that half of all customers have is read in pages, not whole. */
function metadataInOrder({ integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table customer_metadata add column created_at ${i} not null default 0`,
    `update customer_metadata
      set created_at = (select created_at from customers where id = customer_metadata.customer)`,
    "drop index customer_metadata_value",
    "create index customer_metadata_value on customer_metadata (name, value, created_at, customer)",
  ];
}
