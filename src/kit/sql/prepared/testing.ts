// Tables that are made once for many tests: migrating takes longer than most tests do. A run prepares a file and a
// database with empty tables (billing/testing/prepare.ts). A file is copied; of the database each process has a copy,
// whose schema a test takes under a name of its own and leaves to the next one.
//
// No row goes from one test to another: who leaves takes every table for itself, so that nobody is within a transaction
// there, empties all that the catalog names, and takes the name away, so that nobody finds them any more who knew them
// under it. A schema that is not as it was prepared (a table, a column, a record of migrations) is dropped.
import pg from "pg";
import { systemClock } from "../../clock.ts";
import { unitOfTestMaxMs } from "../../create_ports.ts";
import { silentLog } from "../../log.ts";
import { systemRandom } from "../../random.ts";
import { type Migration, migrate } from "../migrate.ts";
import { openSql } from "../open.ts";

/** What the run has prepared, as it tells its tests. */
export interface Prepared {
  /** A SQLite file. */
  readonly file?: string | undefined;
  /** The name of a database on the server. */
  readonly database?: string | undefined;
}

export function readPrepared(env: NodeJS.ProcessEnv): Prepared {
  return { file: env.BURSAR_TEST_PREPARED_FILE, database: env.BURSAR_TEST_PREPARED_DATABASE };
}

/** Without a server only the file is made. */
export async function prepareTables(
  migrations: readonly Migration[],
  { file, database }: Prepared,
  serverUrl: string,
): Promise<void> {
  if (file !== undefined) await migrateAt(`sqlite:${file}`, migrations);
  if (database === undefined) return;
  await makeDatabase(serverUrl, database, "template0");
  const url = databaseAt(serverUrl, database);
  await administer(url, schemaKeeping);
  const schema = "prepared";
  await migrateAt(`${url}?schema=${schema}`, migrations);
  await administer(url, `call test_schemas.remember('${schema}'); select test_schemas.leave('${schema}')`);
}

export async function removePrepared({ database }: Prepared, serverUrl: string): Promise<void> {
  if (database !== undefined) await administer(serverUrl, `drop database if exists ${database} with (force)`);
}

async function migrateAt(url: string, migrations: readonly Migration[]): Promise<void> {
  const ports = { clock: systemClock(), random: systemRandom(), log: silentLog(), unitMaxMs: unitOfTestMaxMs };
  const sql = await openSql<unknown>({ ...ports, url });
  try {
    await migrate(sql, migrations);
  } finally {
    await sql.close();
  }
}

/** One of those that were left gets this name; without one, whoever starts there makes it. */
export function takeSchema(schema: string): string {
  return `select test_schemas.take('${schema}')`;
}

export function leaveSchema(schema: string): string {
  return `select test_schemas.leave('${schema}')`;
}

/** In the prepared database, hence in each copy. `shape` is all of a schema but its rows. */
const schemaKeeping = `
  create schema test_schemas;

  create function test_schemas.shape(name text) returns text language plpgsql as $$
    declare
      here oid := to_regnamespace(name);
      migrations text := '';
    begin
      if to_regclass(format('%I.bursar_migrations', name)) is not null then
        execute format('select string_agg(m::text, '' '' order by m::text) from %I.bursar_migrations m', name)
          into migrations;
      end if;
      return md5(migrations || (select string_agg(line, ' ' order by line) from (
        select concat_ws(' ', 'relation', oid, relname, relkind, relacl, relowner) as line
          from pg_class where relnamespace = here
        union all select concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, attnotnull, atthasdef)
          from pg_attribute join pg_class on pg_class.oid = attrelid where relnamespace = here
        union all select concat_ws(' ', 'constraint', oid, conname, convalidated)
          from pg_constraint where connamespace = here
        union all select concat_ws(' ', 'trigger', pg_trigger.oid, tgenabled)
          from pg_trigger join pg_class on pg_class.oid = tgrelid where relnamespace = here
        union all select concat_ws(' ', 'function', oid) from pg_proc where pronamespace = here
        union all select concat_ws(' ', 'type', oid) from pg_type where typnamespace = here
        union all select concat_ws(' ', 'right', nspacl, nspowner) from pg_namespace where oid = here
      ) as lines));
    end $$;

  create procedure test_schemas.remember(name text) language plpgsql as $$
    begin
      execute format('comment on schema %I is %L', name, test_schemas.shape(name));
    end $$;

  create function test_schemas.take(name text) returns void language plpgsql as $$
    declare
      free text;
    begin
      perform pg_advisory_xact_lock('test_schemas.take'::regproc::oid::bigint);
      select nspname into free from pg_namespace where starts_with(nspname, 'left_') limit 1;
      if free is not null then execute format('alter schema %I rename to %I', free, name); end if;
    end $$;

  create function test_schemas.leave(name text) returns void language plpgsql as $$
    declare
      tables text[];
    begin
      if to_regnamespace(name) is null then return; end if;
      select array_agg(format('%I.%I', name, relname)) into tables
        from pg_class where relnamespace = to_regnamespace(name) and relkind = 'r';
      perform set_config('lock_timeout', '60000', true); -- a session that the test has not ended
      execute 'lock table ' || array_to_string(tables, ', ') || ' in access exclusive mode';
      if obj_description(to_regnamespace(name), 'pg_namespace') is distinct from test_schemas.shape(name) then
        execute format('drop schema %I cascade', name);
        return;
      end if;
      -- In one statement, at whose end all references are gone.
      execute (select 'with ' || string_agg(format('emptied_%s as (delete from %s)', number, one), ', ') || ' select'
        from unnest(tables) with ordinality as those(one, number) where one not like '%.bursar_migrations');
      execute format('alter schema %I rename to %I', name, 'left_' || md5(name));
    end $$`;

/** The server that tests use. */
export function postgresUrl(): string {
  const asked = process.env.DATABASE_URL;
  return asked?.startsWith("postgres") ? asked : "postgres://root@127.0.0.1:5432/test";
}

export function databaseAt(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function makeDatabase(serverUrl: string, name: string, template: string): Promise<void> {
  await administer(serverUrl, `create database ${name} template ${template}`);
  // No test cuts the server's power, and its disk is the same for all.
  await administer(serverUrl, `alter database ${name} set synchronous_commit to off`);
}

/** Speaks to the database beside us, as its administrator or another program does. */
export async function administer(url: string, statements: string): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {}); // its statement tells
  await client.connect();
  try {
    return [await client.query(statements)].flat();
  } finally {
    await client.end();
  }
}
