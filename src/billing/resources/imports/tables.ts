// The import: where it stands. What is gone through, and who was found there, are rows while it runs; in the end its
// report is left of it.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { kept, type RoomTables, workingCopy } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    imports: ImportRow;
    import_stages: ImportStageRow;
    import_customers: ImportCustomerRow;
    import_findings: ImportFindingRow;
  }
}

export interface ImportRow {
  /** 1, 2, 3 …: the last one may be under way. */
  n: number;
  /** Where ids come from, and whether it is a dry run: the same import goes on, another one begins anew. */
  wish: string;
  state: "open" | "done";
  /** JSON of ours, once it is done. */
  report: string | null;
  begun_at: number;
  ended_at: number | null;
}

/** Of the import that is under way, as all that follows. */
export interface ImportStageRow {
  name: string;
  /** What was gone through last; null before the first page. */
  cursor: string | null;
  is_done: number;
  ours: number;
  others: number;
  added: number;
}

export interface ImportCustomerRow {
  stripe_id: string;
  host_id: string | null;
  test_clock: string | null;
  /** Stripe's JSON of it, until it is placed. */
  remote: Uint8Array | null;
  look_begun: number;
  state: "read" | "placed" | "left";
  reason: string | null;
  detail: string | null;
}

export interface ImportFindingRow {
  /** What no catalog speaks of; `known` in a dry run: what the database would know by now. */
  kind: "product" | "price" | "subscription" | "known";
  id: string;
  /** JSON of ours. */
  detail: string;
}

const found = "It is found by it again while the import runs.";

export const importsTables: RoomTables = {
  migrations: [{ name: "0018_imports", statements: firstTables }],
  columns: {
    imports: {
      n: "plain",
      wish: "plain",
      state: "plain",
      report: workingCopy("The ids of those of whom nobody knew who they are"),
      begun_at: "plain",
      ended_at: "plain",
    },
    import_stages: {
      name: "plain",
      cursor: kept("The id at Stripe of you or your payment", found),
      is_done: "plain",
      ours: "plain",
      others: "plain",
      added: "plain",
    },
    import_customers: {
      stripe_id: kept("Your id at Stripe", found),
      host_id: kept("The shop's id of you", found),
      test_clock: "plain",
      remote: workingCopy("What Stripe knows: name, addresses"),
      look_begun: "plain",
      state: "plain",
      reason: "plain",
      detail: workingCopy("Why the shop does not know you by it"),
    },
    import_findings: {
      kind: "plain",
      id: kept("The id at Stripe of your payment or subscription", found),
      detail: "plain",
    },
  },
};

function firstTables({ text: t, integer: i, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table imports (n ${i} primary key, wish ${t} not null, state ${t} not null, report ${t},
      begun_at ${i} not null, ended_at ${i})`,
    `create table import_stages (name ${t} primary key, cursor ${t}, is_done ${i} not null, ours ${i} not null,
      others ${i} not null, added ${i} not null)`,
    `create table import_customers (stripe_id ${t} primary key, host_id ${t}, test_clock ${t}, remote ${bytes},
      look_begun ${i} not null, state ${t} not null, reason ${t}, detail ${t})`,
    "create index import_customers_host on import_customers (host_id)",
    "create index import_customers_state on import_customers (state, stripe_id)",
    `create table import_findings (kind ${t} not null, id ${t} not null, detail ${t} not null, primary key (kind, id))`,
  ];
}
