import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs } from "./clock.ts";
import { systemPorts, testPorts } from "./create_ports.ts";
import { silentLog } from "./log.ts";
import { isProblem } from "./problems.ts";
import { seededRandom } from "./random.ts";
import { openSql } from "./sql/open.ts";
import { createTestDatabase, engineNames } from "./sql/testing.ts";
import { backoffMs } from "./waiting/retry.ts";

const isMisuse = (error: unknown) => isProblem(error, "sql_misuse");

test("one seed gives the same chance and the same ids, another seed others", () => {
  const draw = (seed: number) => {
    const ports = testPorts({ seed });
    return [ports.ids.next("evt"), ports.random("a").next(), ports.random("b").integer(1, 1000), ports.ids.text(8)];
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test("a stream of chance does not notice who draws from the others", () => {
  const alone = testPorts({ seed: 7 });
  const crowded = testPorts({ seed: 7 });
  for (let i = 0; i < 100; i++) crowded.random("noise").next();
  assert.deepEqual(alone.random("quiet").bytes(16), crowded.random("quiet").bytes(16));
});

test("seeded integers reach both ends and bytes all values", () => {
  const random = seededRandom(1, "ends");
  const drawn = new Set(Array.from({ length: 500 }, () => random.integer(3, 6)));
  assert.deepEqual([...drawn].sort(), [3, 4, 5, 6]);
  assert.equal(new Set(random.bytes(20_000)).size, 256);
});

test("a virtual clock wakes sleepers in the order of time, then of their asking", async () => {
  const { clock } = testPorts({ seed: 1 });
  const start = clock.now();
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push([name, clock.now() - start]);
  };
  const late = sleeper("late", 2 * minuteMs);
  const first = sleeper("first", minuteMs);
  const second = sleeper("second", minuteMs);
  assert.equal(clock.nextAt(), start + minuteMs);
  await clock.advance(minuteMs - 1);
  assert.deepEqual(woken, []);
  await clock.advance(hourMs);
  await Promise.all([late, first, second]);
  assert.deepEqual(woken, [
    ["first", minuteMs],
    ["second", minuteMs],
    ["late", 2 * minuteMs],
  ]);
  assert.equal(clock.now(), start + minuteMs - 1 + hourMs);
});

test("who only looks around is woken at its next turn after something has happened, and else not", async () => {
  const { clock } = testPorts({ seed: 1 });
  const start = clock.now();
  const looks: number[] = [];
  const end = new AbortController();
  const loop = async () => {
    const { signal } = end;
    while (!signal.aborted) {
      looks.push(clock.now() - start);
      await clock.sleep(minuteMs, signal, 10 * hourMs);
    }
  };
  const looking = loop();
  await clock.advance(5 * hourMs);
  assert.deepEqual(looks, [0, minuteMs], "once after the test acted");
  const sleeping = clock.sleep(1.5 * minuteMs);
  await clock.advance(hourMs);
  await sleeping;
  assert.deepEqual(looks.slice(2), [5 * hourMs, 5 * hourMs + 2 * minuteMs], "the minute after the sleeper woke");
  await clock.advance(19 * hourMs);
  assert.deepEqual(looks.slice(4), [6 * hourMs, 16 * hourMs], "and at the latest when its own time has come");
  assert.ok((clock.nextAt() as number) <= clock.now() + minuteMs, "whoever asks from outside may have acted");
  end.abort();
  await looking;
});

test("an aborted sleep ends at once", async () => {
  const { clock } = testPorts({ seed: 1 });
  const abort = new AbortController();
  const sleeping = clock.sleep(hourMs, abort.signal);
  abort.abort();
  await sleeping;
  await clock.sleep(hourMs, abort.signal);
  assert.equal(clock.nextAt(), undefined);
});

test("time stands still while the world's SQL is in flight", async () => {
  for (const engine of engineNames) {
    const database = await createTestDatabase(engine);
    if (!database) continue;
    const ports = testPorts({ seed: 1 });
    const { clock, log } = ports;
    const sql = await openSql<Record<string, never>>({ url: database.url, clock, random: ports.random("sql"), log });
    const instants: number[] = [];
    const start = clock.now();
    const loop = ports.run("worker", async (signal) => {
      while (!signal.aborted) {
        for (let i = 0; i < 3; i++) await sql.write("work", async () => {});
        instants.push(clock.now() - start);
        await clock.sleep(minuteMs, signal);
      }
    });
    await clock.advance(3 * minuteMs);
    assert.deepEqual(instants, [0, minuteMs, 2 * minuteMs, 3 * minuteMs]);
    loop.stop();
    await loop.stopped;
    await sql.close();
    await database.drop();
  }
});

test("a waiter for news wakes by the virtual clock", async () => {
  const { clock, random, log } = testPorts({ seed: 1 });
  const sql = await openSql({ url: "sqlite::memory:", clock, random: random("sql"), log });
  let isAwake = false;
  const waiting = sql.wake.next("inbox", minuteMs).then(() => {
    isAwake = true;
  });
  await clock.advance(minuteMs - 1);
  assert.equal(isAwake, false);
  await clock.advance(1);
  await waiting;
  await sql.close();
});

test("the network and a sleep throw at once inside a transaction", async () => {
  const calls: unknown[] = [];
  const fetch = async (input: unknown) => {
    calls.push(input);
    return new Response("pong");
  };
  const test = testPorts({ seed: 1, fetch });
  const system = systemPorts({ log: silentLog() });
  const sql = await openSql({ url: "sqlite::memory:", clock: test.clock, random: test.random("sql"), log: test.log });
  for (const ports of [test, system]) {
    const address = "http://127.0.0.1:9/";
    for (const misuse of [() => ports.fetch(address), () => ports.clock.sleep(1), () => sql.wake.next("inbox", 1)]) {
      await assert.rejects(
        sql.write("misuse", async () => void (await misuse())),
        isMisuse,
      );
      await assert.rejects(
        sql.read("misuse", async () => void (await misuse())),
        isMisuse,
      );
    }
  }
  assert.deepEqual(calls, []);
  assert.equal(await (await test.fetch("http://127.0.0.1/")).text(), "pong");
  await sql.close();
});

test("a loop started inside a transaction is not inside it", async () => {
  const ports = testPorts({ seed: 1, fetch: async () => new Response("pong") });
  const { clock, log } = ports;
  const sql = await openSql({ url: "sqlite::memory:", clock, random: ports.random("sql"), log });
  const running = await sql.write("starts", async () =>
    ports.run("loop", async () => {
      await ports.fetch("http://127.0.0.1/");
    }),
  );
  await running.stopped;
  await sql.close();
});

test("a loop that was stopped reports that it has returned", async () => {
  const ports = testPorts({ seed: 1 });
  const running = ports.run("loop", async (signal) => {
    while (!signal.aborted) await ports.clock.sleep(minuteMs, signal);
  });
  assert.equal(running.name, "loop");
  running.stop();
  await running.stopped;
});

test("a backoff doubles up to its cap and is spread from nothing to all of it", () => {
  const random = seededRandom(1, "backoff");
  const largest = (attempt: number) =>
    Math.max(...Array.from({ length: 2_000 }, () => backoffMs({ attempt, baseMs: 10, capMs: 60, random })));
  assert.deepEqual([1, 2, 3, 4, 50, 5_000].map(largest), [10, 20, 40, 60, 60, 60]);
  const drawn = Array.from({ length: 2_000 }, () => backoffMs({ attempt: 1, baseMs: 3, capMs: 9, random }));
  assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 2, 3]);
});
