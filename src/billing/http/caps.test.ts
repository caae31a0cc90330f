// A cap holds whoever makes the last one, and however many were ended before.
import assert from "node:assert/strict";
import { systemClock } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { migrate } from "#kit/sql/migrate.ts";
import type { Sql } from "#kit/sql/port.ts";
import { countWaiting, onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { createOutbox } from "../kernel/outbox/outbox.ts";
import { slicesOf } from "../kernel/store/many.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { migrations } from "../rooms.ts";
import { optionsFor } from "../testing/index.ts";
import type { HttpCore } from "./core.ts";
import { createKeyStore } from "./keys/keys.ts";
import { createEndpointStore } from "./outgoing/endpoints.ts";

type Table = "endpoints" | "api_keys";

interface Capped {
  readonly table: Table;
  readonly max: number;
  create(): Promise<{ readonly id: string }>;
  end(id: string): Promise<unknown>;
  list(): Promise<readonly { readonly id: string }[]>;
}

/** Every kind that has a cap, as a process of its own has it. */
const kinds: Readonly<Record<string, (core: HttpCore) => Capped>> = {
  endpoints(core) {
    const store = createEndpointStore({ core, send: async () => ({ status: 204, text: "" }) });
    const wish = { url: "https://shop.test/facts", types: ["*"] } as const;
    return {
      table: "endpoints",
      max: 100,
      create: () => store.create(wish),
      end: (id) => store.disable(id, "test"),
      list: store.list,
    };
  },
  keys(core) {
    const store = createKeyStore({ sql: core.sql, ports: core.ports, mode: "test", knownTime: core.knownTime });
    const wish = { name: "shop", scopes: ["read"] } as const;
    return { table: "api_keys", max: 1_000, create: () => store.create(wish), end: store.revoke, list: store.list };
  },
};

/** Billing in a process of its own. */
function processOn(sql: Sql<BillingTables>, seed: number): HttpCore {
  const ports = { ...testPorts({ seed }), clock: systemClock() };
  const options = { ...optionsFor("unused"), allowPrivateTargets: true };
  return {
    sql,
    ports,
    options,
    outbox: createOutbox({ sql, ports }),
    knownTime: ports.clock.now,
  } as unknown as HttpCore;
}

/** Of the only row there is, each a millisecond later. */
async function copies(sql: Sql<BillingTables>, of: { table: Table; count: number; isOver?: boolean }): Promise<void> {
  const { table, count, isOver = false } = of;
  await sql.write("copies", async (tx) => {
    const row = await tx.selectFrom(table).selectAll().executeTakeFirstOrThrow();
    const rows = Array.from({ length: count }, (_, n) => {
      const over = isOver ? n : null;
      const own = table === "api_keys" ? { hash: `hash ${n}`, revoked_at: over } : { disabled_at: over };
      return { ...row, ...own, id: `copy_${n}`, created_at: row.created_at + n };
    });
    for (const slice of slicesOf(rows)) await tx.insertInto(table).values(slice).execute();
  });
}

for (const [name, storeOf] of Object.entries(kinds)) {
  onEachDatabase<BillingTables>(`of two processes that make the last of the ${name}, one is let in`, async (world) => {
    await migrate(world.sql, migrations);
    const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isLast = false;
    const faults: Faults = async ({ sql: text }) => {
      if (!isLast || !/^insert into \S*"(endpoints|api_keys)"/.test(text ?? "")) return;
      arrived.resolve();
      await gone.promise;
    };
    const [one, two] = [storeOf(processOn(await world.open({ faults }), 1)), storeOf(processOn(world.sql, 2))];
    const { table } = one;
    await one.create();
    await copies(world.sql, { table, count: one.max - 2 });
    isLast = true;
    const last = one.create();
    await arrived.promise; // It is about to make its row, and another one comes.
    const refused = assert.rejects(two.create(), { code: "wrong_state", details: { max: one.max } });
    // SQLite's only writer lets nobody come.
    if (world.engine === "postgres")
      await until("the other one to wait", async () => (await world.sql.read("waiting", countWaiting)) > 0);
    gone.resolve();
    await last;
    await refused;
    const all = await two.list();
    assert.equal(all.length, one.max);
    await two.end(all[0]?.id as string);
    await one.create();
    await assert.rejects(two.create(), { code: "wrong_state", hint: /unused/ });
  });

  onEachDatabase<BillingTables>(`however many ${name} were ended, those that stand are listed`, async ({ sql }) => {
    await migrate(sql, migrations);
    const store = storeOf(processOn(sql, 1));
    const { table } = store;
    const { id: first } = await store.create();
    await copies(sql, { table, count: 1_001, isOver: true });
    const { id: last } = await store.create();
    const ids = (await store.list()).map(({ id }) => id);
    assert.equal(ids.length, 1_000);
    for (const id of [first, last, "copy_1000"]) assert.ok(ids.includes(id), id);
  });
}
