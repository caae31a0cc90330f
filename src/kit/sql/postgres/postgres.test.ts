// What only PostgreSQL has: schemas, poolers, and connections that break.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer, connect as dial } from "node:net";
import { type TestContext, test } from "node:test";
import { sql as raw } from "kysely";
import { minuteMs, systemClock } from "../../clock.ts";
import { silentLog } from "../../log.ts";
import { isProblem } from "../../problems.ts";
import { systemRandom } from "../../random.ts";
import { type Migration, migrate } from "../migrate.ts";
import { type OpenSqlOptions, openSql } from "../open.ts";
import type { Sql } from "../port.ts";
import {
  administer,
  createTestDatabase,
  createWholeDatabase,
  type EngineName,
  noPostgres,
  withSchema,
} from "../testing.ts";
import { readAddress } from "./address.ts";
import { behindPgBouncer } from "./pgbouncer/testing.ts";
import { createGuest, everythingIn } from "./testing.ts";

interface Tables {
  orders: { id: string; total: number };
}

const migrations: Migration[] = [
  {
    name: "0001_orders",
    statements: ({ text, integer }) => [
      `create table orders (id ${text} primary key, total ${integer} not null)`,
      `create table lines (order_id ${text} not null references orders (id))`,
      "create index lines_order on lines (order_id)",
    ],
  },
];

/** Nobody waits so long: the test would be ended. */
const longMs = 10 * minuteMs;

interface Server {
  readonly url: string;
  open(url: string, options?: Partial<OpenSqlOptions>): Promise<Sql<Tables>>;
  readonly t: TestContext;
}

const createEmpty = (engine: EngineName) => createTestDatabase(engine, { isEmpty: true });

/** A schema of the test's own, or a whole database; what is opened on it is closed before it is dropped. */
function onPostgres(name: string, work: (server: Server) => Promise<void>, create = createEmpty): void {
  test(name, async (t) => {
    const database = await create("postgres");
    if (!database) return t.skip(noPostgres);
    const opened: Sql<Tables>[] = [];
    const common = { clock: systemClock(), random: systemRandom(), log: silentLog() };
    try {
      await work({
        url: database.url,
        t,
        async open(url, options) {
          const sql = await openSql<Tables>({ url, ...common, ...options });
          opened.push(sql);
          return sql;
        },
      });
    } finally {
      for (const sql of opened) await sql.close();
      await database.drop();
    }
  });
}

const insert = (sql: Sql<Tables>, id: string) =>
  sql.write("insert", (tx) => tx.insertInto("orders").values({ id, total: 1 }).execute());
const ids = async (sql: Sql<Tables>) => {
  const rows = await sql.read("ids", (reader) =>
    reader.selectFrom("orders").select("orders.id").orderBy("id").execute(),
  );
  return rows.map(({ id }) => id);
};

/** A shop's own tables, under the very names of ours. */
const shopTables = `
  create type orders_state as enum ('open', 'done');
  create table orders (id serial primary key, state orders_state not null, note text);
  create table lines (order_id int references orders, article text);
  create table bursar_migrations (name text primary key, hash text not null);
  insert into orders (state, note) values ('open', 'theirs'), ('done', null);
  insert into lines values (1, 'tea');
  insert into bursar_migrations values ('0001_orders', 'theirs')`;

async function besideAnotherProgram({ url, open }: Server): Promise<void> {
  await administer(url, shopTables);
  const before = await everythingIn(url, "public");
  const sql = await open(url);
  assert.deepEqual(await migrate(sql, migrations), { applied: ["0001_orders"], wasMoved: false });
  await insert(sql, "ours");
  assert.deepEqual(await ids(sql), ["ours"]);
  const sloppy = sql.write("raw", (tx) => raw`update orders set note = 'ours'`.execute(tx));
  await assert.rejects(sloppy, /does not exist/, "a name that is not qualified is not found");
  assert.deepEqual(await everythingIn(url, "public"), before);
  const [schemas] = await administer(url, "select nspname from pg_namespace where nspname = 'bursar'");
  assert.equal(schemas?.rows.length, 1, "ours are in the schema bursar");
}

onPostgres(
  "a database with another program's tables of our names is used beside them",
  besideAnotherProgram,
  createWholeDatabase,
);

onPostgres("two installations in one database see neither rows nor wakes of each other", async ({ url, open }) => {
  const second = `${new URL(url).searchParams.get("schema")}_2`;
  const live = await open(url);
  const test = await open(url, { schema: second });
  for (const sql of [live, test]) await migrate(sql, migrations);
  await insert(live, "of live");
  assert.deepEqual([await ids(live), await ids(test)], [["of live"], []]);

  const listeners = [await open(url), await open(url, { schema: second })];
  for (const each of listeners) await each.wake.next("outbox", longMs); // wakes everybody when it begins to listen
  const heard: string[] = [];
  const waits = listeners.map(async (each, index) => {
    await each.wake.next("outbox", longMs);
    heard.push(["live", "test"][index] ?? "");
  });
  live.wake.notify("outbox");
  await waits[0];
  assert.deepEqual(heard, ["live"]);
  test.wake.notify("outbox");
  await waits[1];
});

onPostgres("the option goes before the address, and both before the name bursar", async ({ url, open }) => {
  assert.equal((await open(url.replace(/\?.*/, ""))).schema, "bursar");
  assert.equal((await open(withSchema(url, "of_url"))).schema, "of_url");
  assert.equal((await open(withSchema(url, "public"), { schema: "named" })).schema, "named");
  const { url: forPg } = readAddress("postgres://h/db?host=/run/pg&schema=x&sslmode=require", undefined);
  assert.equal(forPg, "postgres://h/db?host=%2Frun%2Fpg&sslmode=require");
  for (const schema of ["public", "pg_x", "information_schema", "Big", "a-b", "", 'a"; drop table x', "x".repeat(51)]) {
    await assert.rejects(open(url, { schema }), (error) => isProblem(error, "invalid_config"), schema);
  }
  await assert.rejects(open("sqlite::memory:", { schema: "x" }), (error) => isProblem(error, "invalid_config"));
});

onPostgres("a schema that holds another program's tables is refused, an empty one is used", async ({ url, open }) => {
  await administer(url, "create schema theirs; create table theirs.orders (id int); create schema empty");
  const before = await everythingIn(url, "theirs");
  await assert.rejects(migrate(await open(withSchema(url, "theirs")), migrations), (error: unknown) => {
    assert.ok(isProblem(error, "invalid_config") && /holds "orders" of another program/.test(error.message));
    return true;
  });
  assert.deepEqual(await everythingIn(url, "theirs"), before);
  await migrate(await open(withSchema(url, "empty")), migrations);
});

onPostgres("a migration that fails in the middle leaves nothing of itself", async ({ url, open }) => {
  const sql = await open(url);
  await migrate(sql, migrations);
  const before = await everythingIn(url, sql.schema ?? "");
  const half = {
    name: "0002_half",
    statements: () => ["create table half (id text)", "alter table orders add x int", "no"],
  };
  await assert.rejects(migrate(sql, [...migrations, half]));
  assert.deepEqual(await everythingIn(url, sql.schema ?? ""), before);
});

onPostgres("a migration has an hour, and a unit after it five seconds", async ({ url, open }) => {
  const sql = await open(url);
  const long = {
    name: "0001_long",
    statements: () => ["create table limits as select current_setting('statement_timeout') as of_a_statement"],
  };
  await migrate(sql, [long]);
  const { rows } = await sql.read("limits", (reader) =>
    raw<object>`select of_a_statement, current_setting('statement_timeout') as afterwards
      from ${raw.table(`${sql.schema}.limits`)}`.execute(reader),
  );
  assert.deepEqual(rows, [{ of_a_statement: "1h", afterwards: "5s" }]);
});

onPostgres("who is given more time for a unit has it on the server too", async ({ url, open }) => {
  const sql = await open(url, { unitMaxMs: minuteMs });
  const { rows } = await sql.read("limits", (reader) =>
    raw<object>`select current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`.execute(reader),
  );
  assert.deepEqual(rows, [{ statement: "1min", idle: "2min" }]);
});

onPostgres("behind PgBouncer in transaction mode everything works, and no session keeps a setting", async (server) => {
  const { url, open, t } = server;
  const pooled = await behindPgBouncer(t, url);
  if (!pooled) return;
  const [one, two] = [await open(pooled), await open(pooled)];
  await Promise.all([one, two].map((sql) => migrate(sql, migrations)));
  await Promise.all(Array.from({ length: 40 }, (_, n) => insert(n % 2 ? one : two, `order_${n}`)));
  assert.equal((await ids(two)).length, 40);
  const { rows: limits } = await one.read("limits", (reader) =>
    raw<{ setting: string }>`select setting from pg_catalog.pg_settings
      where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name`.execute(reader),
  );
  assert.deepEqual(limits, [{ setting: "10000" }, { setting: "5000" }]);
  const [left] = await administer(
    pooled,
    `select name from pg_settings where source = 'session' and name not in
      ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings')`,
  );
  assert.deepEqual(left?.rows, [], "beyond what PgBouncer itself keeps for each client");
});

onPostgres(
  "behind a pooler whoever waits for a wake comes back soon, and its own wakes come at once",
  async (server) => {
    const { url, open, t } = server;
    const pooled = await behindPgBouncer(t, url);
    if (!pooled) return;
    const lines: string[] = [];
    const log = { ...silentLog(), info: (event: string) => void lines.push(event) };
    const sql = await open(pooled, { log });
    await sql.wake.next("outbox", longMs); // comes back when it is clear that nobody listens
    await sql.wake.next("outbox", longMs); // comes back to poll
    assert.deepEqual(lines, ["sql.wakes_by_polling"]);
    const waiting = sql.wake.next("outbox", longMs);
    sql.wake.notify("outbox");
    await waiting;
  },
);

onPostgres("a unit whose connection breaks as soon as it is made is run on another one", async ({ url, open }) => {
  const target = new URL(url);
  const armed = { cuts: 0 };
  const proxy = createServer((near) => relay(near, dial(Number(target.port || 5432), target.hostname), armed));
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const through = new URL(url);
  through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  // A mortal process takes its answers in order, turns later: the time between a checkout and its use.
  const sql = await open(through.href, { mortality: { faults: () => {}, atDeath: () => {} } });
  await migrate(sql, migrations);
  armed.cuts = 1;
  assert.deepEqual(await Promise.all(Array.from({ length: 3 }, () => ids(sql))), [[], [], []]);
  assert.equal(armed.cuts, 0, "one was cut");
  proxy.close();
});

onPostgres("a server with too many connections is away, and is back as soon as it lets somebody in", async (server) => {
  const guest = await createGuest(server.url);
  try {
    const sql = await server.open(guest.url);
    await migrate(sql, migrations);
    await guest.turnAway();
    const isAway = (error: unknown) => isProblem(error, "database_unreachable") && error.hint !== undefined;
    await assert.rejects(insert(sql, "turned away"), isAway);
    await assert.rejects(ids(sql), isAway);
    await assert.rejects(server.open(guest.url), isAway);
    await guest.letIn();
    await insert(sql, "let in");
    assert.deepEqual(await ids(sql), ["let in"]);
    await sql.close();
  } finally {
    await guest.leave();
  }
});

/** Hands bytes on; cuts the line right behind the server's first "ready for query" while cuts are left. */
function relay(near: Socket, far: Socket, armed: { cuts: number }): void {
  const isDoomed = armed.cuts > 0 && armed.cuts-- > 0;
  for (const each of [near, far]) each.on("error", () => {});
  near.pipe(far);
  far.on("data", (bytes: Buffer) => {
    near.write(bytes);
    if (isDoomed && bytes.includes("Z\0\0\0\x05I")) {
      near.destroySoon();
      far.destroy();
    }
  });
  far.on("close", () => near.destroy());
  near.on("close", () => far.destroy());
}
