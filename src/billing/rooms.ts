// Every room of billing that keeps tables, bottom to top: the kernel's, the resources', and the HTTP room's. What is
// said once per room becomes one list here.
import type { Migration } from "#kit/sql/migrate.ts";
import { httpMigrations } from "./http/tables.ts";
import { collectMigrations, kernelMigrations } from "./kernel/store/migrations.ts";
import { manifests } from "./resources/index.ts";

export const migrations: readonly Migration[] = collectMigrations([
  kernelMigrations,
  ...manifests.map((manifest) => manifest.migrations),
  httpMigrations,
]);
