// What the rooms say once each, as one list: the tables as they came to be, and what of a person stands in them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql as raw } from "kysely";
import { migrate } from "#kit/sql/migrate.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "./kernel/store/tables.ts";
import { columns, migrations } from "./rooms.ts";
import { firstMigrations } from "./testing/first_migrations.table.ts";

const broughtOn = "a database of the first version is brought on, with its rows";
onEachDatabase<BillingTables>(broughtOn, bringOn, { isEmpty: true });

async function bringOn({ sql }: DatabaseWorld<BillingTables>): Promise<void> {
  assert.deepEqual(
    (await migrate(sql, firstMigrations)).applied,
    firstMigrations.map(({ name }) => name),
  );
  const order = {
    id: "order_1",
    status: "created" as const,
    currency: "eur",
    total: 4200,
    lines: "[]",
    customer: "user_42",
    capture: "automatic" as const,
    metadata: "{}",
    params_hash: "hash",
    payment_intent: null,
    amount_paid: 0,
    amount_refunded: 0,
    last_failure: null,
    canceled_reason: null,
    cancel_requested: 0,
    version: 1,
    created_at: 1_700_000_000_000,
    paid_at: null,
  };
  const customer = { id: "user_42", email: "a@shop.test", name: null, stripe_id: "cus_1", revision: 0, created_at: 1 };
  const unsaid = { phone: null, address: null, locale: null, tax_exempt: null, metadata: "{}", currency: null };
  await sql.write("rows", async (tx) => {
    const table = sql.schema === null ? raw.id("customers") : raw.id(sql.schema, "customers");
    await raw`insert into ${table} (id, email, name, stripe_id, revision, created_at)
      values ('user_42', 'a@shop.test', null, 'cus_1', 0, 1)`.execute(tx);
    await tx
      .insertInto("orders")
      .values(order as BillingTables["orders"])
      .execute();
  });
  const { applied } = await migrate(sql, migrations);
  const first = new Set(firstMigrations.map(({ name }) => name));
  assert.deepEqual(
    applied,
    migrations.map(({ name }) => name).filter((name) => !first.has(name)),
    "what was applied is known by name and content, and not applied again",
  );
  const kept = await sql.read("rows", async (reader) => [
    await reader.selectFrom("customers").selectAll().execute(),
    await reader.selectFrom("orders").selectAll().execute(),
  ]);
  assert.deepEqual(kept, [
    [{ ...customer, generation: 0, ...unsaid }],
    [
      {
        ...order,
        paid_currency: null,
        multicapture: 0,
        incremental_authorization: 0,
        increment: null,
        charge_wished: null,
      },
    ],
  ]);
}

const known = "refunds of before are found by their payment, and are of the invoice that it pays";
onEachDatabase<BillingTables>(known, bringRefundsOn, { isEmpty: true });

async function bringRefundsOn({ sql }: DatabaseWorld<BillingTables>): Promise<void> {
  const at = migrations.findIndex(({ name }) => name === "0032_refunds_of_invoices");
  await migrate(sql, migrations.slice(0, at));
  const refund = { foreign_made: 1, amount: 5, currency: "eur", status: "succeeded", created_at: 1, held: 0 } as const;
  const seen = { kind: "refund", version: 1, seen_created: 0, look_begun: 0, tombstone: 0, updated_at: 0 } as const;
  await sql.write("rows", async (tx) => {
    for (const [id, order_id, parent] of [
      ["re_1", "order_1", "pi_1"],
      ["re_2", null, "pi_2"],
      ["re_3", null, "pi_3"],
    ] as const) {
      const row = { ...refund, id, order_id, stripe_id: id } as BillingTables["refunds"];
      await tx.insertInto("refunds").values(row).execute();
      const shown = { ...seen, id, parent, row: "{}", raw: new Uint8Array() } as BillingTables["mirror"];
      await tx.insertInto("mirror").values(shown).execute();
    }
    const tie = { id: "inpay_1", invoice: "in_1", payment_intent: "pi_2", charge: null, status: "paid" };
    await tx.insertInto("invoice_payments").values(tie).execute();
  });
  await migrate(sql, migrations);
  const rows = await sql.read("rows", (reader) =>
    reader.selectFrom("refunds").select(["id", "payment_intent", "invoice"]).orderBy("id").execute(),
  );
  assert.deepEqual(rows, [
    { id: "re_1", payment_intent: "pi_1", invoice: null },
    { id: "re_2", payment_intent: "pi_2", invoice: "in_1" },
    { id: "re_3", payment_intent: "pi_3", invoice: null },
  ]);
}

onEachDatabase<BillingTables>("each column says whether it holds something of a person", async ({ sql, engine }) => {
  await migrate(sql, migrations);
  const { rows } = await sql.read("columns", (reader) => columnsOf[engine].execute(reader));
  const stands = rows.filter(({ place }) => !place.startsWith("bursar_migrations."));
  const said = Object.entries(columns).flatMap(([table, names]) =>
    Object.keys(names).map((column) => `${table}.${column}`),
  );
  assert.deepEqual(stands.map(({ place }) => place).sort(), said.sort());
});

const columnsOf = {
  sqlite: raw<{ place: string }>`select t.name || '.' || c.name as place
    from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'`,
  postgres: raw<{ place: string }>`select table_name || '.' || column_name as place
    from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')`,
};

test("what of a person is kept says why", () => {
  for (const [table, names] of Object.entries(columns)) {
    for (const [column, said] of Object.entries(names)) {
      if (said === "plain") continue;
      assert.match(said.what, /^[A-Z]/, `${table}.${column}`);
      if (said.keptBecause !== null) assert.match(said.keptBecause, /\.$/, `${table}.${column}`);
    }
  }
});
