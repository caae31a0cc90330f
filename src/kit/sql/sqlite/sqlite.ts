// SQLite through node:sqlite: one writer and one reader connection per process, WAL, every commit on the disk.
//
// - busy_timeout is 0: SQLite's own wait freezes the event loop. units.ts waits instead.
// - Statements run synchronously, but never in the turn of their caller: the same interleavings exist as on PostgreSQL.
// - ":memory:" has one connection, hence one queue: a read sees no half-done write.
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type CompiledQuery, type QueryResult, SqliteAdapter, SqliteQueryCompiler } from "kysely";
import type { Clock } from "../../clock.ts";
import { makePrivateFile, makePrivateFolder, narrow } from "../../files/private.ts";
import type { Connection, Engine, Verdict } from "../engine.ts";
import { sqliteCode } from "../errors.ts";
import { type Known, recordName, refuseForeign } from "../foreign.ts";
import { createBell } from "../wake.ts";
import { openDriver } from "./driver.ts";

const statementsMax = 500; // prepared ones kept per connection; billing has fewer
const openAttemptsMax = 200; // times 10 ms: another process may be creating the same file
const openWaitMs = 10;

export interface SqliteOptions {
  /** A file, or ":memory:". */
  readonly path: string;
  readonly clock: Clock;
  /** What will be applied to it, if that is known. */
  readonly known?: readonly Known[] | undefined;
}

export async function openSqlite({ path, clock, known }: SqliteOptions): Promise<Engine> {
  const isMemory = path === ":memory:";
  if (known && !isMemory) await refuseForeignFile(path, known);
  if (!isMemory) makePrivate(path);
  const writerFile = await openFile(path);
  const readerFile = isMemory ? writerFile : await openFile(path);
  const writer = createSession(writerFile, { kind: "write", isShared: isMemory });
  const reader = createSession(readerFile, { kind: "read", isShared: isMemory });
  const bell = createBell(clock);
  const place = isMemory ? null : placeOf(path);
  return {
    name: "sqlite",
    schema: null,
    place: async () => place,
    compiler: new SqliteQueryCompiler(),
    adapter: new SqliteAdapter(),
    readersMax: 1,
    hasOneConnection: isMemory,
    wake: { notify: bell.ring, next: bell.next },
    connect: async (kind) => (kind === "write" ? writer : reader),
    judge,
    async close() {
      writerFile.close();
      if (!isMemory) readerFile.close();
    },
    abandon() {
      for (const file of [writerFile, readerFile]) if (file.isOpen) file.close();
    },
  };
}

/** Only looks: to open a file as ours narrows its mode and changes its journal. */
async function refuseForeignFile(path: string, known: readonly Known[]): Promise<void> {
  if (!(statSync(path, { throwIfNoEntry: false })?.size ?? 0)) return;
  const file = openDriver(path, { readOnly: true, timeout: 0 });
  const names = (query: string) =>
    file
      .prepare(query)
      .all()
      .map(({ name }) => String(name).toLowerCase());
  try {
    const standing = await patiently(() => ({
      names: names(String.raw`select name from sqlite_schema where name not like 'sqlite\_%' escape '\' order by name`),
      columns: names(`select name from pragma_table_info('${recordName}')`),
    }));
    const wayOut = "Name a file of Bursar's own by `database`; it is made at the first start.";
    const applied = () => names(`select name from ${recordName}`);
    await refuseForeign({ ...standing, place: `The file ${path}`, wayOut, applied }, known);
  } finally {
    file.close();
  }
}

/** SQLite gives the files beside it the mode of the database. */
function makePrivate(path: string): void {
  makePrivateFolder(dirname(path));
  makePrivateFile(path);
  for (const suffix of ["-wal", "-shm"]) narrow(path + suffix);
}

/** A moved file keeps its inode, a copy gets one of its own. Not the device: its number changes with reboots. */
function placeOf(path: string): string {
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  return `inode ${ino}, made ${birthtimeNs}`;
}

function judge(error: unknown): Verdict {
  const primary = (sqliteCode(error) ?? 0) & 0xff;
  if (primary === 5 || primary === 6) return "repeat"; // SQLITE_BUSY, SQLITE_LOCKED
  return "fail";
}

async function openFile(path: string): Promise<DatabaseSync> {
  const database = openDriver(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    await patiently(() => database.exec("pragma journal_mode = wal"));
  } catch (error) {
    database.close();
    throw error;
  }
  // An acknowledged receipt is on the disk: FULL syncs each commit, fullfsync makes macOS mean it.
  database.exec("pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on");
  return database;
}

/** While another process has it. */
async function patiently<T>(work: () => T): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (judge(error) !== "repeat" || attempt === openAttemptsMax) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, openWaitMs));
    }
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly hasRows: boolean;
}

function createSession(
  database: DatabaseSync,
  { kind, isShared }: { kind: "read" | "write"; isShared: boolean },
): Connection {
  const statements = new Map<string, Prepared>();
  const protect = (isOn: boolean) => database.exec(`pragma query_only = ${isOn ? "on" : "off"}`);
  if (kind === "read" && !isShared) protect(true);

  const prepare = (sql: string): Prepared => {
    const known = statements.get(sql);
    if (known) return known;
    // A changed table changes the columns of `select *`, which a prepared statement remembers.
    const isSchemas = /^\s*(create|alter|drop)\b/i.test(sql);
    if (isSchemas || statements.size === statementsMax) statements.clear();
    const statement = database.prepare(sql);
    const prepared = { statement, hasRows: statement.columns().length > 0 };
    if (!isSchemas) statements.set(sql, prepared);
    return prepared;
  };

  const beginning = database.prepare(kind === "write" ? "begin immediate" : "begin");
  const committing = database.prepare("commit");

  return {
    async begin() {
      if (isShared) protect(kind === "read");
      beginning.run();
    },
    async execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      await Promise.resolve();
      const parameters = inputsOf(query.parameters);
      const { statement, hasRows } = prepare(query.sql);
      if (hasRows) return { rows: statement.all(...parameters).map(plainRow) as R[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    },
    async executeEach({ sql }, all) {
      await Promise.resolve();
      const { statement } = prepare(sql);
      return all.map((values) => Number(statement.run(...inputsOf(values)).changes));
    },
    async commit() {
      committing.run();
    },
    async rollback() {
      if (database.isTransaction) database.exec("rollback");
    },
    release() {},
  };
}

function inputsOf(values: readonly unknown[]): SQLInputValue[] {
  return values.map((value) => {
    if (typeof value === "string" && !value.isWellFormed()) return value.toWellFormed();
    return value === undefined ? null : (value as SQLInputValue);
  });
}

/** node:sqlite's rows have no prototype; PostgreSQL's have, and tests compare them. */
function plainRow(row: Record<string, unknown>): Record<string, unknown> {
  return { ...row };
}
