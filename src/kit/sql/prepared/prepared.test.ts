// Tables that one test has left are the next one's, without a row; what was changed about them nobody gets.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import pg from "pg";
import { until } from "../../testing.ts";
import type { Migration } from "../migrate.ts";
import { createWholeDatabase, noPostgres } from "../testing.ts";
import {
  administer,
  databaseAt,
  leaveSchema,
  postgresUrl,
  prepareTables,
  removePrepared,
  takeSchema,
} from "./testing.ts";

const migrations: readonly Migration[] = [
  {
    name: "0001_shelf",
    statements: ({ text, integer }) => [
      `create table boxes (id ${text} primary key, inside ${text} references boxes (id), count ${integer})`,
      `create table labels (box ${text} not null references boxes (id), words ${text} not null)`,
      "create index labels_box on labels (box)",
    ],
  },
];
const rows = (schema: string) =>
  `insert into ${schema}.boxes values ('a', null, 1), ('b', 'a', 2); insert into ${schema}.labels values ('b', 'tea')`;

async function startPrepared(t: TestContext) {
  const whole = await createWholeDatabase("postgres");
  if (!whole) return t.skip(noPostgres);
  await whole.drop(); // Only its name is wanted, which nobody else has.
  const database = new URL(whole.url).pathname.slice(1);
  await prepareTables(migrations, { database }, postgresUrl());
  t.after(() => removePrepared({ database }, postgresUrl()));
  const url = databaseAt(postgresUrl(), database);
  const ask = async (statement: string) => (await administer(url, statement)).at(-1)?.rows ?? [];
  return { url, ask };
}

test("no row goes with the tables, not even of a transaction that is still open (postgres)", async (t) => {
  const prepared = await startPrepared(t);
  if (!prepared) return;
  const { url, ask } = prepared;
  await ask(takeSchema("first"));
  await ask(rows("first"));
  const straggler = new pg.Client({ connectionString: url });
  await straggler.connect();
  straggler.on("error", () => {}); // the end of the database
  await straggler.query("begin; insert into first.boxes values ('late', null, 3)");
  const leaving = ask(leaveSchema("first"));
  const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await until("whoever leaves to wait for it", async () => (await ask(waiting)).length === 1, { pauseMs: 20 });
  await straggler.query("commit");
  await leaving;
  await assert.rejects(straggler.query("insert into first.boxes values ('later', null, 4)"), { code: "42P01" });
  await straggler.end();

  await ask(takeSchema("second"));
  assert.deepEqual(await ask("select from second.boxes union all select from second.labels"), []);
  assert.deepEqual(await ask("select name from second.bursar_migrations"), [{ name: "0001_shelf" }]);
  await ask(rows("second"));
  await ask(takeSchema("third"));
  assert.deepEqual(await ask("select to_regnamespace('third') as made"), [{ made: null }], "two have not the same one");
});

test("a schema that a test has changed is dropped (postgres)", async (t) => {
  const changes = [
    "alter table it.boxes add column weight bigint",
    "create table it.lids (id text)",
    "drop index it.labels_box",
    "drop table it.labels; create table it.labels (box text not null references it.boxes (id), words text not null)",
    "update it.bursar_migrations set hash = 'edited'",
    "drop table it.bursar_migrations",
    "create sequence it.numbers",
  ];
  const prepared = await startPrepared(t);
  if (!prepared) return;
  const left =
    "select to_regnamespace('it') as it, count(*)::int from pg_namespace where starts_with(nspname, 'left_')";
  for (const change of [...changes, "select"]) {
    // Nobody commits: the next one finds it as it was prepared.
    const said = await prepared.ask(`begin; ${takeSchema("it")}; ${change}; ${leaveSchema("it")}; ${left}`);
    assert.deepEqual(said, [{ it: null, count: change === "select" ? 1 : 0 }], change);
  }
});
