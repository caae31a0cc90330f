// The schema in which an installation lives: made at its first start, and what stood in `public` is brought into it.
// Until Bursar had a schema of its own its tables stood in `public`, among those of other programs. Nothing is touched
// there unless our own record of migrations says that we made it.
import { type QueryExecutorProvider, sql as raw } from "kysely";
import { problem } from "../../problems.ts";
import { sqlState } from "../errors.ts";
import { isRecord, type Known, refuseForeign } from "../foreign.ts";

/** What the processes called themselves that kept their tables in `public`. */
const oldProcesses = ["bursar", "bursar listener"];
/** Left in the old record: a process of before finds a migration there that it does not know, and does not start. */
const movedMark = "9999_moved_into_the_schema_";
const lockTimeoutMs = 1_500; // an old process that came in between is working; a vacuum gives way after 1 s

/**
 * Makes sure of the schema and lets the rest of the transaction mean it by unqualified names: the statements of a
 * migration are the same text on every database. Answers the migrations that were moved here from `public`.
 */
export async function settle(unit: QueryExecutorProvider, schema: string, known: readonly Known[]) {
  await refuseForeign(await standingIn(unit, schema), known);
  const moved = (await has(unit, `${schema}.bursar_migrations`)) ? [] : await firstStart(unit, schema, known);
  await enter(unit, schema);
  return moved;
}

/** For this transaction only. */
export async function enter(unit: QueryExecutorProvider, schema: string): Promise<void> {
  await raw`set local search_path to ${raw.id(schema)}`.execute(unit);
}

/** A restored database has another oid, mostly another server; a schema that was copied within its database, too. */
export async function placeOf(unit: QueryExecutorProvider, { server, schema }: { server: string; schema: string }) {
  const { rows } = await raw<{ database: number; schema: number }>`
    select d.oid::bigint as database, n.oid::bigint as schema
    from pg_catalog.pg_database d, pg_catalog.pg_namespace n
    where d.datname = current_database() and n.nspname = ${schema}`.execute(unit);
  return `server ${server}, database ${rows[0]?.database}, schema ${rows[0]?.schema}`;
}

/** How the same place was called while the tables stood in `public`. */
export function placeInPublic(place: string): string {
  return place.replace(/, schema \d+$/, "");
}

async function firstStart(unit: QueryExecutorProvider, schema: string, known: readonly Known[]) {
  await makeSchema(unit, schema);
  const ours = await oursInPublic(unit, known);
  if (ours.length === 0) return [];
  await refuseBesideOldProcess(unit);
  await move(unit, schema, ours);
  await raw`insert into public.bursar_migrations (name, hash) values (${movedMark + schema}, '')`.execute(unit);
  return ours;
}

/** Relations and types have their names in common; a type of arrays is made along with its own. */
async function standingIn(unit: QueryExecutorProvider, schema: string) {
  const { rows } = await raw<{ name: string }>`
    select relname::text as name from pg_catalog.pg_class where relnamespace = to_regnamespace(${schema})
    union select typname::text from pg_catalog.pg_type
      where typnamespace = to_regnamespace(${schema}) and typcategory <> 'A'
    order by name`.execute(unit);
  return {
    place: `The schema ${schema}`,
    wayOut: "Name one of Bursar's own by `schema`; it is made at the first start.",
    names: rows.map(({ name }) => name),
    columns: await recordColumns(unit, schema),
    async applied() {
      const record = raw<{ name: string }>`select name from ${raw.id(schema, "bursar_migrations")}`;
      return (await record.execute(unit)).rows.map(({ name }) => name);
    },
  };
}

async function recordColumns(unit: QueryExecutorProvider, schema: string): Promise<readonly string[]> {
  const { rows } = await raw<{ name: string }>`
    select attname::text as name from pg_catalog.pg_attribute
    where attrelid = to_regclass(${`${schema}.bursar_migrations`}) and attnum > 0 and not attisdropped`.execute(unit);
  return rows.map(({ name }) => name);
}

async function makeSchema(unit: QueryExecutorProvider, schema: string): Promise<void> {
  const { rows } = await raw`select from pg_catalog.pg_namespace where nspname = ${schema}`.execute(unit);
  // `if not exists` would ask for the right to make one although it is there.
  if (rows.length === 0)
    await raw`create schema ${raw.id(schema)}`.execute(unit).catch((cause) => refuseMaking(schema, cause));
}

function refuseMaking(schema: string, cause: unknown): never {
  if (sqlState(cause) !== "42501") throw cause;
  throw problem("invalid_config", `This user may not make the schema ${schema}`, {
    hint: `Let an administrator run: create schema ${schema} authorization <this user>`,
    cause,
  });
}

/** The migrations that were applied in `public`; none when the record there is not ours, or was moved before. */
async function oursInPublic(unit: QueryExecutorProvider, known: readonly Known[]): Promise<readonly Known[]> {
  if (!isRecord(await recordColumns(unit, "public"))) return [];
  const { rows } = await raw<{ name: string; hash: string }>`select name, hash from public.bursar_migrations`.execute(
    unit,
  );
  const ours = known.filter(({ name, hash }) => rows.some((row) => row.name === name && row.hash === hash));
  if (ours.length === 0 || rows.some(({ name }) => name.startsWith(movedMark))) return [];
  if (ours.length === rows.length) return ours;
  throw problem("migration_mismatch", "The tables in public were made by migrations that this version does not know", {
    hint: "Start the version that made them, or a newer one. Nothing was moved.",
  });
}

async function refuseBesideOldProcess(unit: QueryExecutorProvider): Promise<void> {
  const { rows } = await raw<{ pid: number }>`
    select pid from pg_catalog.pg_stat_activity
    where datname = current_database() and application_name = any(${oldProcesses}::text[])`.execute(unit);
  if (rows.length > 0) throw oldProcessWorks(rows.map(({ pid }) => pid));
}

function oldProcessWorks(pids: readonly number[], cause?: unknown) {
  const who = pids.length > 0 ? ` (backend ${pids.join(", ")})` : "";
  return problem("second_worker", `A process still works on the tables in public${who}, so they are not moved`, {
    hint: "Stop every process of the version before, then start this one again. Nothing was changed.",
    cause,
  });
}

/** Only what the applied migrations made: where one of them failed, its name may be that of another program's table. */
async function move(unit: QueryExecutorProvider, schema: string, ours: readonly Known[]): Promise<void> {
  const made = ours.flatMap(({ statements }) => statements.map((text) => /^\s*create table (\w+)/.exec(text)?.[1]));
  await raw`set local lock_timeout to ${raw.lit(lockTimeoutMs)}`.execute(unit);
  for (const table of made.filter((name) => name !== undefined)) {
    const statement = raw`alter table ${raw.id("public", table)} set schema ${raw.id(schema)}`;
    await statement.execute(unit).catch((cause) => {
      throw sqlState(cause) === "55P03" ? oldProcessWorks([], cause) : cause; // lock_not_available
    });
  }
}

async function has(unit: QueryExecutorProvider, table: string): Promise<boolean> {
  const { rows } = await raw<{ has: boolean }>`select to_regclass(${table}) is not null as has`.execute(unit);
  return rows[0]?.has ?? false;
}
