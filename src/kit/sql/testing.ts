// A database of its own for every test, on every engine: made before, dropped after. On PostgreSQL that is a schema in
// a database of this process, because the server takes half a second to make and drop one (it waits for the disk).
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, type TestContext, test } from "node:test";
import { type QueryExecutorProvider, sql as raw } from "kysely";
import { systemClock } from "../clock.ts";
import { unitOfTestMaxMs } from "../create_ports.ts";
import { createIds } from "../ids.ts";
import { silentLog } from "../log.ts";
import { systemRandom } from "../random.ts";
import { isPartOfWhole, isWholeOnPostgres, isWholeRun } from "../testing.ts";
import { sqlState } from "./errors.ts";
import { type OpenSqlOptions, openSql, sqlitePath } from "./open.ts";
import type { Sql } from "./port.ts";
import {
  administer,
  databaseAt,
  leaveSchema,
  makeDatabase,
  type Prepared,
  postgresUrl,
  readPrepared,
  takeSchema,
} from "./prepared/testing.ts";

export { administer } from "./prepared/testing.ts";

export type EngineName = Sql<unknown>["engine"];
export const engineNames: readonly EngineName[] = ["sqlite", "postgres"];

/** Why a test on PostgreSQL is skipped. */
export const noPostgres = "no PostgreSQL at the default address, and DATABASE_URL is not set";

export interface TestDatabase {
  readonly engine: EngineName;
  readonly url: string;
  drop(): Promise<void>;
}

/** One that nobody shares. */
export interface WholeDatabase extends TestDatabase {
  /** What a backup and a restore elsewhere make of it. Nobody may have it open. */
  copy(): Promise<WholeDatabase>;
}

export interface DatabaseWorld<DB> {
  readonly sql: Sql<DB>;
  readonly engine: EngineName;
  readonly url: string;
  /** Opens the same database once more, as another process would. It is closed after the test. */
  open(options?: Partial<OpenSqlOptions>): Promise<Sql<DB>>;
  /** The node:test context. */
  readonly t: TestContext;
}

/**
 * `onEachDatabase<Tables>("an order is stored once", async ({ sql }) => { … })` makes one test per engine. PostgreSQL
 * plays one in sixteen of them in `npm test`, always the same ones: a test there takes five times as long.
 * @param options `isAlways`: it is about what the engines do differently, so it is never left out. `turn`: its place in
 * a sweep, of which CI plays each on one of the engines.
 */
export function onEachDatabase<DB>(
  name: string,
  work: (world: DatabaseWorld<DB>) => Promise<void>,
  { isAlways = false, isEmpty = false, turn }: EachOptions & TestDatabaseOptions = {},
): void {
  for (const engine of engineNames) {
    test(`${name} (${engine})`, async (t) => {
      const why = whySkipped(engine, { isInSample: isAlways || isSampled(name), turn });
      if (why !== undefined) return t.skip(why);
      const database = await createTestDatabase(engine, { isEmpty });
      if (!database) return t.skip(noPostgres);
      const opened: Sql<DB>[] = [];
      const open = async (options: Partial<OpenSqlOptions> = {}) => {
        const url = database.url;
        const sql = await openSql<DB>({
          url,
          clock: systemClock(),
          random: systemRandom(),
          log: silentLog(),
          unitMaxMs: unitOfTestMaxMs,
          ...options,
        });
        opened.push(sql);
        return sql;
      };
      try {
        await work({ sql: await open(), engine, url: database.url, open, t });
      } finally {
        for (const sql of opened) await sql.close();
        await database.drop();
      }
    });
  }
}

const notSampled = "npm test plays one in sixteen on PostgreSQL, npm run test:all every one";
const notAgain = "npm test has played it on SQLite";
const notItsTurn = "CI plays it on the other database, npm run test:all on both";

interface EachOptions {
  readonly isAlways?: boolean;
  readonly turn?: number;
}

function whySkipped(
  engine: EngineName,
  { isInSample, turn }: { readonly isInSample: boolean; readonly turn: number | undefined },
): string | undefined {
  if (isPartOfWhole && turn !== undefined && engineNames[turn % 2] !== engine) return notItsTurn;
  if (engine === "postgres") return isWholeOnPostgres || isInSample ? undefined : notSampled;
  return process.env.BURSAR_TEST_ONLY_POSTGRES ? notAgain : undefined;
}

function isSampled(name: string): boolean {
  return (createHash("sha256").update(name).digest()[0] as number) % 16 === 0;
}

export interface TestDatabaseOptions {
  /** Nobody has made billing's tables. Elsewhere they are there where the run has prepared them, without a row. */
  readonly isEmpty?: boolean;
}

/** A fresh database, or undefined when there is no PostgreSQL and nobody asked for one by DATABASE_URL. */
export async function createTestDatabase(
  engine: EngineName,
  { isEmpty = false }: TestDatabaseOptions = {},
): Promise<TestDatabase | undefined> {
  const prepared = isEmpty ? {} : readPrepared(process.env);
  if (engine === "postgres") return onServer((serverUrl) => createSchema(serverUrl, prepared));
  const fresh = createSqliteFile();
  if (prepared.file !== undefined) copyFileSync(prepared.file, sqlitePath(fresh.url) as string);
  return fresh;
}

/** An empty one, and on PostgreSQL not only a schema of it. */
export async function createWholeDatabase(engine: EngineName): Promise<WholeDatabase | undefined> {
  return engine === "sqlite" ? createSqliteFile() : onServer((serverUrl) => createFrom(serverUrl, "template0"));
}

function createSqliteFile(): WholeDatabase {
  const folder = mkdtempSync(join(sqliteFolder(), "bursar-test-"));
  return {
    engine: "sqlite",
    url: `sqlite:${join(folder, "test.db")}`,
    async copy() {
      const twin = createSqliteFile();
      copyFileSync(join(folder, "test.db"), twin.url.slice("sqlite:".length));
      return twin;
    },
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** In memory where Linux has room for it: a commit waits for the disk, which is half of what a test on SQLite takes. */
function sqliteFolder(): string {
  if (isWholeRun || !existsSync(memoryFolder)) return tmpdir();
  const { bavail, bsize } = statfsSync(memoryFolder);
  return bavail * bsize < memoryBytesMin ? tmpdir() : memoryFolder;
}

const memoryFolder = "/dev/shm";
const memoryBytesMin = 1_000_000_000; // a test's database has up to some ten megabytes; containers may have 64 in all
const processDatabase = `bursar_test_of_${process.pid}_${Math.round(performance.timeOrigin).toString(36)}`;
after(() => onServer((url) => administer(url, `drop database if exists ${processDatabase} with (force)`)));

async function onServer<T>(work: (serverUrl: string) => Promise<T>): Promise<T | undefined> {
  const asked = process.env.DATABASE_URL;
  try {
    return await work(postgresUrl());
  } catch (error) {
    if (!asked && (error as { code?: unknown }).code === "ECONNREFUSED") return undefined;
    throw error;
  }
}

/** Where none is prepared, only a name: the schema is made by whoever starts on it. */
async function createSchema(serverUrl: string, prepared: Prepared): Promise<TestDatabase> {
  const schema = freshName();
  const url = databaseAt(serverUrl, processDatabase);
  const isPrepared = prepared.database !== undefined;
  const begin = () => administer(url, isPrepared ? takeSchema(schema) : "select");
  try {
    await begin();
  } catch (error) {
    if (sqlState(error) !== "3D000") throw error; // invalid_catalog_name: this process's first
    await makeDatabase(serverUrl, processDatabase, readPrepared(process.env).database ?? "template0");
    await begin();
  }
  const end = isPrepared ? leaveSchema(schema) : `drop schema if exists ${schema} cascade`;
  return { engine: "postgres", url: withSchema(url, schema), drop: async () => void (await administer(url, end)) };
}

async function createFrom(serverUrl: string, template: string): Promise<WholeDatabase> {
  const name = freshName();
  await makeDatabase(serverUrl, name, template);
  return {
    engine: "postgres",
    url: databaseAt(serverUrl, name),
    copy: () => createFrom(serverUrl, name),
    drop: async () => void (await administer(serverUrl, `drop database if exists ${name} with (force)`)),
  };
}

function freshName(): string {
  return `bursar_test_${createIds(systemRandom()).text(16).toLowerCase()}`;
}

/** Speaks to a database of createTestDatabase() beside us, in words that both engines know. */
export async function runBeside(url: string, statements: string): Promise<void> {
  const path = sqlitePath(url);
  if (path === undefined) {
    const schema = new URL(url).searchParams.get("schema");
    await administer(url, `create schema if not exists ${schema}; set search_path to ${schema}; ${statements}`);
    return;
  }
  const file = new DatabaseSync(path);
  try {
    file.exec(statements);
  } finally {
    file.close();
  }
}

/** How many of PostgreSQL's sessions stand at a row that somebody else holds. */
export async function countWaiting(unit: QueryExecutorProvider): Promise<number> {
  await raw`select pg_stat_clear_snapshot()`.execute(unit); // A transaction sees what it saw when it first asked.
  const waiting = raw<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  const { rows } = await waiting.execute(unit);
  return rows[0]?.count ?? 0;
}

/** The same database, and another installation in it. */
export function withSchema(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("schema", schema);
  return url.href;
}
