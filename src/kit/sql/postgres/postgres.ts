// PostgreSQL through pg: a pool for units and one client that listens for wakes of other processes.
//
// - Writes are READ COMMITTED, reads REPEATABLE READ READ ONLY: one snapshot per read, as on SQLite.
// - A pooler between us and the server may run each transaction on another connection, so no session has a state.
// - A wake is a hint. Whoever waits also wakes by time, so a lost connection costs latency, never an event.
import { PostgresAdapter, PostgresQueryCompiler } from "kysely";
import pg from "pg";
import type { Clock } from "../../clock.ts";
import { createIds } from "../../ids.ts";
import type { Log } from "../../log.ts";
import type { Random } from "../../random.ts";
import type { Engine, Mortality } from "../engine.ts";
import { sqlState } from "../errors.ts";
import { asTheyCome, createInOrder } from "../in_order.ts";
import { runOutside } from "../inside.ts";
import { createBell } from "../wake.ts";
import { readAddress } from "./address.ts";
import { createConnection, judge } from "./connection.ts";
import { cutSocket } from "./cut_socket.ts";
import { placeOf } from "./home.ts";
import { createListener, type Listener } from "./listener.ts";
import { getTypeParser } from "./types.ts";

const readersMax = 8; // parallel reads of one process; with the writer and the notifier ten connections
/** Where no wake of another process is heard, whoever waits comes back this often and looks. */
const pollMs = 1_000;

export interface PostgresOptions {
  readonly url: string;
  readonly schema?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly mortality?: Mortality | undefined;
  readonly unitMaxMs: number;
}

export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const { clock, random, log, mortality, unitMaxMs } = options;
  const { url, schema } = readAddress(options.url, options.schema);
  const settings: pg.ClientConfig = {
    connectionString: url,
    application_name: `bursar/${schema}`,
    connectionTimeoutMillis: unitMaxMs,
    types: { getTypeParser },
  };
  const { pool, clients } = createPool(settings, log);
  const server = await firstConnection(pool);

  const isSimulated = mortality !== undefined;
  const inOrder = isSimulated ? createInOrder() : asTheyCome;
  const bell = createBell(clock);
  const listener = createListener({ settings, schema, self: createIds(random).text(12), bell, log });
  let isAbandoned = false;
  return {
    name: "postgres",
    schema,
    place: (unit) => placeOf(unit, { server, schema }),
    compiler: new PostgresQueryCompiler(),
    adapter: new PostgresAdapter(),
    readersMax,
    hasOneConnection: false,
    // A hint from the server comes when the socket likes; a simulated process wakes by its own hints and by time alone.
    wake: isSimulated ? { notify: bell.ring, next: bell.next } : wakeOf({ listener, bell, pool, clock }),
    async connect(kind) {
      if (isAbandoned) return new Promise(() => {});
      return createConnection(await inOrder(() => pool.connect()), { kind, inOrder, unitMaxMs });
    },
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

/** The pool takes its own listener off while a client is in use, and an `error` without one ends the process. */
function createPool(settings: pg.ClientConfig, log: Log): { pool: pg.Pool; clients: ReadonlySet<pg.PoolClient> } {
  const pool = new pg.Pool({ ...settings, max: readersMax + 2, allowExitOnIdle: true });
  const clients = new Set<pg.PoolClient>();
  pool.on("error", (error) => log.warn("sql.connection_lost", { error }));
  pool.on("connect", (client) => {
    client.on("error", () => {}); // whoever uses it hears of the loss by its statement
    clients.add(client);
  });
  pool.on("remove", (client) => void clients.delete(client));
  return { pool, clients };
}

function wakeOf(given: {
  listener: Listener;
  bell: ReturnType<typeof createBell>;
  pool: pg.Pool;
  clock: Clock;
}): Engine["wake"] {
  const { listener, bell, pool, clock } = given;
  return {
    notify(topic) {
      bell.ring(topic);
      const sent = runOutside(() => listener.tellOthers(pool, topic));
      if (clock.during) void clock.during(sent);
    },
    next(topic, maxMs, until) {
      runOutside(() => listener.start());
      return bell.next(topic, listener.isDeaf() ? Math.min(maxMs, pollMs) : maxMs, until);
    },
  };
}

/** Shows that the database is there, and answers whose it is: initdb makes the id, and a failover keeps it. */
async function firstConnection(pool: pg.Pool): Promise<string> {
  try {
    const { rows } = await pool.query("select system_identifier::text as id from pg_catalog.pg_control_system()");
    return rows[0].id;
  } catch (error) {
    // insufficient_privilege: a hosting company may keep it to itself; the oids alone then tell most copies.
    if (sqlState(error) === "42501") return "unknown";
    await pool.end();
    throw error;
  }
}
