// The traps of docs/design/sql.md, on both engines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql as raw } from "kysely";
import { minuteMs, systemClock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { isProblem, type ProblemCode } from "../problems.ts";
import { seededRandom } from "../random.ts";
import { type Migration, migrate } from "./migrate.ts";
import { openSql } from "./open.ts";
import type { Sql, Tx } from "./port.ts";
import { type DatabaseWorld, onEachDatabase } from "./testing.ts";

interface Tables {
  notes: { id: string; body: Uint8Array | null; amount: number };
}

const migrations: Migration[] = [
  {
    name: "0001_notes",
    statements: ({ text, bytes, integer }) => [
      `create table notes (id ${text} primary key, body ${bytes}, amount ${integer} not null)`,
    ],
  },
];

/** Nobody waits so long: the test would be ended. */
const longMs = 10 * minuteMs;

const hasCode = (code: ProblemCode) => (error: unknown) => isProblem(error, code);

function insert(sql: Sql<Tables>, id: string, amount = 1): Promise<void> {
  return sql.write(`insert ${id}`, async (tx) => {
    await tx.insertInto("notes").values({ id, body: null, amount }).execute();
  });
}

function ids(sql: Sql<Tables>): Promise<string[]> {
  return sql.read("ids", async (reader) => {
    const rows = await reader.selectFrom("notes").select("id").orderBy("id").execute();
    return rows.map(({ id }) => id);
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const onBothEngines = (name: string, work: (world: DatabaseWorld<Tables>) => Promise<void>): void =>
  onEachDatabase<Tables>(name, work, { isAlways: true, isEmpty: true });

onBothEngines("a migration is applied once and an edited one is refused", async ({ sql }) => {
  assert.deepEqual((await migrate(sql, migrations)).applied, ["0001_notes"]);
  assert.deepEqual((await migrate(sql, migrations)).applied, []);
  const edited = [{ name: "0001_notes", statements: () => ["create table other (id text)"] }];
  await assert.rejects(migrate(sql, edited), hasCode("migration_mismatch"));
  await assert.rejects(migrate(sql, []), hasCode("migration_mismatch"), "a database of a newer version is left alone");
});

onBothEngines("a failed migration leaves nothing behind", async ({ sql }) => {
  const half = [{ name: "0001_half", statements: () => ["create table half (id text)", "create tabel"] }];
  await assert.rejects(migrate(sql, half));
  await assert.rejects(sql.read("half", (reader) => raw`select * from half`.execute(reader)));
});

onBothEngines("an insert beside a transaction that rolls back survives", async ({ sql }) => {
  await migrate(sql, migrations);
  const doomed = sql.write("doomed", async (tx) => {
    await tx.insertInto("notes").values({ id: "doomed", body: null, amount: 1 }).execute();
    throw new Error("changed my mind");
  });
  const kept = insert(sql, "kept");
  await assert.rejects(doomed, /changed my mind/);
  await kept;
  assert.deepEqual(await ids(sql), ["kept"]);
});

onBothEngines("writes run one after the other in the order they were asked for", async ({ sql }) => {
  await migrate(sql, migrations);
  const order: string[] = [];
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name) =>
      sql.write(name, async (tx) => {
        order.push(`${name} begins`);
        await tx.insertInto("notes").values({ id: name, body: null, amount: 1 }).execute();
        order.push(`${name} ends`);
      }),
    ),
  );
  assert.deepEqual(
    order,
    names.flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

onBothEngines("a statement never answers in the turn of its caller", async ({ sql }) => {
  await migrate(sql, migrations);
  await sql.write("asynchronous", async (tx) => {
    let isAnswered = false;
    const answer = tx
      .selectFrom("notes")
      .selectAll()
      .execute()
      .then(() => {
        isAnswered = true;
      });
    assert.equal(isAnswered, false);
    await answer;
  });
});

onBothEngines("a read sees one snapshot although others commit meanwhile", async ({ sql }) => {
  await migrate(sql, migrations);
  await insert(sql, "first");
  const hasBegun = Promise.withResolvers<void>();
  const isInserted = Promise.withResolvers<void>();
  const reading = sql.read("twice", async (reader) => {
    const select = () => reader.selectFrom("notes").select("id").execute();
    const before = await select();
    hasBegun.resolve();
    await isInserted.promise;
    return [before, await select()];
  });
  await hasBegun.promise;
  await insert(sql, "second");
  isInserted.resolve();
  assert.deepEqual(await reading, [[{ id: "first" }], [{ id: "first" }]]);
  assert.deepEqual(await ids(sql), ["first", "second"]);
});

test("a database in memory shows a read nothing half done, and lets it write nothing", async () => {
  const options = { clock: systemClock(), random: seededRandom(1, "sql"), log: silentLog() };
  const sql = await openSql<Tables>({ url: "sqlite::memory:", ...options });
  await migrate(sql, migrations);
  const doomed = sql.write("doomed", async (tx) => {
    await tx.insertInto("notes").values({ id: "doomed", body: null, amount: 1 }).execute();
    for (let i = 0; i < 5; i++) await turn();
    throw new Error("changed my mind");
  });
  const seen = ids(sql);
  await assert.rejects(doomed, /changed my mind/);
  assert.deepEqual(await seen, []);
  await assert.rejects(
    sql.read("sneaky", (reader) => raw`delete from notes`.execute(reader)),
    /readonly/,
  );
  await insert(sql, "kept");
  assert.deepEqual(await ids(sql), ["kept"]);
  await sql.close();
});

onBothEngines("a read cannot write", async ({ sql }) => {
  await migrate(sql, migrations);
  await assert.rejects(
    sql.read("sneaky", (reader) => raw`insert into notes (id, amount) values ('x', 1)`.execute(reader)),
  );
  await insert(sql, "y");
  assert.deepEqual(await ids(sql), ["y"]);
});

onBothEngines("a read or a write inside a unit throws at once", async ({ sql }) => {
  await migrate(sql, migrations);
  for (const nested of [() => insert(sql, "nested"), () => ids(sql)]) {
    await assert.rejects(sql.write("outer", nested as () => Promise<void>), hasCode("sql_misuse"));
    await assert.rejects(sql.read("outer", nested as () => Promise<void>), hasCode("sql_misuse"));
  }
  assert.deepEqual(await ids(sql), []);
});

onBothEngines("a statement after the end of its transaction throws", async ({ sql }) => {
  await migrate(sql, migrations);
  let late: (() => Promise<unknown>) | undefined;
  await sql.write("short", async (tx) => {
    late = () => tx.insertInto("notes").values({ id: "late", body: null, amount: 1 }).execute();
  });
  await assert.rejects(late!(), hasCode("sql_misuse"));
  assert.deepEqual(await ids(sql), []);
});

onBothEngines("a forgotten await rolls the transaction back", async ({ sql }) => {
  await migrate(sql, migrations);
  const hasty = sql.write("hasty", async (tx) => {
    tx.insertInto("notes")
      .values({ id: "hasty", body: null, amount: 1 })
      .execute()
      .catch(() => {});
  });
  await assert.rejects(hasty, hasCode("sql_misuse"));
  assert.deepEqual(await ids(sql), []);
});

onBothEngines("a failed statement ends its transaction even when the work swallows it", async ({ sql }) => {
  await migrate(sql, migrations);
  await insert(sql, "taken");
  const swallowing = sql.write("swallowing", async (tx) => {
    await tx.insertInto("notes").values({ id: "half", body: null, amount: 1 }).execute();
    await tx
      .insertInto("notes")
      .values({ id: "taken", body: null, amount: 1 })
      .execute()
      .catch(() => {});
  });
  await assert.rejects(swallowing);
  assert.deepEqual(await ids(sql), ["taken"]);
});

onBothEngines("a COMMIT whose answer is lost is unknown, and was made", async ({ sql, open }) => {
  await migrate(sql, migrations);
  for (const [point, expected] of [
    ["commit", []],
    ["committed", ["once"]],
  ] as const) {
    let isArmed = true;
    const faulty = await open({
      faults: (at) => {
        if (at.point !== point || at.label !== "insert once" || !isArmed) return;
        isArmed = false;
        throw new Error("the connection broke");
      },
    });
    await assert.rejects(insert(faulty, "once"), hasCode("commit_unknown"));
    assert.deepEqual(await ids(sql), expected);
  }
});

onBothEngines("a unit that takes longer than its limit is rolled back", async ({ sql }) => {
  await migrate(sql, migrations);
  const work = async (tx: Parameters<Parameters<typeof sql.write>[1]>[0]) => {
    await tx.insertInto("notes").values({ id: "stuck", body: null, amount: 1 }).execute();
    await new Promise(() => {});
  };
  const elsewhere = setInterval(() => {}, longMs); // a limit alone keeps no process alive
  const stuck = sql.write("stuck", work, { limitMs: 30 });
  await assert.rejects(stuck, hasCode("sql_limit")).finally(() => clearInterval(elsewhere));
  await insert(sql, "next");
  assert.deepEqual(await ids(sql), ["next"]);
});

onBothEngines("poisonous bodies come back byte for byte", async ({ sql }) => {
  await migrate(sql, migrations);
  const bodies = [
    '{"a":"\\u0000"}',
    '{"a":"\\ud800"}',
    "\u0000",
    Uint8Array.from([0xed, 0xa0, 0x80, 0xff, 0x00, 0xc0]), // a lone surrogate in UTF-8, and no UTF-8 at all
    new Uint8Array(0),
  ].map((body) => (typeof body === "string" ? new Uint8Array(new TextEncoder().encode(body)) : body));
  await sql.write("poison", async (tx) => {
    const rows = bodies.map((body, index) => ({ id: String(index), body, amount: index }));
    await tx.insertInto("notes").values(rows).execute();
  });
  const rows = await sql.read("poison", (reader) => reader.selectFrom("notes").select("body").orderBy("id").execute());
  assert.deepEqual(
    rows.map(({ body }) => body),
    bodies,
  );
});

onBothEngines("large integers, sums and counts are numbers", async ({ sql }) => {
  await migrate(sql, migrations);
  await insert(sql, "a", Number.MAX_SAFE_INTEGER - 1);
  await insert(sql, "b", 1);
  const row = await sql.read("sum", (reader) =>
    reader
      .selectFrom("notes")
      .select((eb) => [eb.fn.sum<number>("amount").as("sum"), eb.fn.countAll<number>().as("count")])
      .executeTakeFirst(),
  );
  assert.deepEqual(row, { sum: Number.MAX_SAFE_INTEGER, count: 2 });
});

onBothEngines("an update tells how many rows it changed", async ({ sql }) => {
  await migrate(sql, migrations);
  await insert(sql, "a");
  const changed = await sql.write("update", async (tx) => {
    const hit = await tx.updateTable("notes").set({ amount: 2 }).where("id", "=", "a").executeTakeFirst();
    const miss = await tx.updateTable("notes").set({ amount: 2 }).where("id", "=", "b").executeTakeFirst();
    const returned = await tx
      .updateTable("notes")
      .set({ amount: 3 })
      .where("id", "=", "a")
      .returning("amount")
      .execute();
    return [hit.numUpdatedRows, miss.numUpdatedRows, returned];
  });
  assert.deepEqual(changed, [1n, 0n, [{ amount: 3 }]]);
});

onBothEngines("two processes on one database wait for each other", async ({ sql, open }) => {
  await migrate(sql, migrations);
  await insert(sql, "counter", 0);
  const other = await open();
  const raise = (by: Sql<Tables>) =>
    by.write("raise", async (tx) => {
      await tx
        .updateTable("notes")
        .set((eb) => ({ amount: eb("amount", "+", 1) }))
        .execute();
      await tx.selectFrom("notes").selectAll().execute();
    });
  await Promise.all(Array.from({ length: 40 }, (_, index) => raise(index % 2 ? sql : other)));
  const row = await sql.read("counter", (reader) => reader.selectFrom("notes").select("amount").executeTakeFirst());
  assert.deepEqual(row, { amount: 40 });
});

onBothEngines("two processes that take the same rows crosswise both end", async ({ sql, open, engine }) => {
  await migrate(sql, migrations);
  await insert(sql, "a");
  await insert(sql, "b");
  const other = await open();
  // On PostgreSQL each holds its first row before either asks for its second: a deadlock, and one of them is shot.
  // SQLite has one writer; there the second process begins when the first has ended.
  const holding = { count: 0, both: Promise.withResolvers<void>() };
  const raise = (tx: Tx<Tables>, id: string) =>
    tx
      .updateTable("notes")
      .set((eb) => ({ amount: eb("amount", "+", 1) }))
      .where("id", "=", id)
      .execute();
  const bothRows = (by: Sql<Tables>, [first, second]: [string, string]) =>
    by.write("both", async (tx) => {
      await raise(tx, first);
      if (++holding.count >= 2) holding.both.resolve();
      if (engine === "postgres") await holding.both.promise;
      await raise(tx, second);
    });
  await Promise.all([bothRows(sql, ["a", "b"]), bothRows(other, ["b", "a"])]);
  const rows = await sql.read("rows", (reader) => reader.selectFrom("notes").select("amount").execute());
  assert.deepEqual(rows, [{ amount: 3 }, { amount: 3 }]);
  if (engine === "postgres") assert.ok(holding.count > 2, "whoever was shot ran again");
});

onBothEngines("a notify wakes whoever waits, or the next who asks", async ({ sql }) => {
  const waiting = sql.wake.next("inbox", longMs);
  sql.wake.notify("inbox");
  await waiting;
  sql.wake.notify("inbox");
  await sql.wake.next("inbox", longMs);
  await sql.wake.next("inbox", 1);
  const abort = new AbortController();
  const aborted = sql.wake.next("inbox", longMs, { signal: abort.signal });
  abort.abort();
  await aborted;
});

onBothEngines("a notify reaches the other processes of a PostgreSQL", async ({ sql, open, engine }) => {
  if (engine !== "postgres") return;
  const other = await open();
  await sql.wake.next("outbox", longMs); // wakes everybody when it begins to listen
  const waiting = sql.wake.next("outbox", longMs);
  other.wake.notify("outbox");
  await waiting;
});

onBothEngines("after close nothing is accepted, and what was accepted is finished", async ({ sql, open }) => {
  await migrate(sql, migrations);
  const closing = await open();
  const accepted = insert(closing, "accepted");
  const closed = closing.close();
  await assert.rejects(insert(closing, "refused"), hasCode("unavailable"));
  await accepted;
  await closed;
  assert.deepEqual(await ids(sql), ["accepted"]);
});

onBothEngines("a unit whose connection is cut is run again, and fails when each is cut", async ({ sql, engine }) => {
  if (engine !== "postgres") return;
  await migrate(sql, migrations);
  const insertCut = (id: string, cuts: number) => {
    let runs = 0;
    return sql.write("cut", async (tx) => {
      await tx.insertInto("notes").values({ id, body: null, amount: 1 }).execute();
      if (runs++ < cuts) await raw`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
    });
  };
  await insertCut("twice", 2);
  await assert.rejects(insertCut("always", Number.POSITIVE_INFINITY), hasCode("database_unreachable"));
  await insert(sql, "next");
  assert.deepEqual(await ids(sql), ["next", "twice"]);
});

onBothEngines("what may be done twice is run again when nobody knows whether it was committed", async (world) => {
  const { sql, open } = world;
  await migrate(sql, migrations);
  for (const point of ["commit", "committed"] as const) {
    let left = 2;
    const faulty = await open({
      faults: (at) => {
        if (at.point === point && left-- > 0) throw new Error("the connection broke");
      },
    });
    const row = { id: point, body: null, amount: 1 };
    const put = async (tx: Parameters<Parameters<typeof sql.write>[1]>[0]) => {
      const once = tx
        .insertInto("notes")
        .values(row)
        .onConflict((conflict) => conflict.doNothing());
      await once.execute();
    };
    await faulty.write("put", put, { isRepeatable: true });
    left = 2;
    assert.deepEqual(await ids(faulty), [...(point === "committed" ? ["commit"] : []), point]);
  }
});

onBothEngines("an answer lost on the wire during COMMIT is commit_unknown", async ({ sql, open, engine }) => {
  if (engine !== "postgres") return;
  await migrate(sql, migrations);
  let victim = 0;
  const faulty = await open({
    faults: async ({ point }) => {
      if (point === "commit" && victim)
        await sql.read("kill", (r) => raw`select pg_terminate_backend(${victim})`.execute(r));
    },
  });
  const cut = faulty.write("cut", async (tx) => {
    await tx.insertInto("notes").values({ id: "cut", body: null, amount: 1 }).execute();
    const { rows } = await raw<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    victim = rows[0]?.pid ?? 0;
  });
  await assert.rejects(cut, hasCode("commit_unknown"));
  assert.deepEqual(await ids(sql), []);
});

test("an address that leads nowhere is refused with a hint", async () => {
  const options = { clock: systemClock(), random: seededRandom(1, "sql"), log: silentLog() };
  const nowhere = ["postgres://nobody:hush@127.0.0.1:1/x", "sqlite:/dev/null/nowhere/x.db"];
  for (const url of nowhere) {
    await assert.rejects(openSql({ url, ...options }), (error) => {
      assert.ok(isProblem(error, "database_unreachable") && error.hint && !error.message.includes("hush"));
      return true;
    });
  }
  await assert.rejects(openSql({ url: "mysql://127.0.0.1/x", ...options }), hasCode("invalid_config"));
});
