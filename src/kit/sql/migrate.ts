// Brings a database to the shape this version needs. Each migration is one transaction and is remembered with the hash
// of its statements, so that an edited one is noticed instead of silently skipped.
import { createHash } from "node:crypto";
import { sql as raw } from "kysely";
import { hourMs } from "../clock.ts";
import { problem } from "../problems.ts";
import type { Known } from "./foreign.ts";
import type { Sql, Tx } from "./port.ts";
import { enter, placeInPublic, settle } from "./postgres/home.ts";

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

const limitMs = hourMs; // an index over a table of years takes minutes

export interface MigrateOptions<DB> {
  /**
   * Runs in the transaction that moved the tables into the schema, for what remembers where they lie: `before` is
   * Sql.place as it was, `now` as it is.
   */
  readonly moved?: (tx: Tx<DB>, place: { readonly before: string; readonly now: string }) => Promise<void>;
}

export interface Migrated {
  /** The names of those that were missing. */
  readonly applied: readonly string[];
  /** Whether an installation's tables were moved from `public` into its schema. */
  readonly wasMoved: boolean;
}

/** Applies what is missing, in the order given. Safe when several processes start. */
export async function migrate<DB>(
  sql: Sql<DB>,
  migrations: readonly Migration[],
  { moved }: MigrateOptions<DB> = {},
): Promise<Migrated> {
  const known = knownOf(migrations, sql.engine);
  const { stored, wasMoved } = await sql.write("migrate.prepare", async (tx) => {
    const prepared = await prepare(sql, tx, known);
    const now = prepared.wasMoved ? await sql.place(tx) : null;
    if (now !== null) await moved?.(tx, { before: placeInPublic(now), now });
    return prepared;
  });
  const applied: string[] = [];
  for (const { name, hash, statements } of known) {
    if (stored.get(name) === hash) continue; // What was applied stays applied: a usual start asks once for all.
    const work = async (tx: Tx<DB>) => {
      await lock(sql, tx);
      const stored = await storedHash(tx, name);
      if (stored === hash) return false;
      if (stored !== undefined) throw edited(name);
      for (const statement of statements) await raw.raw(statement).execute(tx);
      await remember(tx, { name, hash });
      return true;
    };
    const isNew = await sql.write(`migrate.${name}`, work, { limitMs });
    if (isNew) applied.push(name);
  }
  return { applied, wasMoved };
}

/** What the migrations say on this engine. */
export function knownOf(migrations: readonly Migration[], engine: ColumnTypes["engine"]): readonly Known[] {
  return migrations.map(({ name, statements: write }) => {
    const statements = write(columnTypes[engine]);
    return { name, hash: createHash("sha256").update(statements.join(";\n")).digest("hex"), statements };
  });
}

/** Makes the record of migrations, and on PostgreSQL the schema before it. */
async function prepare<DB>(sql: Sql<DB>, tx: Tx<DB>, known: readonly Known[]) {
  // Of the whole database: what stands in `public` is moved once, into one of its schemas.
  if (sql.schema !== null) await raw`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(tx);
  const brought = sql.schema === null ? [] : await settle(tx, sql.schema, known);
  await raw`create table if not exists bursar_migrations (name text primary key, hash text not null)`.execute(tx);
  for (const migration of brought) await remember(tx, migration);
  const names = new Set(known.map(({ name }) => name));
  const { rows } = await raw<Pick<Known, "name" | "hash">>`
    select name, hash from bursar_migrations order by name`.execute(tx);
  const newer = rows.find(({ name }) => !names.has(name));
  if (newer) throw unknown(newer.name);
  return { stored: new Map(rows.map(({ name, hash }) => [name, hash])), wasMoved: brought.length > 0 };
}

/** One process per installation migrates, the others wait for it; unqualified names mean its schema. */
async function lock<DB>(sql: Sql<DB>, tx: Tx<DB>): Promise<void> {
  if (sql.schema === null) return;
  await raw`set local statement_timeout to ${raw.lit(limitMs)}`.execute(tx);
  await raw`select pg_advisory_xact_lock(${migrationLock}::int, hashtext(${sql.schema}))`.execute(tx);
  await enter(tx, sql.schema);
}

async function storedHash<DB>(tx: Tx<DB>, name: string): Promise<string | undefined> {
  const { rows } = await raw<{ hash: string }>`select hash from bursar_migrations where name = ${name}`.execute(tx);
  return rows[0]?.hash;
}

async function remember<DB>(tx: Tx<DB>, { name, hash }: Pick<Known, "name" | "hash">): Promise<void> {
  await raw`insert into bursar_migrations (name, hash) values (${name}, ${hash})`.execute(tx);
}

function unknown(name: string) {
  return problem("migration_mismatch", `The database already knows the migration ${name}, this version does not`, {
    hint: "Start the version that wrote it, or a newer one.",
  });
}

function edited(name: string) {
  return problem("migration_mismatch", `The migration ${name} was applied with other statements`, {
    hint: "Migrations are never edited. Write a new one.",
  });
}
