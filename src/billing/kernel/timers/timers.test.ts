// Timers, with a manifest of the test's own: its work counts in `settings` how often it was done.
import assert from "node:assert/strict";
import { hourMs, minuteMs } from "#kit/clock.ts";
import { type TestPorts, testPorts } from "#kit/create_ports.ts";
import type { Ports } from "#kit/ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { openSql } from "#kit/sql/open.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createSandbox } from "../../../sandbox/index.ts";
import { untilSettled } from "../../../testing/driven.ts";
import { createIncarnation } from "../../../testing/incarnation.ts";
import { migrations } from "../../rooms.ts";
import { optionsFor, stripeUrl } from "../../testing/index.ts";
import { fileTimers, withdrawTimers } from "../changes/timers.ts";
import type { Manifest, Timer } from "../contract/manifest.ts";
import { type BillingCore, createCore } from "../core.ts";
import { adoptInstance } from "../store/instance.ts";
import type { BillingTables } from "../store/tables.ts";
import { timerAttemptsMax } from "./timers.ts";

const kind = "test.remind";

interface TimerWorld {
  readonly ports: TestPorts;
  readonly core: BillingCore;
  /** Another process on the same database. */
  twin(ports?: Partial<Ports>): Promise<BillingCore>;
  file(subject: string, inMs: number): Promise<void>;
  /** `of`: the kind, where it is not the one that is worked. */
  withdraw(subject: string, of?: string): Promise<void>;
  /** How often the work of a subject was done, with what it was handed. */
  done(): Promise<Record<string, string>>;
  run<T>(work: Promise<T>): Promise<T>;
}

function on(
  name: string,
  play: (world: TimerWorld) => Promise<void>,
  work: Timer["work"] = async ({ tx }, { subject }) => {
    const key = `done ${subject}`;
    await tx
      .insertInto("settings")
      .values({ key, value: "once" })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: "again" }))
      .execute();
    return [];
  },
): void {
  onEachDatabase<BillingTables>(name, async ({ sql, url }) => {
    await migrate(sql, migrations);
    const world = await startTimerWorld(url, { kind, work });
    await play(world);
    await world.run(world.core.close());
  });
}

async function startTimerWorld(url: string, timer: Timer): Promise<TimerWorld> {
  const ports = testPorts({ seed: 1, fetch: (input, init) => sandbox.fetch(new Request(input, init)), write() {} });
  const sandbox = createSandbox({ ...ports, baseUrl: stripeUrl });
  const run = <T>(work: Promise<T>) => untilSettled(ports.clock, work);
  const options = optionsFor(url);
  const twin = async (own: Partial<Ports> = {}) => {
    const all = { ...ports, ...own };
    const { clock, log, mortality } = all;
    const sql = await openSql<BillingTables>({ url, clock, log, mortality, random: all.random("sql") });
    return run(createCore({ options, ports: all, sql, manifests: [manifestOf(timer)] }));
  };
  const core = await twin();
  const write = (change: (at: number) => Parameters<typeof core.sql.write<void>>[1]) =>
    run(core.sql.write("test", change(ports.clock.now()))).then(() => core.sql.wake.notify("timers"));
  return {
    ports,
    core,
    twin,
    run,
    file: (subject, inMs) => write((now) => (tx) => fileTimers(tx, [{ kind, subject, dueAt: now + inMs }])),
    withdraw: (subject, of = kind) => write(() => (tx) => withdrawTimers(tx, [{ kind: of, subject }])),
    async done() {
      const rows = await run(
        core.sql.read("test", (reader) =>
          reader.selectFrom("settings").selectAll().where("key", "like", "done %").orderBy("key").execute(),
        ),
      );
      return Object.fromEntries(rows.map(({ key, value }) => [key.slice(5), value]));
    },
  };
}

const manifestOf = (timer: Timer): Manifest => ({
  name: "test",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [],
  events: [],
  verbs: [],
  reactions: [],
  timers: [timer],
});

on(
  "a timer is worked once, when it is due and not before, by the workers",
  async ({ core, ports, file, done, run }) => {
    await run(core.start());
    await file("a", hourMs);
    await ports.clock.advance(59 * minuteMs);
    assert.deepEqual(await done(), {});
    await ports.clock.advance(2 * minuteMs);
    assert.deepEqual(await done(), { a: "once" });
    await ports.clock.advance(48 * hourMs);
    assert.deepEqual(await done(), { a: "once" });
  },
);

on("a tick works what is due, as the workers do", async ({ core, ports, file, done, run }) => {
  await file("a", hourMs);
  await run(core.work(minuteMs));
  assert.deepEqual(await done(), {});
  await ports.clock.advance(hourMs);
  assert.equal(await run(core.work(minuteMs)), 1);
  assert.deepEqual(await done(), { a: "once" });
});

on("filing again replaces, and withdrawing takes back", async ({ core, ports, file, withdraw, done, run }) => {
  await run(core.start());
  await file("later", hourMs);
  await file("later", 3 * hourMs);
  await file("sooner", 3 * hourMs);
  await file("sooner", hourMs);
  await file("never", hourMs);
  await withdraw("never");
  await withdraw("was not there");
  await withdraw("later", "test.another");
  await ports.clock.advance(2 * hourMs);
  assert.deepEqual(await done(), { sooner: "once" });
  await ports.clock.advance(2 * hourMs);
  assert.deepEqual(await done(), { later: "once", sooner: "once" });
});

on("two replicas work each timer once", async ({ core, ports, file, twin, done, run }) => {
  const subjects = Array.from({ length: 20 }, (_, index) => `s${index + 10}`);
  for (const subject of subjects) await file(subject, minuteMs);
  const other = await twin();
  await ports.clock.advance(hourMs);
  await run(Promise.all([core.work(minuteMs), other.work(minuteMs)]));
  assert.deepEqual(await done(), Object.fromEntries(subjects.map((subject) => [subject, "once"])));
  await run(other.close());
});

on(
  "work that throws leaves nothing behind, is tried again, and at last waits for a human",
  async ({ core, ports, file, done, run }) => {
    await file("a", 0);
    const tick = async () => {
      await ports.clock.advance(5 * hourMs);
      await run(core.work(minuteMs));
    };
    await tick();
    await tick();
    const first = await run(core.sql.read("test", (reader) => reader.selectFrom("timers").selectAll().execute()));
    assert.deepEqual([first[0]?.state, first[0]?.attempts, first[0]?.error], ["open", 2, "Not today"]);
    assert.ok((first[0]?.next_at ?? 0) > ports.clock.now(), "after a while");
    for (let times = 0; times < timerAttemptsMax; times++) await tick();
    const [timers, flags] = await run(
      core.sql.read("test", async (reader) => [
        await reader.selectFrom("timers").selectAll().execute(),
        await reader.selectFrom("flags").selectAll().execute(),
      ]),
    );
    assert.deepEqual([timers[0]?.state, timers[0]?.attempts], ["dead", timerAttemptsMax]);
    assert.deepEqual(
      flags.map((flag) => [flag.kind, flag.subject, flag.detail]),
      [["timer_dead", "test.remind a", "Not today"]],
    );
    assert.deepEqual(await done(), {});
  },
  async ({ tx }, { subject }) => {
    await tx
      .insertInto("settings")
      .values({ key: `done ${subject}`, value: "once" })
      .execute();
    throw new Error("Not today");
  },
);

on(
  "work may file its own timer anew, and every other thing a reaction may",
  async ({ core, ports, file, done, run }) => {
    await run(core.start());
    await file("1", hourMs);
    await ports.clock.advance(5 * hourMs);
    assert.deepEqual(Object.keys(await done()), ["1", "2", "3"]);
    const flags = await run(core.sql.read("test", (reader) => reader.selectFrom("flags").select("kind").execute()));
    assert.deepEqual(flags, [{ kind: "third" }]);
  },
  async ({ tx, flag, fileTimers }, { subject, dueAt }) => {
    await tx
      .insertInto("settings")
      .values({ key: `done ${subject}`, value: "once" })
      .execute();
    if (subject === "3") await flag([{ kind: "third", subject, detail: "It was the third" }]);
    else await fileTimers([{ kind, subject: String(Number(subject) + 1), dueAt: dueAt + hourMs }]);
    return [];
  },
);

on("killed at any await of its work, it is worked once by the next life", async ({ ports, core, ...world }) => {
  const workAndDie = async (subject: string, killAt?: number) => {
    await world.file(subject, 0);
    const life = createIncarnation({ world: ports, seed: 1, number: 2, fetch: ports.fetch, killAt });
    const mortal = await world.twin(life.ports);
    const before = life.points.length;
    await world.run(Promise.race([mortal.work(minuteMs), life.death]));
    const after = life.points.length;
    life.kill();
    life.release();
    await ports.clock.advance(hourMs);
    await world.run(core.work(minuteMs));
    assert.equal((await world.done())[subject], "once", `killed at await ${killAt}: ${life.points.at(-1)}`);
    return { before, after };
  };
  const alive = await workAndDie("alive");
  assert.ok(alive.after - alive.before > 10);
  // A life on PostgreSQL takes long to begin: a sample there, all of them on SQLite.
  const step = core.sql.engine === "postgres" ? 5 : 1;
  for (let point = alive.before + 1; point <= alive.after; point += step) await workAndDie(`killed at ${point}`, point);
});

on("a copied database leaves its timers to the original", async ({ core, ports, file, done, run }) => {
  await file("a", 0);
  await run(core.sql.write("adopt", (tx) => adoptInstance(tx, { as: "copy", place: null, fresh: "ins_copy" })));
  await ports.clock.advance(hourMs);
  await run(core.work(minuteMs));
  assert.deepEqual(await done(), {});
});
