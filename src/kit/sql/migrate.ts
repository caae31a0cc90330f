// Brings a database to the shape this version needs. Each migration is one transaction and is remembered with the hash
// of its statements, so that an edited one is noticed instead of silently skipped.
import { createHash } from "node:crypto";
import { sql as raw } from "kysely";
import { problem } from "../problems.ts";
import type { Sql, Tx } from "./port.ts";

export interface Migration {
  /** Sorts by time of writing, never changes: "0001_orders". */
  readonly name: string;
  /** DDL, one statement per string, in order. */
  readonly statements: (types: ColumnTypes) => readonly string[];
}

/** The few words in which the two databases differ, for use inside the statements. */
export interface ColumnTypes {
  readonly engine: "sqlite" | "postgres";
  /** Ids, names, JSON that we made. Ordered by its bytes on both. */
  readonly text: string;
  /** Amounts, instants, counters, 0 or 1. */
  readonly integer: string;
  /** Stripe's bodies: jsonb refuses what Stripe may send. */
  readonly bytes: string;
}

const columnTypes: Record<ColumnTypes["engine"], ColumnTypes> = {
  sqlite: { engine: "sqlite", text: "text", integer: "integer", bytes: "blob" },
  postgres: { engine: "postgres", text: 'text collate "C"', integer: "bigint", bytes: "bytea" },
};

const migrationLock = 5_243_201; // a number nobody else uses with pg_advisory_xact_lock in our database

/** Applies what is missing, in the order given; answers the names it applied. Safe when several processes start. */
export async function migrate<DB>(sql: Sql<DB>, migrations: readonly Migration[]): Promise<readonly string[]> {
  const types = columnTypes[sql.engine];
  await sql.write("migrate.prepare", async (tx) => {
    await lock(sql, tx);
    await raw`create table if not exists bursar_migrations (name text primary key, hash text not null)`.execute(tx);
  });
  const applied: string[] = [];
  for (const migration of migrations) {
    const statements = migration.statements(types);
    const hash = createHash("sha256").update(statements.join(";\n")).digest("hex");
    const isNew = await sql.write(`migrate.${migration.name}`, async (tx) => {
      await lock(sql, tx);
      const known = await storedHash(tx, migration.name);
      if (known === hash) return false;
      if (known !== undefined) throw edited(migration.name);
      for (const statement of statements) await raw.raw(statement).execute(tx);
      await raw`insert into bursar_migrations (name, hash) values (${migration.name}, ${hash})`.execute(tx);
      return true;
    });
    if (isNew) applied.push(migration.name);
  }
  await refuseNewer(sql, migrations);
  return applied;
}

async function lock<DB>(sql: Sql<DB>, tx: Tx<DB>): Promise<void> {
  if (sql.engine === "postgres") await raw`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(tx);
}

async function storedHash<DB>(tx: Tx<DB>, name: string): Promise<string | undefined> {
  const { rows } = await raw<{ hash: string }>`select hash from bursar_migrations where name = ${name}`.execute(tx);
  return rows[0]?.hash;
}

async function refuseNewer<DB>(sql: Sql<DB>, migrations: readonly Migration[]): Promise<void> {
  const known = new Set(migrations.map(({ name }) => name));
  const { rows } = await sql.read("migrate.check", (reader) =>
    raw<{ name: string }>`select name from bursar_migrations order by name`.execute(reader),
  );
  const newer = rows.find(({ name }) => !known.has(name));
  if (!newer) return;
  throw problem("migration_mismatch", `The database already knows the migration ${newer.name}, this version does not`, {
    hint: "Start the version that wrote it, or a newer one.",
  });
}

function edited(name: string) {
  return problem("migration_mismatch", `The migration ${name} was applied with other statements`, {
    hint: "Migrations are never edited. Write a new one.",
  });
}
