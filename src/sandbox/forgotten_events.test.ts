// Events of more than thirty days are gone: from the store, from the lists' way, and from the file.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, type TestContext, test } from "node:test";
import { dayMs, type Instant } from "#kit/clock.ts";
import { testPorts, testStart } from "#kit/create_ports.ts";
import { cases, until } from "#kit/testing.ts";
import { createParts } from "./assemble.ts";
import { openJournal } from "./kernel/keep/journal.ts";
import { accountOfKey } from "./kernel/state/accounts.ts";
import { commit, drop, tickUnit, type World } from "./kernel/state/unit.ts";
import { change, collectionOf, mustRead } from "./kernel/state/writes.ts";
import { idsOf, page } from "./kernel/store/store.ts";
import { customers } from "./resources/customers/index.ts";
import { events, recordEvents } from "./resources/events/index.ts";
import { secretKey, startWorld } from "./testing.ts";

const daysKept = 30;
const perYear = cases(80_000, 200_000);

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A process of its own on the folder. Given a gate, a slice is over at once, and the next begins when that opens. */
function openOn(folder: string, start: Instant, gate?: Promise<void>) {
  const given = testPorts({ seed: 7, start, fetch: async () => new Response() });
  let looks = 0;
  const sliced = { monotonicMs: () => looks++ * dayMs, turn: () => gate ?? Promise.resolve() };
  const ports = gate ? { ...given, clock: { ...given.clock, ...sliced } } : given;
  const { world, take } = createParts(ports, () => "http://localhost");
  const { journal, kept } = openJournal(world, folder, ports.run);
  take(kept);
  world.journal = journal;
  journal.rewrite();
  return { world, clock: ports.clock };
}

const accountIn = (world: World) => accountOfKey(world.accounts, secretKey);
const storedIn = (world: World) => collectionOf(accountIn(world), events);
const idsIn = (world: World) => [...idsOf(storedIn(world))];

/** Made by an earlier process. */
async function customerIn(folder: string): Promise<string> {
  const { call, sandbox } = startWorld({ dataFolder: folder });
  const { json } = await call("POST", "/v1/customers");
  await sandbox.close();
  return String(json.id);
}

/** One event, with what was before and after. */
function rename(world: World, customer: string, name: string, end = commit): void {
  const unit = tickUnit(world, accountIn(world));
  change(unit, customers, mustRead(unit, customers, customer), { name }, "customer.updated");
  end(unit);
}

suite("events that are over", () => {
  test(`of ${perYear} in a year, a restart in between, the store and the file hold thirty days`, async (t) => {
    const folder = newFolder(t);
    const file = path.join(folder, "sandbox.journal");
    const days = 365;
    const perDay = Math.ceil(perYear / days);
    const keptMax = perDay * (daysKept + 1);
    const customer = await customerIn(folder);
    let { world, clock } = openOn(folder, testStart);
    const sizes: number[] = [];
    for (let day = 1; day <= days; day++) {
      for (let n = 0; n < perDay; n++) rename(world, customer, `${day} ${n}`);
      world.journal?.flush();
      await clock.advance(dayMs);
      sizes.push(statSync(file).size);
      if (day !== 200) continue;
      const before = idsIn(world);
      world.journal?.close();
      ({ world, clock } = openOn(folder, clock.now()));
      assert.deepEqual(idsIn(world), before, "nothing is lost, and nothing has come back");
    }
    const stored = storedIn(world);
    const before = idsIn(world);
    assert.ok(before.length <= keptMax && before.length >= keptMax - 2 * perDay);
    const lengthOf = (positions: number | readonly number[]) => (typeof positions === "number" ? 1 : positions.length);
    const entries = stored.indices.flatMap(({ byValue }) => [...byValue.values()].map(lengthOf));
    for (const held of [stored.items.length, stored.createdAt.length, ...entries]) {
      assert.ok(held <= 2 * keptMax, `${held} held for ${before.length}`);
    }
    let looks = 0;
    page(stored, { limit: 10, where: () => ++looks < 0 });
    assert.equal(looks, before.length, "a list walks nothing that is gone");
    world.journal?.rewrite();
    const written = statSync(file).size;
    assert.ok(written < 1_500 * before.length, `${written} bytes for ${before.length} events`);
    assert.ok(Math.max(...sizes) < 6 * written, `${Math.max(...sizes)} bytes, and ${written} written anew`);
    world.journal?.close();
    const next = openOn(folder, clock.now());
    assert.deepEqual(idsIn(next.world), before);
    next.world.journal?.close();
  });

  test("a unit that is dropped takes nothing away, the one that is committed does", async (t) => {
    const folder = newFolder(t);
    const customer = await customerIn(folder);
    const { world, clock } = openOn(folder, testStart);
    for (let n = 0; n < 20; n++) rename(world, customer, `${n}`);
    await clock.advance((daysKept + 1) * dayMs);
    const before = idsIn(world);
    rename(world, customer, "dropped", (unit) => {
      recordEvents(unit, () => 0);
      drop(unit);
    });
    assert.deepEqual(idsIn(world), before);
    rename(world, customer, "committed");
    assert.deepEqual(idsIn(world).slice(0, -1), before.slice(8), "a few at a time");
    for (const name of ["again", "and again"]) rename(world, customer, name);
    assert.equal(idsIn(world).length, 3);
    world.journal?.close();
  });

  test("one that is over is unknown as a cursor, has no page, and does not come back with a snapshot", async () => {
    const { call, clock, sandbox, eventTypes } = startWorld();
    await call("POST", "/v1/customers");
    const [{ id }] = (await call("GET", "/v1/events")).json.data as [{ id: string }];
    const asCursor = async () => (await call("GET", "/v1/events", `starting_after=${id}`)).error;
    await clock.advance((daysKept + 1) * dayMs);
    const refused = { code: "resource_missing", message: `No such event: '${id}'`, param: "starting_after" };
    const shown = ({ code, message, param }: Record<string, unknown>) => ({ code, message, param });
    assert.deepEqual(shown(await asCursor()), refused, "before it is let go of");
    assert.equal((await sandbox.fetch(`http://localhost/-/events/${id}`)).status, 200);
    await call("POST", "/v1/customers");
    assert.deepEqual(shown(await asCursor()), refused, "and after");
    assert.equal((await sandbox.fetch(`http://localhost/-/events/${id}`)).status, 404);
    const snapshot = sandbox.snapshot();
    assert.ok(!snapshot.join("").includes(id), "nor is it in the file");
    sandbox.restore(snapshot);
    assert.deepEqual(await eventTypes(), ["customer.created"]);
  });

  test("a delivery that still waits when its event is over ends", async () => {
    const endpoint = { key: secretKey, url: "http://127.0.0.1:9/hook", secret: "whsec_test" };
    const fetch = async () => new Response("", { status: 500 });
    const options = { fetch, webhookEndpoints: [endpoint], retryPausesMs: [dayMs, 40 * dayMs] };
    const { call, clock, sandbox } = startWorld(options);
    await call("POST", "/v1/customers");
    await clock.advance(35 * dayMs);
    await call("POST", "/v1/customers");
    const isPending = () => sandbox.snapshot().join("").includes('"number":3');
    assert.ok(isPending());
    await clock.advance(10 * dayMs);
    assert.deepEqual(
      sandbox.attempts().map(({ number }) => number),
      [1, 2, 1, 2],
    );
    await clock.advance(dayMs * 40);
    assert.ok(!isPending());
  });

  test("what was forgotten while the file was written anew does not come back", async (t) => {
    const folder = newFolder(t);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const customer = await customerIn(folder);
    const { world, clock } = openOn(folder, testStart, gate);
    // Past the size at which it is written anew: what stands in the first lines is there before the gate is met.
    for (let n = 0; n < 600; n++) rename(world, customer, `${n} ${"x".repeat(9_000)}`);
    world.journal?.flush();
    const isBeingWritten = () => existsSync(path.join(folder, "sandbox.journal.new"));
    assert.ok(isBeingWritten());
    await clock.advance((daysKept + 1) * dayMs);
    const old = new Set(idsIn(world));
    for (let n = 0; n < 60; n++) rename(world, customer, `${n}`);
    const kept = idsIn(world);
    assert.ok(kept.length < 600 && kept.some((id) => old.has(id)), "some are gone, some are still to go");
    world.journal?.flush();
    open();
    await until("it to be written", () => !isBeingWritten());
    world.journal?.close();
    assert.deepEqual(idsIn(openOn(folder, clock.now()).world), kept);
  });
});
