// The catalog: the table. A product's name is its id, a price's its lookup key: by it a price is found.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    catalog_objects: CatalogObjectRow;
    catalog_made: CatalogMadeRow;
    catalog_runs: CatalogRunRow;
  }
}

/** What stands at Stripe of any catalog, as the mirror has it. */
export interface CatalogObjectRow {
  id: string;
  kind: "product" | "price" | "coupon";
  /** Null for a price whose lookup key another one has taken over. */
  name: string | null;
  active: number;
}

/** The same, with the operation whose marks it bears. */
export interface SeenObject extends CatalogObjectRow {
  operation: string | null;
}

/** The first object that was seen with the marks of an operation. Another one is a copy, or it is the copy. */
export interface CatalogMadeRow {
  operation: string;
  id: string;
  name: string | null;
}

/** A plan that is carried out. The next one is not begun before it has ended. */
export interface CatalogRunRow {
  namespace: string;
  /** 1, 2, 3 …: whoever has planned for a number that is taken plans anew. */
  n: number;
  state: "open" | "done" | "failed";
  /** The catalog, what it wanted of Stripe, and what was to be changed. */
  catalog: string;
  applied: string;
  plan: string;
  /** Its operations, and which of them is under way. */
  steps: string;
  position: number;
  /** Somebody was answered `processing`, and relies on it. */
  promised: number;
  created_at: number;
  ended_at: number | null;
}

const plain = "plain";

export const catalogTables: RoomTables = {
  migrations: [
    { name: "0016_catalog", statements: objects },
    { name: "0017_catalog_runs", statements: runs },
    { name: "0018_catalog_made", statements: made },
  ],
  columns: {
    catalog_objects: { id: plain, kind: plain, name: plain, active: plain },
    catalog_made: { operation: plain, id: plain, name: plain },
    catalog_runs: {
      namespace: plain,
      n: plain,
      state: plain,
      catalog: plain,
      applied: plain,
      plan: plain,
      steps: plain,
      position: plain,
      promised: plain,
      created_at: plain,
      ended_at: plain,
    },
  },
};

function objects({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table catalog_objects (id ${t} primary key, kind ${t} not null, name ${t}, active ${i} not null)`,
    "create index catalog_objects_name on catalog_objects (name)",
  ];
}

function runs({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table catalog_runs (namespace ${t} not null, n ${i} not null, state ${t} not null, catalog ${t} not null,
      applied ${t} not null, plan ${t} not null, steps ${t} not null, position ${i} not null, promised ${i} not null,
      created_at ${i} not null, ended_at ${i}, primary key (namespace, n))`,
  ];
}

function made({ text: t }: ColumnTypes): readonly string[] {
  return [`create table catalog_made (operation ${t} primary key, id ${t} not null, name ${t})`];
}
