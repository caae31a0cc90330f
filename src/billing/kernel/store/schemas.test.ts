// Billing in a schema of its own: beside a shop's tables, beside another installation, and behind a pooler.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem } from "#kit/problems.ts";
import { behindPgBouncer } from "#kit/sql/postgres/pgbouncer/testing.ts";
import { everythingIn } from "#kit/sql/postgres/testing.ts";
import {
  administer,
  createTestDatabase,
  createWholeDatabase,
  noPostgres,
  type TestDatabase,
  withSchema,
} from "#kit/sql/testing.ts";
import { createBilling } from "../../index.ts";
import { createOrder, optionsFor, startWorld, type World } from "../../testing/index.ts";

type Create = (engine: "postgres") => Promise<TestDatabase | undefined>;

function onServer(name: string, create: Create, work: (url: string, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    const database = await create("postgres");
    if (!database) return t.skip(noPostgres);
    try {
      await work(database.url, t);
    } finally {
      await database.drop();
    }
  });
}

const schemaOf = (url: string) => new URL(url).searchParams.get("schema") ?? "bursar";
const paidOrders = ({ facts }: World) =>
  facts.flatMap(({ type, data }) => (type === "order.paid" ? [(data as { orderId: string }).orderId] : []));

async function sell(world: World, orderId: string): Promise<void> {
  await createOrder(world, orderId);
  await world.pay(orderId, "pm_card_visa");
  await world.advance(2 * secondMs);
}

/** A shop that has stood for years. */
const shop = `
  create type settings as (theme text, currency char(3));
  create table customers (id serial primary key, email text unique);
  create table orders (id serial primary key, customer int references customers, state text default 'open');
  create view facts as select id, state from orders;
  create function receipts() returns int language sql as 'select 1';
  insert into customers (email) values ('ada@example.com');
  insert into orders (customer) values (1), (1)`;

onServer(
  "billing starts and sells beside a shop's customers and orders, and touches none",
  createWholeDatabase,
  async (url) => {
    await administer(url, shop);
    const before = await everythingIn(url, "public");
    const world = await startWorld({ url });
    await sell(world, "order_1");
    assert.deepEqual(paidOrders(world), ["order_1"]);
    await world.close();
    assert.deepEqual(await everythingIn(url, "public"), before);
  },
);

onServer(
  "two installations in one database each sell, and each tells its own facts",
  createTestDatabase,
  async (url) => {
    const second = withSchema(url, `${schemaOf(url)}_2`);
    const [one, two] = [await startWorld({ url, seed: 1 }), await startWorld({ url: second, seed: 2 })];
    await Promise.all([sell(one, "order_1"), sell(two, "order_2")]);
    assert.deepEqual([paidOrders(one), paidOrders(two)], [["order_1"], ["order_2"]]);
    for (const [world, id] of [
      [one, "order_2"],
      [two, "order_1"],
    ] as const) {
      await assert.rejects(world.run(world.billing.orders.get(id)), (error) => isProblem(error, "not_found"));
    }
    const marks = await Promise.all(
      [one, two].map(async (world) => (await world.stripe.paymentIntents.list()).data[0]?.metadata.bursar_instance),
    );
    assert.ok(marks[0] && marks[1] && marks[0] !== marks[1], "they are two installations at Stripe, too");
    for (const world of [one, two]) await world.close();
    await administer(second, `drop schema ${schemaOf(second)} cascade`);
  },
);

onServer(
  "a schema that was copied within its database is a copy, a renamed one is not",
  createTestDatabase,
  async (url) => {
    const start = async (at: string, seed: number) =>
      (await createBilling(optionsFor(at), testPorts({ seed }))).close();
    await start(url, 1);
    const [copy, renamed] = [`${schemaOf(url)}_copy`, `${schemaOf(url)}_new`];
    await administer(
      url,
      `create schema ${copy};
     do $$ declare t text; begin
       for t in select tablename from pg_tables where schemaname = '${schemaOf(url)}' loop
         execute format('create table ${copy}.%I (like ${schemaOf(url)}.%I including all)', t, t);
         execute format('insert into ${copy}.%I select * from ${schemaOf(url)}.%I', t, t);
       end loop;
     end $$;
     alter schema ${schemaOf(url)} rename to ${renamed}`,
    );
    await assert.rejects(start(withSchema(url, copy), 2), (error) => isProblem(error, "database_copied"));
    await start(withSchema(url, renamed), 3);
    await administer(url, `drop schema ${copy} cascade; drop schema ${renamed} cascade`);
  },
);

onServer(
  "behind PgBouncer in transaction mode an order is paid and its facts are told",
  createTestDatabase,
  async (url, t) => {
    const pooled = await behindPgBouncer(t, url, { connectionsMax: 25 });
    if (!pooled) return;
    const world = await startWorld({ url: pooled });
    const other = await world.twin();
    await sell(world, "order_1");
    assert.deepEqual(paidOrders(world), ["order_1"]);
    const seen = await world.run(other.orders.get("order_1"));
    assert.equal(seen.status, "paid");
    assert.deepEqual(
      (await world.run(world.billing.refunds.create({ id: "r", orderId: "order_1", amount: 500 }))).outcome,
      "done",
    );
    await world.close();
  },
);
