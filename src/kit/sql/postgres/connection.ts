// One connection of the pool for one unit. Nothing here outlives its transaction, so that a pooler may hand every
// transaction another connection: the limits are `set local`, names are qualified, no statement has a name.
import type { CompiledQuery, QueryResult } from "kysely";
import type pg from "pg";
import { problem } from "../../problems.ts";
import type { Connection, Verdict } from "../engine.ts";
import { sqlState } from "../errors.ts";
import type { InOrder } from "../in_order.ts";

/** A process that stopped inside a transaction gives its locks back after so many times what a unit may last. */
const idleUnitsMax = 2;

/** Reads see one snapshot, as on SQLite. */
const isolation = { write: "read committed", read: "repeatable read read only" } as const;

/** One message, hence one turn of the network. The server keeps the limit of a unit too, when our process hangs. */
function beginningOf(kind: "read" | "write", unitMaxMs: number): string {
  return [
    `begin isolation level ${isolation[kind]}`,
    // A name that is not qualified is not found, instead of found in the schema of another program.
    "set local search_path to ''",
    `set local statement_timeout to ${unitMaxMs}`,
    `set local idle_in_transaction_session_timeout to ${idleUnitsMax * unitMaxMs}`,
  ].join("; ");
}

export interface ConnectionOptions {
  readonly kind: "read" | "write";
  readonly inOrder: InOrder;
  readonly unitMaxMs: number;
}

export function createConnection(client: pg.PoolClient, { kind, inOrder, unitMaxMs }: ConnectionOptions): Connection {
  const beginning = beginningOf(kind, unitMaxMs);
  const query = (text: string, values: unknown[] = []) => inOrder(() => client.query(text, values));
  return {
    async begin() {
      await inOrder(() => client.query(beginning));
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
    release: (isBroken) => client.release(isBroken),
  };
}

export function judge(error: unknown): Verdict {
  const state = sqlState(error);
  if (state === "40001" || state === "40P01") return "repeat"; // serialization_failure, deadlock_detected
  // too_many_connections: nobody was let in, so nothing was done, and the next one that leaves makes room.
  if (state?.startsWith("08") || state?.startsWith("57P") || state === "53300") return "connection_lost";
  if (state === undefined && isFromSocket(error)) return "connection_lost";
  return "fail";
}

function isFromSocket(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { code?: unknown }).code;
  if (typeof code === "string" && /^(ECONN|EPIPE|ETIMEDOUT|ENOTCONN|EHOST|ENET)/.test(code)) return true;
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message);
}
