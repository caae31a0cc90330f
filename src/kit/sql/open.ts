// Opens a database by its URL. The only place that knows which engines there are.
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { isProblem, problem } from "../problems.ts";
import type { Random } from "../random.ts";
import type { Engine, Faults, Mortality } from "./engine.ts";
import { knownOf, type Migration } from "./migrate.ts";
import type { Sql } from "./port.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { openSqlite } from "./sqlite/sqlite.ts";
import { createUnits } from "./units.ts";

const unitMaxMsUsual = 5_000; // longer than any honest unit, shorter than a customer's patience

export interface OpenSqlOptions {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host:port/database?schema=bursar`. */
  readonly url: string;
  /** The schema of our tables on PostgreSQL. Default: the URL's, else `bursar`. */
  readonly schema?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Breaks units on purpose. For tests and the simulator. */
  readonly faults?: Faults;
  readonly mortality?: Mortality | undefined;
  /** How long one unit may last that names no limit of its own. Default: 5 s. */
  readonly unitMaxMs?: number | undefined;
  /** What will be applied here: a file that holds something of another program is refused before it is changed. */
  readonly migrations?: readonly Migration[];
}

/** `const sql = await openSql<Tables>({ url: "sqlite:var/bursar.db", clock, random: ports.random("sql"), log })` */
export async function openSql<DB>(options: OpenSqlOptions): Promise<Sql<DB>> {
  const opening = openEngine(options);
  const engine = await (options.clock.during ? options.clock.during(opening) : opening);
  options.mortality?.atDeath(engine.abandon);
  const { unitMaxMs = unitMaxMsUsual } = options;
  return createUnits<DB>({ faults: options.mortality?.faults, ...options, unitMaxMs, engine });
}

async function openEngine(options: OpenSqlOptions): Promise<Engine> {
  const { url, unitMaxMs = unitMaxMsUsual } = options;
  try {
    const path = sqlitePath(url);
    if (path !== undefined) {
      refuseSchema(url, options.schema);
      const known = options.migrations && knownOf(options.migrations, "sqlite");
      return await openSqlite({ path, clock: options.clock, known });
    }
    if (/^postgres(ql)?:\/\//.test(url)) return await openPostgres({ ...options, unitMaxMs });
  } catch (error) {
    if (isProblem(error)) throw error;
    throw problem("database_unreachable", `The database ${withoutPassword(url)} cannot be opened`, {
      hint: "Does it run, does the name exist, may this user enter it, may this process write the file?",
      cause: error,
    });
  }
  throw problem("invalid_config", `No database is known by the address ${withoutPassword(url)}`, {
    hint: "Write sqlite:PATH, sqlite::memory: or postgres://user@host:port/database.",
  });
}

/** Two installations that believe themselves apart would share the file. */
function refuseSchema(url: string, schema: string | undefined): void {
  if (schema === undefined) return;
  throw problem("invalid_config", `The schema ${schema} was named for ${url}, and SQLite knows none`, {
    hint: "Leave out `schema`: on SQLite every installation has a file of its own.",
  });
}

/** The file of a `sqlite:` URL, ":memory:", or undefined when it is another database's. */
export function sqlitePath(url: string): string | undefined {
  return /^sqlite:(.+)$/.exec(url)?.[1];
}

function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:/@]*):[^@]*@/, "$1:…@");
}
