// Time that is moved on the machine's own clock: whatever is due happens at its instant, however much it is.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { type Clock, dayMs, hourMs, minuteMs, systemClock } from "#kit/clock.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { until } from "#kit/testing.ts";
import { createParts } from "./assemble.ts";
import { retryPausesMs } from "./delivery/delivery.ts";
import { createSandbox, type Sandbox } from "./index.ts";
import { accountOfKey } from "./kernel/state/accounts.ts";
import { commit, tickUnit, type Unit } from "./kernel/state/unit.ts";
import { laterAt } from "./kernel/time/later.ts";
import { fetchAnswer } from "./kernel/wire/http.ts";

const secretKey = "sk_test_world";
const headers = { authorization: `Bearer ${secretKey}` };

/**
 * The machine's clock, but each look at it for a slice's end takes a millisecond: so what runs between two turns of the
 * event loop is counted and not measured.
 */
function countingClock() {
  const real = systemClock();
  let looks = 0;
  let before = 0;
  const slices: number[] = [];
  const clock: Clock = {
    ...real,
    monotonicMs: () => looks++,
    turn() {
      slices.push(looks - before);
      before = looks;
      return real.turn();
    },
  };
  return { clock, slices };
}

async function advance(sandbox: Sandbox, count: number, unit: "hours" | "days"): Promise<void> {
  const token = (await (await sandbox.fetch("http://localhost/-/token")).text()).trim();
  const body = new URLSearchParams({ token, count: String(count), unit });
  const { status } = await sandbox.fetch("http://localhost/-/time/advance", { method: "POST", body });
  assert.equal(status, 303);
}

/** Reads a customer again and again until the work is over; answers how often it was answered meanwhile. */
async function readWhile(sandbox: Pick<Sandbox, "fetch">, work: Promise<void>): Promise<number> {
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  let answered = 0;
  await until("the end of the work", async () => {
    const list = await sandbox.fetch("http://localhost/v1/customers?limit=1", { headers });
    assert.equal(list.status, 200);
    answered++;
    return isOver;
  });
  await ended;
  return answered;
}

suite("time that is moved", () => {
  test("8,000 hourly jobs are done each at its hour, none missed", async () => {
    const { clock, slices } = countingClock();
    const { world, http } = createParts({ ...systemPorts({ log: silentLog() }), clock }, () => "http://localhost");
    const account = accountOfKey(world.accounts, secretKey);
    const start = world.timeline.now();
    const done: { due: number; now: number; created: number }[] = [];
    const hourly = (unit: Unit, due: number): void => {
      const { now, created } = unit;
      done.push({ due, now, created });
    };
    const asking = tickUnit(world, account);
    for (let hour = 1; hour <= 8_000; hour++) laterAt(asking, start + hour * hourMs, hourly, start + hour * hourMs);
    commit(asking);
    const sandbox: Pick<Sandbox, "fetch"> = { fetch: (input, init) => fetchAnswer(http, new Request(input, init)) };
    const answered = await readWhile(sandbox, world.timeline.advanceTo(start + 400 * dayMs));
    assert.ok(answered > 20, `${answered} calls answered meanwhile`);
    assert.equal(done.length, 8_000);
    for (const [n, { due, now, created }] of done.entries()) {
      assert.equal(now, start + (n + 1) * hourMs);
      assert.deepEqual([due, created], [now, Math.floor(now / 1000)]);
    }
    assert.ok(Math.max(...slices) <= 50, `a slice of ${Math.max(...slices)}`);
    assert.equal(world.timeline.now() >= start + 400 * dayMs, true);
  });

  const events = 900;
  for (const isKept of [false, true]) {
    const where = isKept ? " in a folder" : "";
    test(`${events} events to an endpoint that is down are tried 11 times, each at its minute${where}`, async () => {
      const dataFolder = isKept ? mkdtempSync(path.join(tmpdir(), "bursar-")) : undefined;
      const { clock, slices } = countingClock();
      const webhookEndpoints = [{ key: secretKey, url: "http://127.0.0.1:9/hook", secret: "whsec_test" }];
      const fetch = async () => new Response(null, { status: 500 });
      const sandbox = createSandbox({ clock, fetch, webhookEndpoints, dataFolder });
      for (let n = 0; n < events; n++)
        await sandbox.fetch("http://localhost/v1/customers", { method: "POST", headers });
      const answered = await readWhile(sandbox, advance(sandbox, 4, "days"));
      const first = sandbox.attempts()[0]?.at ?? assert.fail();
      const minutes = [0];
      for (const pauseMs of retryPausesMs.live) minutes.push((minutes.at(-1) ?? 0) + pauseMs / minuteMs);
      for (const [n, minute] of minutes.entries()) {
        const tries = sandbox.attempts().filter(({ number }) => number === n + 1);
        assert.equal(new Set(tries.map(({ event }) => event)).size, events);
        assert.deepEqual([...new Set(tries.map(({ at }) => (at - first) / minuteMs))], [minute]);
      }
      assert.equal(sandbox.attempts().length, events * minutes.length);
      assert.ok(Math.max(...slices) <= 50, `a slice of ${Math.max(...slices)}`);
      assert.ok(answered > 20, `${answered} calls answered meanwhile`);
      await sandbox.close();
      if (dataFolder) rmSync(dataFolder, { recursive: true });
    });
  }

  test("a process that ends in the middle of an advance leaves it to the next, which needs no start", async () => {
    const dataFolder = mkdtempSync(path.join(tmpdir(), "bursar-"));
    const webhookEndpoints = [{ key: secretKey, url: "http://127.0.0.1:9/hook", secret: "whsec_test" }];
    let answered = 0;
    const { promise: stuck, resolve: release } = Promise.withResolvers<void>();
    const fetch = async () => {
      if (++answered > 25) await stuck; // In the middle of the third tries.
      return new Response(null, { status: 500 });
    };
    const killed = createSandbox({ fetch, webhookEndpoints, dataFolder });
    for (let n = 0; n < 10; n++) await killed.fetch("http://localhost/v1/customers", { method: "POST", headers });
    void advance(killed, 4, "days");
    await until("the third tries", () => answered > 25);
    const before = killed.attempts().length;
    await killed.close();
    release();

    const next = createSandbox({ fetch: async () => new Response(null, { status: 500 }), dataFolder });
    const shown = async () =>
      (await (await next.fetch("http://localhost/-/time.json")).json()) as { now: number; advancing_to: number | null };
    const { advancing_to: target } = await shown();
    await until("its end", async () => (await shown()).advancing_to === null);
    assert.ok(target !== null && (await shown()).now >= target);
    assert.ok(before > 0 && before < 110);
    const first = next.attempts()[0]?.at ?? assert.fail();
    const minutes = [0];
    for (const pauseMs of retryPausesMs.live) minutes.push((minutes.at(-1) ?? 0) + pauseMs / minuteMs);
    for (const [n, minute] of minutes.entries()) {
      const tries = next.attempts().filter(({ number }) => number === n + 1);
      assert.deepEqual([tries.length, new Set(tries.map(({ event }) => event)).size], [10, 10]);
      assert.deepEqual([...new Set(tries.map(({ at }) => (at - first) / minuteMs))], [minute]);
    }
    await next.close();
    rmSync(dataFolder, { recursive: true });
  });
});
