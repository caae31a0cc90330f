// All rows of all tables as text in a stable order, so that two runs can be compared byte by byte. One row is left out:
// where the database lies.
import { sql } from "kysely";
import type { Sql } from "#kit/sql/port.ts";

/** One line per row: `table {"column":value,…}`, sorted. */
export async function dumpTables(database: Sql<unknown>): Promise<string> {
  return database.read("dump", async (reader) => {
    const listing =
      database.engine === "sqlite"
        ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{
            name: string;
          }>`select table_name as name from information_schema.tables where table_schema = ${database.schema}`;
    const tables = (await listing.execute(reader)).rows.map((row) => row.name).sort();
    const lines: string[] = [];
    for (const table of tables) {
      const { rows } = await sql<
        Record<string, unknown>
      >`select * from ${database.schema ? sql.id(database.schema, table) : sql.id(table)}`.execute(reader);
      const kept = rows.filter((row) => !(table === "settings" && row.key === "place"));
      lines.push(...kept.map((row) => `${table} ${JSON.stringify(ordered(row))}`).sort());
    }
    return `${lines.join("\n")}\n`;
  });
}

function ordered(row: Record<string, unknown>): Record<string, unknown> {
  const columns = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(columns.map(([name, value]) => [name, readable(value)]));
}

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (typeof value === "bigint") return Number(value);
  return value;
}
