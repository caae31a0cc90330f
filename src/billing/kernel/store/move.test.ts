// An installation of the time when Bursar's tables stood in `public` is moved into its schema, and stays what it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { minuteMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem, type ProblemCode } from "#kit/problems.ts";
import { everythingIn, longSession } from "#kit/sql/postgres/testing.ts";
import { administer, createWholeDatabase, noPostgres } from "#kit/sql/testing.ts";
import { adoptDatabase, createBilling } from "../../index.ts";
import { optionsFor, startWorld } from "../../testing/index.ts";

const instance = "ins_Bg9lyaWmLda62cBKO159kj1s";

/** A database with the old tables in it. `place`: where they say that they lie; where they do without it. */
async function inPublic(url: string, place?: string): Promise<void> {
  const [here] = await administer(
    url,
    `select 'server ' || system_identifier || ', database ' || oid as place
     from pg_control_system(), pg_database where datname = current_database()`,
  );
  const text = readFileSync(new URL("in_public.sql", import.meta.url), "utf8");
  await administer(url, text.replaceAll("{{place}}", place ?? here?.rows[0].place));
}

function onServer(name: string, work: (url: string) => Promise<void>): void {
  test(name, async (t) => {
    const database = await createWholeDatabase("postgres");
    if (!database) return t.skip(noPostgres);
    try {
      await work(database.url);
    } finally {
      await database.drop();
    }
  });
}

const start = async (url: string, seed = 1) => (await createBilling(optionsFor(url), testPorts({ seed }))).close();
const refused = (code: ProblemCode) => (error: unknown) => {
  assert.ok(isProblem(error, code), String(error));
  return true;
};

/** Which tables a schema has, each with its identity and the number of its rows. */
async function tablesIn(url: string, schema: string): Promise<Record<string, readonly [oid: number, rows: number]>> {
  const [tables] = await administer(
    url,
    `select c.oid::int, relname from pg_class c join pg_namespace n on n.oid = relnamespace
     where nspname = '${schema}' and relkind = 'r'`,
  );
  const counted = (tables?.rows ?? []).map(async ({ oid, relname }) => {
    const [count] = await administer(url, `select count(*)::int as rows from ${schema}.${relname}`);
    return [relname, [oid, count?.rows[0].rows]] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

onServer(
  "the tables and their rows are moved, not copied, and nothing of ours works in public any more",
  async (url) => {
    await inPublic(url);
    const { bursar_migrations: _, ...before } = await tablesIn(url, "public");
    assert.equal(Object.keys(before).length, 19);
    await Promise.all([start(url, 4), start(url, 5)]); // two replicas are updated at once
    const after = await tablesIn(url, "bursar");
    for (const [table, [oid, rows]] of Object.entries(before)) {
      // The mode is learnt when the database is opened.
      assert.deepEqual(after[table], [oid, table === "settings" ? rows + 1 : rows], table);
    }
    const left = await tablesIn(url, "public");
    assert.deepEqual(Object.keys(left), ["bursar_migrations"]);
    // A process of the version before starts only where it knows every name of this record.
    const [names] = await administer(url, "select name from public.bursar_migrations where hash = ''");
    assert.deepEqual(names?.rows, [{ name: "9999_moved_into_the_schema_bursar" }]);
    await start(url, 2);
    await start(`${url}?schema=second`, 3);
    assert.deepEqual((await tablesIn(url, "second")).orders?.[1], 0, "another schema begins with nothing");
  },
);

onServer("it is the same installation after the move: it goes on where it stood, and starts again", async (url) => {
  await inPublic(url);
  const told: string[] = [];
  const life = (seed: number) =>
    startWorld({
      url,
      seed,
      handlers: (billing) => billing.on("order.paid", ({ data }) => void told.push(data.orderId), { id: "shop" }),
    });
  const world = await life(2);
  const paid = await world.run(world.billing.orders.get("order_paid"));
  assert.deepEqual([paid.status, paid.customerId, paid.amountRefunded], ["paid", "ada", 500]);
  await world.advance(2 * minuteMs);
  const [payment] = (await world.run(world.stripe.paymentIntents.list())).data;
  assert.deepEqual(payment?.metadata.bursar_order, "order_open", "what was under way is sent again");
  assert.equal(payment?.metadata.bursar_instance, instance);
  assert.deepEqual(told, ["order_paid"]);
  await world.close();
  await (await life(3)).close();
  const adopted = await adoptDatabase({ database: url, as: "moved" }, testPorts({ seed: 4 }));
  assert.equal(adopted.instance, instance);
});

onServer("a copy of an old installation is still asked what it is", async (url) => {
  await inPublic(url, "server 1, database 2");
  await assert.rejects(start(url), refused("database_copied"));
  await assert.rejects(start(url, 2), refused("database_copied"));
  const { instance: own } = await adoptDatabase({ database: url, as: "copy" }, testPorts({ seed: 3 }));
  assert.notEqual(own, instance);
  await start(url, 4);
});

onServer("nothing is moved while an old process works", async (url) => {
  await inPublic(url);
  const before = await everythingIn(url, "public");
  for (const [name, doing] of [
    ["bursar", "select 1"],
    ["bursar listener", "listen bursar_wake"],
    ["a name of the host's", "begin; update orders set version = version"],
  ] as const) {
    const old = await longSession(url, { name, doing });
    await assert.rejects(start(url), refused("second_worker"), name);
    await old.end();
    assert.deepEqual(await everythingIn(url, "public"), before);
    assert.deepEqual(await tablesIn(url, "bursar"), {});
  }
  await start(url, 2);
});

onServer("an old installation that another program's tables stopped half way takes only its own along", async (url) => {
  await inPublic(url);
  // Its second migration met the shop's `customers`.
  await administer(
    url,
    `drop table customers, orders, refunds, api_keys, audit, rest_idempotency, endpoints, links;
     drop index receipts_bodies, deliveries_handler, facts_occurred, operations_created, flags_created;
     delete from bursar_migrations where name <> '0001_kernel';
     create schema shop; create table shop.orders (id int); create table shop.customers (name text);
     insert into shop.customers values ('theirs');
     alter table shop.orders set schema public; alter table shop.customers set schema public; drop schema shop`,
  );
  const theirs = async () => {
    const { orders, customers } = await tablesIn(url, "public");
    return { orders, customers };
  };
  const before = await theirs();
  await start(url);
  assert.deepEqual(await theirs(), before);
  const ours = await tablesIn(url, "bursar");
  assert.deepEqual([ours.customers?.[1], ours.operations?.[1]], [0, 4]);
});

onServer("tables of a version that this one does not know stay where they are", async (url) => {
  await inPublic(url);
  await administer(url, "insert into bursar_migrations values ('0099_from_the_future', 'x')");
  const before = await everythingIn(url, "public");
  await assert.rejects(start(url), refused("migration_mismatch"));
  assert.deepEqual(await everythingIn(url, "public"), before);
  assert.deepEqual(await tablesIn(url, "bursar"), {});
});
