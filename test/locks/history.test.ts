// The audit of locks sees what it is there for, and nothing in what is right.
import assert from "node:assert/strict";
import { type Migration, migrate } from "#kit/sql/migrate.ts";
import type { Tx } from "#kit/sql/port.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { listen, untrueReads } from "./history.ts";
import { crossings } from "./order.ts";
import { keysOf } from "./statement.ts";

const toyTables: readonly Migration[] = [
  {
    name: "0001_toys",
    statements: ({ text, integer }) => [
      `create table purses (id ${text} primary key, amount ${integer} not null, version ${integer} not null)`,
      `create table coins (id ${text} primary key, purse ${text} not null, amount ${integer} not null)`,
    ],
  },
];

interface Toys {
  purses: { id: string; amount: number; version: number };
  coins: { id: string; purse: string; amount: number };
}

type Work = (tx: Tx<Toys>, coin: string) => Promise<unknown>;

const readPurse = (tx: Tx<Toys>) => tx.selectFrom("purses").selectAll().where("id", "=", "p").executeTakeFirstOrThrow();
const lockPurse = (tx: Tx<Toys>) =>
  tx
    .updateTable("purses")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", "p")
    .returningAll()
    .executeTakeFirstOrThrow();
const writePurse = (tx: Tx<Toys>, amount: number) =>
  tx.updateTable("purses").set({ amount }).where("id", "=", "p").execute();
const readCoins = (tx: Tx<Toys>) => tx.selectFrom("coins").select("amount").where("purse", "=", "p").execute();
const addCoin = (tx: Tx<Toys>, id: string) => tx.insertInto("coins").values({ id, purse: "p", amount: 1 }).execute();

/** What two processes do at once, and what is found in it. */
const kinds: Readonly<Record<string, { work: Work; found: readonly string[] }>> = {
  "a row that is read and written back": {
    work: async (tx) => writePurse(tx, (await readPurse(tx)).amount + 1),
    found: ["purses amount"],
  },
  "a row that is read under its lock": {
    work: async (tx) => writePurse(tx, (await lockPurse(tx)).amount + 1),
    found: [],
  },
  "a row that is locked after it was read": {
    async work(tx) {
      const { amount } = await readPurse(tx);
      await lockPurse(tx);
      await writePurse(tx, amount + 1);
    },
    found: ["purses version", "purses amount"],
  },
  "a row that is written by its version": {
    async work(tx) {
      const { amount, version } = await readPurse(tx);
      const next = { amount: amount + 1, version: version + 1 };
      await tx.updateTable("purses").set(next).where("id", "=", "p").where("version", "=", version).execute();
    },
    found: [],
  },
  "a sum of rows by which another one is let in": {
    work: async (tx, coin) => ((await readCoins(tx)).length < 5 ? addCoin(tx, coin) : undefined),
    found: ["coins (new rows)"],
  },
  "the same under the lock of what they belong to": {
    work: async (tx, coin) =>
      (await lockPurse(tx)) && ((await readCoins(tx)).length < 5 ? addCoin(tx, coin) : undefined),
    found: [],
  },
};

function onToys(kind: string, found: readonly string[], work: (world: DatabaseWorld<Toys>) => Promise<void>): void {
  onEachDatabase<Toys>(`${kind}: ${found.join(", ") || "nothing to find"}`, work, { isEmpty: true });
}

for (const [kind, { work, found }] of Object.entries(kinds)) {
  onToys(kind, found, async ({ sql }) => {
    await migrate(sql, toyTables);
    await sql.write("make", (tx) => tx.insertInto("purses").values({ id: "p", amount: 0, version: 0 }).execute());
    const listening = listen(keysOf(toyTables));
    for (const coin of ["one", "two"]) await sql.write("take", (tx) => work(tx, coin));
    listening.stop();
    assert.deepEqual(
      untrueReads(listening.units).map(({ table, columns }) => `${table} ${columns}`),
      found,
    );
  });
}

const lockCoin = (tx: Tx<Toys>, id: string) =>
  tx.updateTable("coins").set({ amount: 2 }).where("id", "=", id).executeTakeFirstOrThrow();
const coinThenPurse: Work = async (tx, coin) => {
  await lockCoin(tx, coin);
  await lockPurse(tx);
};
const purseThenCoin: Work = async (tx, coin) => {
  await lockPurse(tx);
  await lockCoin(tx, coin);
};

/** What one process does, what another does, and whether they cross. */
const orders: Readonly<Record<string, { one: Work; other: Work; found: readonly string[] }>> = {
  "two rows in one order": { one: purseThenCoin, other: purseThenCoin, found: [] },
  "two rows in two orders": {
    one: coinThenPurse,
    other: purseThenCoin,
    found: ["other locks purses, then coins: one the other way round"],
  },
  "two rows in two orders, under one lock": {
    one: async (tx) => (await lockCoin(tx, "lead")) && coinThenPurse(tx, "one"),
    other: async (tx) => (await lockCoin(tx, "lead")) && purseThenCoin(tx, "two"),
    found: [],
  },
  "a row that is new, and one that is not": {
    one: async (tx) => (await addCoin(tx, "new")) && lockPurse(tx),
    other: purseThenCoin,
    found: [],
  },
};

for (const [kind, { one, other, found }] of Object.entries(orders)) {
  onToys(kind, found, async ({ sql }) => {
    await migrate(sql, toyTables);
    await sql.write("make", async (tx) => {
      await tx.insertInto("purses").values({ id: "p", amount: 0, version: 0 }).execute();
      for (const coin of ["lead", "one", "two"]) await addCoin(tx, coin);
    });
    const listening = listen(keysOf(toyTables));
    await sql.write("one", (tx) => one(tx, "one"));
    await sql.write("other", (tx) => other(tx, "two"));
    listening.stop();
    const leadOf = (row: string) => (row === "coins lead" ? "lead" : undefined);
    assert.deepEqual(crossings(listening.units, leadOf), found);
  });
}
