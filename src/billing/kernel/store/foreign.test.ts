// A database that another program lives in is refused by name, with what to do, and stays as it was.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { systemClock } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { isProblem } from "#kit/problems.ts";
import { systemRandom } from "#kit/random.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { openSql } from "#kit/sql/open.ts";
import { everythingIn } from "#kit/sql/postgres/testing.ts";
import { createTestDatabase, type EngineName, engineNames, noPostgres, runBeside } from "#kit/sql/testing.ts";
import { cases, draws } from "#kit/testing.ts";
import { createBilling } from "../../index.ts";
import { migrations } from "../../rooms.ts";
import { optionsFor } from "../../testing/index.ts";

const start = async (url: string) => (await createBilling(optionsFor(url), testPorts({ seed: 1 }))).close();
const schemaOf = (url: string) => new URL(url).searchParams.get("schema") as string;
const fileOf = (url: string) => url.slice("sqlite:".length);

/** What a statement of ours makes: `table orders`. */
const made = migrations.map(({ name, statements }) => ({
  migration: name,
  things: statements({ engine: "sqlite", text: "text", integer: "integer", bytes: "blob" }).flatMap((text) => {
    const [, kind, thing] = /^\s*create (table|index) (\w+)/.exec(text) ?? [];
    return kind && thing ? [{ kind, name: thing }] : [];
  }),
}));
const ours = made.flatMap(({ things }) => things);

/** What a host calls by one of our names. */
const kinds: Readonly<Record<string, { in: readonly EngineName[]; make: (name: string) => string }>> = {
  table: { in: engineNames, make: (name) => `create table ${name} (id integer, total real)` },
  view: { in: engineNames, make: (name) => `create view ${name} as select 1 as total` },
  index: {
    in: engineNames,
    make: (name) => `create table of_the_shop (id integer); create index ${name} on of_the_shop (id)`,
  },
  type: { in: ["postgres"], make: (name) => `create type ${name} as enum ('a')` },
  "table in capitals": { in: ["sqlite"], make: (name) => `create table ${name.toUpperCase()} (id integer)` },
};

/** All that the host could notice. */
async function everything(url: string): Promise<unknown> {
  if (!url.startsWith("sqlite:")) return everythingIn(url, schemaOf(url));
  return { bytes: readFileSync(fileOf(url)), mode: statSync(fileOf(url)).mode };
}

async function isRefused(url: string, name: string): Promise<void> {
  const before = await everything(url);
  await assert.rejects(start(url), (error) => {
    assert.ok(isProblem(error, "invalid_config"), String(error));
    assert.match(error.message, new RegExp(`^The (file|schema) \\S+ holds "${name}" of another program$`));
    assert.match(
      error.hint ?? "",
      /^Name (a file|one) of Bursar's own by `(database|schema)`; .*Nothing was changed\.$/,
    );
    return true;
  });
  assert.deepEqual(await everything(url), before);
}

/** An older version stood here, which knew the first `count` migrations. */
async function startedBefore(url: string, count: number): Promise<void> {
  const sql = await openSql({ url, clock: systemClock(), random: systemRandom(), log: silentLog() });
  await migrate(sql, migrations.slice(0, count));
  await sql.close();
}

/** `anew` gives a place that is empty, as often as it is asked. */
type Anew = (work: (url: string) => Promise<void>) => Promise<void>;

function onEach(name: string, work: (anew: Anew, engine: EngineName) => Promise<void>): void {
  for (const engine of engineNames) {
    test(`${name} (${engine})`, async (t) => {
      const anew: Anew = async (then) => {
        const database = await createTestDatabase(engine, { isEmpty: true });
        if (!database) return t.skip(noPostgres);
        try {
          await then(database.url);
        } finally {
          await database.drop();
        }
      };
      await work(anew, engine);
    });
  }
}

onEach("whatever of a host's is called as something of ours is named, and nothing is touched", async (anew, engine) => {
  const here = Object.values(kinds).filter((kind) => kind.in.includes(engine));
  const every = ours.flatMap(({ name }) => here.map(({ make }) => ({ name, statement: make(name) })));
  const step = Math.ceil(every.length / draws(10, every.length));
  for (const { name, statement } of every.filter((_, n) => n % step === 0)) {
    await anew(async (url) => {
      await runBeside(url, statement);
      await isRefused(url, name);
    });
  }
});

onEach("so is what a host has made since an older version started here", async (anew) => {
  const steps = made.flatMap(({ things }, count) => {
    const older = made.slice(0, count).flatMap((before) => before.things.map(({ name }) => name));
    const thing = things.find(({ name }) => !older.includes(name));
    return thing && count > 0 ? [{ count, thing }] : [];
  });
  for (const { count, thing } of steps.slice(-cases(2, steps.length))) {
    await anew(async (url) => {
      await startedBefore(url, count);
      await runBeside(url, kinds.table?.make(thing.name) as string);
      await isRefused(url, thing.name);
      await runBeside(url, `drop table ${thing.name}`);
      await start(url);
    });
  }
});

onEach("a place that holds only what we would not make is another program's, too", async (anew) => {
  await anew(async (url) => {
    await runBeside(url, "create table carts (id integer)");
    await isRefused(url, "carts");
  });
});

onEach("a table that is called as our record, and is none, is another program's", async (anew) => {
  for (const columns of ["id integer", "name text", "name text, hash text, at integer"]) {
    await anew(async (url) => {
      await runBeside(url, `create table bursar_migrations (${columns})`);
      await isRefused(url, "bursar_migrations");
    });
  }
});

onEach("a place that is empty, or was begun and not finished, is ours", async (anew) => {
  for (const before of [0, 1, 3]) {
    await anew(async (url) => {
      await startedBefore(url, before);
      await start(url);
      await start(url);
    });
  }
});
