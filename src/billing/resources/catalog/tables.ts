// The catalog: the table. A product's name is its id, a price's its lookup key: by it a price is found.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { RoomTables } from "../../kernel/store/room_tables.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    catalog_objects: CatalogObjectRow;
  }
}

/** What stands at Stripe of any catalog, as the mirror has it. */
export interface CatalogObjectRow {
  id: string;
  kind: "product" | "price";
  /** Null for a price whose lookup key another one has taken over. */
  name: string | null;
  active: number;
}

export const catalogTables: RoomTables = {
  migrations: [{ name: "0016_catalog", statements: objects }],
  columns: { catalog_objects: { id: "plain", kind: "plain", name: "plain", active: "plain" } },
};

function objects({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table catalog_objects (id ${t} primary key, kind ${t} not null, name ${t}, active ${i} not null)`,
    "create index catalog_objects_name on catalog_objects (name)",
  ];
}
