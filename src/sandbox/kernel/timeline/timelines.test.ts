// Timelines of test clocks in a whole sandbox: filed on, journaled, advanced.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../../assemble.ts";
import { forgetAll } from "../../outside.ts";
import { openJournal } from "../keep/journal.ts";
import { applyBatches, parseSnapshot, snapshotLines } from "../keep/snapshot.ts";
import { accountOfKey } from "../state/accounts.ts";
import { emit } from "../state/emit.ts";
import { commit, type Job, tickUnit, type Unit, type World } from "../state/unit.ts";
import { inWorld, later } from "../time/later.ts";
import { mayBeUsed } from "../time/timeline_of.ts";
import { fetchAnswer } from "../wire/http.ts";
import { StripeError } from "../words/errors.ts";

const in2030 = Date.UTC(2030, 0, 1);

/** A world with a job of its own, which notes when it ran. */
function startParts() {
  const ports = testPorts({ seed: 7, write: (line) => process.stderr.write(line) });
  const parts = createParts(ports, () => "http://localhost");
  const ran: { name: string; now: number; created: number; timeline: string | null }[] = [];
  const renew = (unit: Unit, name: string): void => {
    const { now, created, timeline } = unit;
    ran.push({ name, now, created, timeline: timeline.id });
  };
  register(parts.world, "test.renew", renew);
  const account = accountOfKey(parts.world.accounts, "sk_test_world");
  return { ...parts, ...ports, ran, renew, account };
}

function register({ jobs }: World, name: string, run: Job["run"]): void {
  (jobs.byName as Map<string, Job>).set(name, { run, says: "runs" });
  (jobs.nameOf as Map<unknown, string>).set(run, name);
}

/** A unit on the timeline that files what `work` says. */
function inUnit(world: World, id: string | null, work: (unit: Unit) => void): void {
  const timeline = world.timelines.of(id) ?? assert.fail();
  const unit = tickUnit(world, accountOfKey(world.accounts, "sk_test_world"), { timeline });
  work(unit);
  commit(unit);
}

suite("timelines", () => {
  test("a unit has two times: what its clock says, and the world's second", async () => {
    const { world, clock, ran, renew } = startParts();
    const timeline = world.timelines.open("clock_1", in2030);
    inUnit(world, "clock_1", (unit) => {
      assert.deepEqual([unit.now, unit.created], [in2030, Math.floor(clock.now() / 1000)]);
      assert.deepEqual([inWorld(unit).now, inWorld(unit).timeline.id], [clock.now(), null]);
      later(unit, hourMs, renew, "of the clock");
      later(inWorld(unit), hourMs, renew, "of the world");
    });
    await timeline.advanceTo(in2030 + dayMs);
    const [of, ...none] = ran;
    assert.deepEqual([of?.name, of?.now, of?.timeline, none], ["of the clock", in2030 + hourMs, "clock_1", []]);
    assert.equal(of?.created, Math.floor(clock.now() / 1000), "payments keep real time");
    assert.equal(timeline.now(), in2030 + dayMs);
    await world.timeline.advanceTo(clock.now() + hourMs);
    assert.deepEqual([ran[1]?.name, ran[1]?.timeline], ["of the world", null]);
  });

  test("work for one subject is filed once on a timeline, and apart from that of another timeline", () => {
    const { world, renew } = startParts();
    for (const id of ["clock_1", "clock_2"]) world.timelines.open(id, in2030);
    for (const id of ["clock_1", "clock_2", null]) {
      inUnit(world, id, (unit) => {
        later(unit, hourMs, renew, "sub_1");
        later(unit, 2 * hourMs, renew, "sub_1");
        later(unit, hourMs, renew, "sub_2");
      });
    }
    const pending = [...world.timelines.pending()].map(({ timeline, at, record }) => {
      const start = timeline === null ? world.timeline.now() : in2030;
      return [timeline, (at - start) / hourMs, record.kind === "job" && record.values[0]];
    });
    const own = (id: string | null) => [
      [id, 2, "sub_1"],
      [id, 1, "sub_2"],
    ];
    assert.deepEqual(pending, [...own(null), ...own("clock_1"), ...own("clock_2")]);
    world.timelines.close("clock_1");
    assert.equal([...world.timelines.pending()].length, 4);
    assert.equal(world.timelines.of("clock_1"), undefined);
  });

  test("what is on a clock that advances may be read, and not written to", async () => {
    const { world } = startParts();
    const timeline = world.timelines.open("clock_1", in2030);
    const advance = timeline.advanceTo(in2030 + dayMs);
    assert.equal(mayBeUsed(timeline, "GET"), timeline);
    assert.throws(
      () => mayBeUsed(timeline, "POST"),
      (error) => error instanceof StripeError && error.status === 429 && /underway.*clock_1/.test(error.message),
    );
    await advance;
    assert.equal(mayBeUsed(timeline, "POST"), timeline);
    void world.timeline.advanceTo(world.timeline.now() + dayMs);
    assert.equal(mayBeUsed(world.timeline, "POST"), world.timeline, "the world's time is everybody's");
  });

  test("events stand in the world's order and are kept for its thirty days, whatever their clock says", async () => {
    const { world, clock, http } = startParts();
    world.timelines.open("clock_1", Date.UTC(2020, 0, 1));
    world.timelines.open("clock_2", in2030);
    for (const id of [null, "clock_2", "clock_1", null]) {
      inUnit(world, id, (unit) => emit(unit, "customer.created", { id: `cus_${id}`, object: "customer" }));
    }
    const years = async (query: string) => {
      const headers = { authorization: "Bearer sk_test_world" };
      const answer = await fetchAnswer(http, new Request(`http://localhost/v1/events?${query}`, { headers }));
      const { data } = (await answer.json()) as { data: { created: number }[] };
      return data.map(({ created }) => new Date(created * 1000).getUTCFullYear());
    };
    assert.deepEqual(await years(""), [2026, 2020, 2030, 2026]);
    assert.deepEqual(await years(`created[lt]=${Date.UTC(2021, 0, 1) / 1000}`), [2020]);
    assert.deepEqual(await years(`created[gt]=${Date.UTC(2029, 0, 1) / 1000}`), [2030]);
    await clock.advance(30 * dayMs);
    assert.equal((await years("")).length, 4);
    await clock.advance(1);
    assert.deepEqual(await years(""), []);
  });

  test("journal and snapshot hold them: where they stand, what is filed, an advance under way", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-"));
    const first = startParts();
    first.world.journal = openJournal(first.world, folder, first.run).journal;
    first.world.journal.rewrite();
    for (const id of ["clock_1", "clock_2", "clock_3"]) first.world.timelines.open(id, in2030);
    for (const id of ["clock_1", "clock_2", "clock_3"]) {
      inUnit(first.world, id, (unit) => {
        for (const days of [1, 2, 3]) later(unit, days * dayMs, first.renew, `${id} after ${days}`);
      });
    }
    const { promise: never } = Promise.withResolvers<void>();
    await first.world.timelines.of("clock_1")?.advanceTo(in2030 + dayMs);
    const held = first.world.timelines.of("clock_2") ?? assert.fail();
    held.at(in2030 + 2 * dayMs, null, { record: null, begin: () => held.hold(never) });
    void held.advanceTo(in2030 + 10 * dayMs);
    await new Promise((resolve) => setImmediate(resolve));
    first.world.timelines.close("clock_3");
    first.world.journal.close(); // What is not flushed by then is lost, as in a kill.

    const second = startParts();
    const { journal, kept } = openJournal(second.world, folder, second.run);
    second.take(kept);
    journal.close();
    const stands = [...second.world.timelines.stands()].map(([id, { now, target }]) => [
      id,
      (now - in2030) / dayMs,
      target && (target - in2030) / dayMs,
    ]);
    assert.deepEqual(stands, [
      ["clock_1", 1, null],
      ["clock_2", 2, 10],
    ]);
    const third = startParts();
    third.world.timelines.open("clock_of_before", 0);
    const lines = [...snapshotLines(second.world)];
    forgetAll(third.world);
    third.take(applyBatches(third.world, parseSnapshot(lines)));
    assert.deepEqual([...third.world.timelines.stands()], [...second.world.timelines.stands()]);
    for (const { world, ran } of [second, third]) {
      await world.timelines.of("clock_2")?.advanceTo(0);
      assert.deepEqual(
        ran.map(({ name, now }) => [name, (now - in2030) / dayMs]),
        [["clock_2 after 3", 3]],
      );
      await world.timelines.of("clock_1")?.advanceTo(in2030 + 10 * dayMs);
      assert.deepEqual(
        ran.slice(1).map(({ name }) => name),
        ["clock_1 after 2", "clock_1 after 3"],
      );
    }
    rmSync(folder, { recursive: true });
  });
});
