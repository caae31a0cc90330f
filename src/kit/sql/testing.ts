// A database of its own for every test, on every engine: made before, dropped after.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import pg from "pg";
import { systemClock } from "../clock.ts";
import { createIds } from "../ids.ts";
import { silentLog } from "../log.ts";
import { systemRandom } from "../random.ts";
import { type OpenSqlOptions, openSql } from "./open.ts";
import type { Sql } from "./port.ts";

export type EngineName = Sql<unknown>["engine"];
export const engineNames: readonly EngineName[] = ["sqlite", "postgres"];

export interface TestDatabase {
  readonly engine: EngineName;
  readonly url: string;
  /** What a backup and a restore elsewhere make of it. Nobody may have it open. */
  copy(): Promise<TestDatabase>;
  drop(): Promise<void>;
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

/** `onEachDatabase<Tables>("an order is stored once", async ({ sql }) => { … })` makes one test per engine. */
export function onEachDatabase<DB>(name: string, work: (world: DatabaseWorld<DB>) => Promise<void>): void {
  for (const engine of engineNames) {
    test(`${name} (${engine})`, async (t) => {
      const database = await createTestDatabase(engine);
      if (!database) return t.skip("no PostgreSQL at the default address, and DATABASE_URL is not set");
      const opened: Sql<DB>[] = [];
      const open = async (options: Partial<OpenSqlOptions> = {}) => {
        const url = database.url;
        const sql = await openSql<DB>({
          url,
          clock: systemClock(),
          random: systemRandom(),
          log: silentLog(),
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

/** A fresh, empty database, or undefined when there is no PostgreSQL and nobody asked for one by DATABASE_URL. */
export async function createTestDatabase(engine: EngineName): Promise<TestDatabase | undefined> {
  return engine === "sqlite" ? createSqliteFile() : createPostgresDatabase();
}

function createSqliteFile(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), "bursar-test-"));
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

const postgresUrlDefault = "postgres://root@127.0.0.1:5432/test";

async function createPostgresDatabase(): Promise<TestDatabase | undefined> {
  const asked = process.env.DATABASE_URL;
  const serverUrl = asked?.startsWith("postgres") ? asked : postgresUrlDefault;
  try {
    return await createFrom(serverUrl, "template0");
  } catch (error) {
    if (!asked && (error as { code?: unknown }).code === "ECONNREFUSED") return undefined;
    throw error;
  }
}

async function createFrom(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `bursar_test_${createIds(systemRandom()).text(16).toLowerCase()}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    engine: "postgres",
    url: url.href,
    copy: () => createFrom(serverUrl, name),
    drop: () => administer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
