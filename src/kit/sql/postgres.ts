// PostgreSQL through pg: a pool for units and one client that listens for wakes of other processes.
//
// - Writes are READ COMMITTED, reads REPEATABLE READ READ ONLY: one snapshot per read, as on SQLite.
// - Types are read per pool, not globally: the host may use pg as well and expects its own answers.
// - A wake is a hint. Whoever waits also wakes by time, so a lost connection costs latency, never an event.
import { type CompiledQuery, PostgresAdapter, PostgresQueryCompiler, type QueryResult } from "kysely";
import pg from "pg";
import type { Clock } from "../clock.ts";
import { createIds } from "../ids.ts";
import type { Log } from "../log.ts";
import { problem } from "../problems.ts";
import type { Random } from "../random.ts";
import { cutSocket } from "./cut_socket.ts";
import type { Connection, Engine, Mortality, Verdict } from "./engine.ts";
import { sqlState } from "./errors.ts";
import { asTheyCome, createInOrder, type InOrder } from "./in_order.ts";
import { runOutside } from "./inside.ts";
import { createListener } from "./postgres_listener.ts";
import { createBell } from "./wake.ts";

const readersMax = 8; // parallel reads of one process; with the writer and the notifier ten connections
const statementTimeoutMs = 5_000; // the limit of a unit, kept by the server too when our process hangs
const idleTimeoutMs = 10_000; // a process that stopped inside a transaction gives its locks back
const connectTimeoutMs = 5_000;

export interface PostgresOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly mortality?: Mortality | undefined;
}

export async function openPostgres({ url, clock, random, log, mortality }: PostgresOptions): Promise<Engine> {
  // A hint from the server comes when the socket likes; a simulated process wakes by its own hints and by time alone.
  const isSimulated = mortality !== undefined;
  const inOrder = isSimulated ? createInOrder() : asTheyCome;
  const settings: pg.ClientConfig = {
    connectionString: url,
    application_name: "bursar",
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleTimeoutMs,
    types: { getTypeParser },
  };
  const pool = new pg.Pool({ ...settings, max: readersMax + 2, allowExitOnIdle: true });
  pool.on("error", (error) => log.warn("sql.connection_lost", { error }));
  const clients = new Set<pg.PoolClient>();
  pool.on("connect", (client) => void clients.add(client));
  pool.on("remove", (client) => void clients.delete(client));
  let isAbandoned = false;
  const connect = async (kind: "read" | "write") => {
    const client = await inOrder(() => pool.connect());
    return createConnection(client, kind, inOrder);
  };
  const place = await firstConnection(pool);

  const bell = createBell(clock);
  const listener = createListener({ settings, self: createIds(random).text(12), bell, log });
  return {
    name: "postgres",
    place,
    compiler: new PostgresQueryCompiler(),
    adapter: new PostgresAdapter(),
    readersMax,
    hasOneConnection: false,
    wake: {
      notify(topic) {
        bell.ring(topic);
        if (isSimulated) return;
        const sent = runOutside(() => listener.tellOthers(pool, topic));
        if (clock.during) void clock.during(sent);
      },
      next(topic, maxMs, signal, quietMs) {
        if (!isSimulated) runOutside(() => listener.start());
        return bell.next(topic, maxMs, signal, quietMs);
      },
    },
    connect: async (kind) => (isAbandoned ? new Promise(() => {}) : connect(kind)),
    judge,
    async close() {
      await listener.close();
      await pool.end();
    },
    abandon() {
      isAbandoned = true;
      listener.abandon();
      for (const client of clients) cutSocket(client);
    },
  };
}

/** Shows that the database is there, and answers its place: a restored one has another oid, mostly another server. */
async function firstConnection(pool: pg.Pool): Promise<string> {
  try {
    const { rows } = await pool.query("select oid from pg_database where datname = current_database()");
    return `server ${await systemIdentifier(pool)}, database ${rows[0].oid}`;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Made by initdb. A hosting company may keep it to itself; the oid alone then tells most copies. */
async function systemIdentifier(pool: pg.Pool): Promise<string> {
  try {
    const { rows } = await pool.query("select system_identifier::text as id from pg_control_system()");
    return rows[0].id;
  } catch (error) {
    if (sqlState(error) === "42501") return "unknown"; // insufficient_privilege
    throw error;
  }
}

function judge(error: unknown): Verdict {
  const state = sqlState(error);
  if (state === "40001" || state === "40P01") return "repeat"; // serialization_failure, deadlock_detected
  if (state?.startsWith("08") || state?.startsWith("57P")) return "connection_lost";
  if (state === undefined && isFromSocket(error)) return "connection_lost";
  return "fail";
}

function isFromSocket(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { code?: unknown }).code;
  if (typeof code === "string" && /^(ECONN|EPIPE|ETIMEDOUT|ENOTCONN|EHOST|ENET)/.test(code)) return true;
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message);
}

function createConnection(client: pg.PoolClient, kind: "read" | "write", inOrder: InOrder): Connection {
  // Without a listener the loss of a connection between two statements would end the process.
  const onError = () => {};
  client.on("error", onError);
  const query = (text: string, values: unknown[] = []) => inOrder(() => client.query(text, values));
  return {
    async begin() {
      await query(
        kind === "write" ? "begin isolation level read committed" : "begin isolation level repeatable read read only",
      );
    },
    async execute<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
      const { command, rowCount, rows } = await query(compiled.sql, [...compiled.parameters]);
      const isChange = command === "INSERT" || command === "UPDATE" || command === "DELETE" || command === "MERGE";
      return isChange ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
    },
    async commit() {
      const { command } = await query("commit");
      if (command !== "ROLLBACK") return;
      throw problem("sql_misuse", "PostgreSQL rolled back at COMMIT because an earlier statement had failed");
    },
    async rollback() {
      await query("rollback");
    },
    release(isBroken) {
      client.off("error", onError);
      client.release(isBroken);
    },
  };
}

/** int8 and numeric (what sum() gives) as numbers, bytea as bytes: what SQLite answers. */
function getTypeParser(oid: number, format?: "text" | "binary") {
  if (format !== "binary") {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return parseNumber;
    if (oid === pg.types.builtins.BYTEA) return parseBytes;
  }
  return pg.types.getTypeParser(oid, format as "text");
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new RangeError(`${text} does not fit into a safe integer`);
}

function parseBytes(text: string): Uint8Array {
  const buffer = Buffer.from(text.slice(2), "hex"); // "\x…", PostgreSQL's form since 9.0
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
