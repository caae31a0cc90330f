// Every room of billing that keeps tables, bottom to top: the kernel's, the resources', and the HTTP room's. What is
// said once per room becomes one list here.
import type { Migration } from "#kit/sql/migrate.ts";
import { httpTables } from "./http/tables.ts";
import { kernelColumns } from "./kernel/store/columns.table.ts";
import { collectMigrations, kernelMigrations } from "./kernel/store/migrations.ts";
import type { Columns, RoomTables } from "./kernel/store/room_tables.ts";
import type { BillingTables } from "./kernel/store/tables.ts";
import { manifests } from "./resources/index.ts";

const rooms: readonly RoomTables[] = [
  { migrations: kernelMigrations, columns: kernelColumns },
  ...manifests.map((manifest) => manifest.tables),
  httpTables,
];

export const migrations: readonly Migration[] = collectMigrations(rooms.map((room) => room.migrations));

/** What of a person stands in which column of which table. */
export const columns: { readonly [Table in keyof BillingTables]?: Columns<BillingTables[Table]> } = Object.assign(
  {},
  ...rooms.map((room) => room.columns),
);
