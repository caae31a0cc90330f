// node:sqlite, asked for when a file is opened: a Node that has none would refuse an import of it before any line of
// ours could say which Node is needed.
import type { DatabaseSync, DatabaseSyncOptions } from "node:sqlite";

export function openDriver(path: string, options: DatabaseSyncOptions): DatabaseSync {
  const driver = process.getBuiltinModule("node:sqlite");
  return new driver.DatabaseSync(path, options);
}
