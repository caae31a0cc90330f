// Methods: whose were read, and what is wished to be collected.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { CollectionStatus, MethodUsage } from "../../api/index.ts";
import { erasable, kept, type RoomTables } from "../../kernel/store/room_tables.ts";
import type { ReadRow } from "../read_once.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    methods_read: ReadRow;
    method_setups: SetupRow;
    clocked_customers: ClockedCustomerRow;
  }
}

/** A Customer of test mode that lives in the time of a test clock. */
export interface ClockedCustomerRow {
  stripe_id: string;
  clock: string;
}

/** A wish to save a way to pay. */
export interface SetupRow {
  /** `<customer>/<the caller's id of the wish>` */
  id: string;
  customer: string;
  setup_intent: string | null;
  status: CollectionStatus;
  /** What was saved. */
  method: string | null;
  usage: MethodUsage;
  /** 1: what is saved becomes the default. */
  set_as_default: number;
  /** Why the last attempt failed: JSON of ours. */
  failure: string | null;
  /** Stripe's ms. */
  created_at: number;
}

export const methodsTables: RoomTables = {
  migrations: [
    { name: "0016_methods", statements: firstTable },
    { name: "0022_method_setups", statements: setups },
    { name: "0023_clocked_customers", statements: clocked },
  ],
  columns: {
    methods_read: {
      stripe_id: kept("Your id at Stripe", "Payments and refunds at Stripe are found by it."),
      read_at: "plain",
    },
    clocked_customers: { stripe_id: "plain", clock: "plain" }, // of test mode: nobody's
    method_setups: {
      id: kept("What you were asked to save", "Cards and accounts are found by it."),
      customer: kept("The shop's id of you", "Cards and accounts are found by it."),
      setup_intent: kept("Its id at Stripe", "Stripe's own records are found by it."),
      status: kept("How it stands", "Cards and accounts are found by it."),
      method: kept("Stripe's id of what you saved", "Stripe's own records are found by it."),
      usage: "plain",
      set_as_default: "plain",
      failure: erasable("Why your last attempt to save it failed"),
      created_at: kept("When you were asked", "Cards and accounts are found by it."),
    },
  },
};

function firstTable({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [`create table methods_read (stripe_id ${t} primary key, read_at ${i} not null)`];
}

function setups({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table method_setups (id ${t} primary key, customer ${t} not null, setup_intent ${t} unique,
      status ${t} not null, method ${t}, usage ${t} not null, set_as_default ${i} not null, failure ${t},
      created_at ${i} not null)`,
    "create index method_setups_customer on method_setups (customer, created_at, id)",
  ];
}

function clocked({ text: t }: ColumnTypes): readonly string[] {
  return [
    `create table clocked_customers (stripe_id ${t} primary key, clock ${t} not null)`,
    "create index clocked_customers_clock on clocked_customers (clock)",
  ];
}
