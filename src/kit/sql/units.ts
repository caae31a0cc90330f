// Keeps the promises of port.ts over any engine: order, limits, repetition, and what happens when COMMIT stays silent.
//
// - A statement that fails ends its unit on both engines, even when the work swallows the error: PostgreSQL would
//   refuse all that follows, SQLite would commit half.
// - A statement that is still under way when the work returns is a bug (a missing await), and the unit is rolled back.
import { channel } from "node:diagnostics_channel";
import { type CompiledQuery, DefaultQueryExecutor, QueryCreator, type QueryResult, WithSchemaPlugin } from "kysely";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { isProblem, type Problem, problem } from "../problems.ts";
import type { Random } from "../random.ts";
import { backoffMs } from "../waiting/retry.ts";
import type { Connection, Engine, Faults } from "./engine.ts";
import { assertOutsideTransaction, runInside, type Unit } from "./inside.ts";
import type { Reader, Sql, Tx, WriteOptions } from "./port.ts";
import { createQueue } from "./queue.ts";
import type { Keeping, Kept, Texts } from "./statement.ts";

export interface UnitsOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly faults?: Faults | undefined;
  /** How long a unit may last that names no other limit. */
  readonly unitMaxMs: number;
}

/** One statement of a unit, once it was answered. For tests that ask who reads and writes what, under which locks. */
export interface Heard {
  readonly unit: Pick<Unit, "kind" | "label">;
  readonly query: CompiledQuery;
  readonly rows: readonly unknown[];
  readonly affected: number;
}

/** Says each statement as Heard to whoever subscribes; nobody does in production. */
export const statementsChannel = "bursar.sql.statements";
const statements = channel(statementsChannel);

/** A database that is busy for so many units is broken, and the caller should hear of it. */
const busyUnitsMax = 4;
const repeatBaseMs = 5;
const repeatCapMs = 250;
/** Connections that one unit loses before its database is away. A restart or a failover of the server cuts all. */
const lossesMax = 3;

export function createUnits<DB>(options: UnitsOptions): Sql<DB> {
  const { engine, clock } = options;
  const writers = createQueue(1);
  const readers = engine.hasOneConnection ? writers : createQueue(engine.readersMax);
  const texts: Texts = new Map();
  let isClosed = false;

  const enter = async <T>(
    { kind, label }: Pick<Unit, "kind" | "label">,
    work: (queries: UnitQueries<DB>) => Promise<T>,
    { limitMs = options.unitMaxMs, isRepeatable = false }: WriteOptions = {},
  ) => {
    assertOutsideTransaction(`The ${kind} "${label}"`);
    if (isClosed) throw problem("unavailable", `The database was closed before the ${kind} "${label}"`);
    const queue = kind === "write" ? writers : readers;
    const running = queue(() => repeat({ ...options, texts, limitMs, isRepeatable }, { kind, label }, work));
    return clock.during ? clock.during(running) : running;
  };

  return {
    engine: engine.name,
    schema: engine.schema,
    place: engine.place,
    wake: engine.wake,
    read: (label, work) =>
      enter({ kind: "read", label }, (queries) => work(queries as unknown as Reader<DB>), { isRepeatable: true }),
    write: (label, work, asked) => enter({ kind: "write", label }, (queries) => work(queries as Tx<DB>), asked),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await writers(async () => {}); // what was accepted before is finished
      if (!engine.hasOneConnection) await readers(async () => {});
      await engine.close();
    },
  };
}

type Limited = UnitsOptions & { readonly limitMs: number; readonly texts: Texts };

/**
 * Runs the unit until it commits, fails for good, or has been busy for too long. One that lost its connection before
 * its COMMIT has done nothing, and a read never does anything.
 */
async function repeat<DB, T>(
  options: Limited & { readonly isRepeatable: boolean },
  { kind, label }: Pick<Unit, "kind" | "label">,
  work: (queries: UnitQueries<DB>) => Promise<T>,
): Promise<T> {
  const { engine, random, log, unitMaxMs, isRepeatable } = options;
  const begun = performance.now();
  let losses = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(options, { kind, label, isOver: false }, work);
    } catch (error) {
      const isUnknown = isProblem(error, "commit_unknown");
      const isLost = isUnknown ? isRepeatable : engine.judge(error) === "connection_lost";
      if (!isLost && engine.judge(error) !== "repeat") throw error;
      if (isLost && ++losses > lossesMax) throw isUnknown && kind === "write" ? error : away({ kind, label }, error);
      if (performance.now() - begun > busyUnitsMax * unitMaxMs) {
        throw problem("sql_busy", `The ${kind} "${label}" found no turn in ${attempt} attempts`, {
          hint: "Does another program hold a long transaction on this database?",
          cause: error,
        });
      }
      if (attempt === 10) log.warn("sql.busy", { label, attempt, error });
    }
    // Another process holds the lock in real time, so this waits in real time, whatever clock the world runs on.
    const waitMs = backoffMs({ attempt, baseMs: repeatBaseMs, capMs: repeatCapMs, random });
    await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
  }
}

function away({ kind, label }: Pick<Unit, "kind" | "label">, cause: unknown): Problem {
  return problem("database_unreachable", `The ${kind} "${label}" lost its connection ${lossesMax + 1} times`, {
    hint: "Nothing of it was done: repeat it when the database is back.",
    cause,
  });
}

async function runOnce<DB, T>(
  options: Limited,
  unit: Unit,
  work: (queries: UnitQueries<DB>) => Promise<T>,
): Promise<T> {
  const { engine, faults, limitMs, texts } = options;
  const connection = await engine.connect(unit.kind);
  const gate = createGate(connection, unit, faults);
  let isBroken = false;
  try {
    await faults?.({ point: "begin", label: unit.label });
    await connection.begin();
    const queries = new UnitQueries<DB>(engine, gate, texts);
    const result = await withinLimit(unit, limitMs, () => runInside(unit, () => gate.closeAfter(work(queries))));
    await commit(options, connection, unit);
    return result;
  } catch (error) {
    unit.isOver = true;
    isBroken = !(await rollBack(connection, engine, error));
    throw error;
  } finally {
    unit.isOver = true;
    connection.release(isBroken);
  }
}

async function commit({ engine, faults }: UnitsOptions, connection: Connection, unit: Unit): Promise<void> {
  const silent = (cause: unknown) =>
    problem("commit_unknown", `The database did not say whether the ${unit.kind} "${unit.label}" was committed`, {
      hint: "Run it again: it must be a no-op the second time.",
      cause,
    });
  try {
    await faults?.({ point: "commit", label: unit.label });
  } catch (error) {
    throw silent(error);
  }
  try {
    await connection.commit();
  } catch (error) {
    throw engine.judge(error) === "connection_lost" ? silent(error) : error;
  }
  try {
    await faults?.({ point: "committed", label: unit.label });
  } catch (error) {
    throw silent(error);
  }
}

/** False when the connection cannot be used again. The error of the unit itself is the one that is reported. */
async function rollBack(connection: Connection, engine: Engine, error: unknown): Promise<boolean> {
  if (engine.judge(error) === "connection_lost") return false;
  try {
    await connection.rollback();
    return true;
  } catch {
    return false; // the connection is thrown away, and the database rolls back with it
  }
}

async function withinLimit<T>(unit: Unit, limitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      unit.isOver = true;
      const message = `The ${unit.kind} "${unit.label}" was not done after ${limitMs} ms and is rolled back`;
      reject(problem("sql_limit", message, { hint: "Does it wait for something that is not a statement of its own?" }));
    }, limitMs).unref(); // where nothing else goes on, nobody waits for the unit either
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

interface Gate {
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  readonly executeEach: Connection["executeEach"];
  /** No statement passes once the work has returned. Throws when the work left something undone behind it. */
  closeAfter<T>(work: Promise<T>): Promise<T>;
}

function createGate(connection: Connection, unit: Unit, faults: Faults | undefined): Gate {
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  const each = connection.executeEach;
  const pass = async <T>(query: CompiledQuery, run: () => Promise<T>): Promise<T> => {
    if (unit.isOver) {
      throw problem("sql_misuse", `A statement came after the end of the ${unit.kind} "${unit.label}"`, {
        hint: "Is an await missing, or was tx kept beyond its transaction?",
      });
    }
    if (failure) throw failure.error;
    underWay++;
    try {
      await faults?.({ point: "statement", label: unit.label, sql: query.sql });
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      underWay--;
    }
  };
  return {
    execute: <R>(query: CompiledQuery) =>
      pass(query, async () => {
        const result = await connection.execute<R>(query);
        if (statements.hasSubscribers) statements.publish(heard(unit, query, result));
        return result;
      }),
    executeEach: each && ((query, all) => pass(query, () => each(query, all))),
    async closeAfter(work) {
      const result = await work;
      unit.isOver = true;
      if (failure) throw failure.error;
      if (underWay === 0) return result;
      throw problem("sql_misuse", `The ${unit.kind} "${unit.label}" ended with ${underWay} statements under way`, {
        hint: "An await is missing.",
      });
    },
  };
}

function heard(unit: Unit, query: CompiledQuery, { rows, numAffectedRows }: QueryResult<unknown>): Heard {
  return { unit, query, rows, affected: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) };
}

/** With the texts that its database keeps (statement.ts). */
class UnitExecutor extends DefaultQueryExecutor implements Keeping {
  kept: Kept | undefined;
}

/** Kysely's query builders, without its connections and transactions: those are ours. */
class UnitQueries<DB> extends QueryCreator<DB> {
  readonly #executor: UnitExecutor;

  constructor(engine: Engine, gate: Gate, texts: Texts) {
    const streamQuery = (): never => {
      throw problem("sql_misuse", "Rows are not streamed: a unit is short. Read in pages");
    };
    const connection = { executeQuery: gate.execute, streamQuery };
    const plugins = engine.schema === null ? [] : [new WithSchemaPlugin(engine.schema)];
    const provider = {
      provideConnection: <T>(consumer: (given: typeof connection) => Promise<T>) => consumer(connection),
    };
    const executor = new UnitExecutor(engine.compiler, engine.adapter, provider, plugins);
    // Whoever hears a statement reads what it was built of, with its values.
    executor.kept = statements.hasSubscribers ? undefined : { texts, executeEach: gate.executeEach };
    super({ executor });
    this.#executor = executor;
  }

  getExecutor(): UnitExecutor {
    return this.#executor;
  }
}
