import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { hourMs, minuteMs, systemClock } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { createPace, sliceMs } from "./pace.ts";
import type { TimeNews } from "./pending.ts";
import { createTimeline, frozenHand, type OwnTimeline, runningHand, type Work } from "./timeline.ts";

/** A test clock's timeline at 0, on which each look at the clock takes a millisecond. */
function startTimeline() {
  let looks = 0;
  let turns = 0;
  const told: TimeNews[] = [];
  const flushedAfter: number[] = [];
  const happened: string[] = [];
  const real = systemClock();
  const turn = () => {
    turns++;
    return real.turn();
  };
  const timeline = createTimeline({
    id: "clock_1",
    hand: frozenHand(0),
    clock: real,
    pace: createPace({ monotonicMs: () => looks++, turn }),
    tell: (news) => told.push(news),
    flush: () => flushedAfter.push(happened.length),
  });
  /** Work that is over at once; `then` is filed when it runs. */
  const note = (name: string, then: () => void = () => {}): Work => ({
    record: null,
    begin(at, landed) {
      happened.push(`${name}@${at}`);
      then();
      landed();
    },
  });
  return { timeline, told, flushedAfter, happened, note, turns: () => turns };
}

/** Work that is in the air until it is told to land. */
function flight(timeline: OwnTimeline, happened: string[]) {
  const landings: (() => void)[] = [];
  const work: Work = {
    record: null,
    begin(at, landed) {
      happened.push(`leaves@${at}`);
      landings.push(() => {
        happened.push(`lands@${timeline.now()}`);
        landed();
      });
    },
  };
  return { work, landings };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

suite("a timeline", () => {
  test("is advanced from one due instant to the next: in the order of time, then of filing", async () => {
    const { timeline, happened, note } = startTimeline();
    timeline.at(5, "b", note("b"));
    timeline.at(
      3,
      "a",
      note("a", () => timeline.at(4, null, note("of a"))),
    );
    timeline.at(
      5,
      "c",
      note("c", () => timeline.at(5, null, note("of c"))),
    );
    timeline.at(11, "late", note("late"));
    await timeline.advanceTo(10);
    assert.deepEqual(happened, ["a@3", "of a@4", "b@5", "c@5", "of c@5"]);
    assert.deepEqual(timeline.stand(), { now: 10, target: null });
    assert.equal(timeline.nextAt(), 11);
  });

  test("stands at the instant of what it begins, and never goes back", async () => {
    const { timeline, note } = startTimeline();
    const seen: number[] = [];
    for (const at of [7, 2])
      timeline.at(
        at,
        null,
        note("x", () => seen.push(timeline.now())),
      );
    await timeline.advanceTo(10);
    timeline.at(
      4,
      null,
      note("overdue", () => seen.push(timeline.now())),
    );
    await timeline.advanceTo(3);
    assert.deepEqual(seen, [2, 7, 10]);
    assert.equal(timeline.now(), 10);
  });

  test("advanced in one step or in many, the same happens in the same order", async () => {
    const steps = fc.array(fc.nat(30), { maxLength: 6 });
    const filings = fc.array(fc.tuple(fc.nat(60), fc.nat(15)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(filings, steps, async (all, stops) => {
        const play = async (targets: readonly number[]) => {
          const { timeline, happened, note } = startTimeline();
          for (const [n, [at, after]] of all.entries()) {
            const again = note(`${n} again`);
            timeline.at(
              at,
              null,
              note(`${n}`, () => timeline.at(at + after, null, again)),
            );
          }
          for (const target of targets) await timeline.advanceTo(target);
          return happened;
        };
        const inOne = await play([100]);
        assert.deepEqual(await play([...stops, 100]), inOne);
        assert.equal(inOne.length, 2 * all.length);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("what is filed again under its key replaces what was filed before; what is withdrawn is not done", async () => {
    const { timeline, told, happened, note } = startTimeline();
    const record = { kind: "job", account: "acct_1", name: "job", values: [] } as const;
    timeline.at(3, "key", { ...note("first"), record });
    timeline.at(6, "key", { ...note("second"), record });
    timeline.at(4, "other", { ...note("other"), record });
    timeline.withdraw("other");
    timeline.withdraw("nothing");
    const pending = { at: 6, timeline: "clock_1", key: "key", record };
    assert.deepEqual([...timeline.pending()], [pending]);
    assert.deepEqual(
      told.map(([kind]) => kind),
      ["pending", "pending", "pending", "done"],
    );
    await timeline.advanceTo(10);
    assert.deepEqual(happened, ["second@6"]);
    assert.deepEqual([...timeline.pending()], []);
    assert.deepEqual(told.at(-3), ["done", "clock_1", "key"]);
  });

  test("work may file itself again under its own key", async () => {
    const { timeline, happened, note } = startTimeline();
    const daily = (at: number): void =>
      timeline.at(
        at,
        "daily",
        note("daily", () => daily(at + 10)),
      );
    daily(10);
    await timeline.advanceTo(35);
    assert.deepEqual(happened, ["daily@10", "daily@20", "daily@30"]);
    assert.equal(timeline.nextAt(), 40);
  });

  test("does not leave an instant before what was begun there has landed: its answer files the next", async () => {
    const { timeline, happened, note } = startTimeline();
    const { work, landings } = flight(timeline, happened);
    timeline.at(5, null, work);
    timeline.at(5, null, note("beside"));
    timeline.at(65, null, note("later"));
    const arrived = timeline.advanceTo(100);
    await settled();
    assert.deepEqual(happened, ["leaves@5", "beside@5"]);
    assert.deepEqual(timeline.stand(), { now: 5, target: 100 });
    timeline.at(timeline.now() + 5, null, note("retry"));
    landings.shift()?.();
    await arrived;
    assert.deepEqual(happened.slice(2), ["lands@5", "retry@10", "later@65"]);
  });

  test("waits at its end too, for what may file more before it", async () => {
    const { timeline, happened, note } = startTimeline();
    const { work, landings } = flight(timeline, happened);
    timeline.at(5, null, work);
    const arrived = timeline.advanceTo(10);
    await settled();
    assert.equal(timeline.now(), 5);
    timeline.at(8, null, note("retry"));
    landings.shift()?.();
    await arrived;
    assert.deepEqual(happened, ["leaves@5", "lands@5", "retry@8"]);
  });

  test("can be held by something that is not its own work, and nothing awaited is nothing waited for", async () => {
    const { timeline, happened, note } = startTimeline();
    const { promise, resolve } = Promise.withResolvers<void>();
    timeline.at(
      2,
      null,
      note("signal", () => timeline.hold(promise)),
    );
    timeline.at(3, null, note("after"));
    const arrived = timeline.advanceTo(5);
    await settled();
    assert.deepEqual([happened, timeline.now()], [["signal@2"], 2]);
    resolve();
    await arrived;
    assert.deepEqual(happened, ["signal@2", "after@3"]);
  });

  test("the event loop runs between slices, and each slice is written down once", async () => {
    const { timeline, flushedAfter, happened, note, turns } = startTimeline();
    for (let n = 0; n < 1_000; n++) timeline.at(n, null, note("x"));
    let answered = 0;
    let isOver = false;
    const arrived = timeline.advanceTo(1_000).then(() => {
      isOver = true;
    });
    for (let turn = 0; !isOver && turn < 10_000; turn++) {
      await settled();
      answered++;
    }
    await arrived;
    const slices = flushedAfter.map((after, n) => after - (flushedAfter[n - 1] ?? 0));
    assert.equal(happened.length, 1_000);
    assert.ok(Math.max(...slices) <= sliceMs, "as many as there are milliseconds in a slice, since each took one");
    assert.ok(turns() >= 99 && answered >= 99, `${turns()} turns, ${answered} calls answered meanwhile`);
  });

  test("an advance that is asked for while another is under way leads on from it", async () => {
    const { timeline, happened, note } = startTimeline();
    timeline.at(15, null, note("x"));
    const first = timeline.advanceTo(10);
    const second = timeline.advanceTo(20);
    await Promise.all([first, second]);
    assert.deepEqual([happened, timeline.now()], [["x@15"], 20]);
  });

  test("what lands after the world was forgotten is nobody's", async () => {
    const { timeline, told, happened } = startTimeline();
    const { work, landings } = flight(timeline, happened);
    timeline.at(5, null, work);
    const arrived = timeline.advanceTo(10);
    await settled();
    timeline.clear();
    await arrived;
    const before = told.length;
    landings.shift()?.();
    assert.equal(told.length, before);
    assert.equal(timeline.nextAt(), undefined);
  });
});

suite("the world's timeline", () => {
  function startWorldTimeline() {
    const { clock, run } = testPorts({ seed: 7 });
    const pace = createPace(clock);
    const hand = runningHand(clock);
    const timeline = createTimeline({ id: null, hand, clock, pace, tell: () => {}, flush: () => {} });
    const start = clock.now();
    const happened: string[] = [];
    const note = (name: string, then: () => void = () => {}): Work => ({
      record: null,
      begin(at, landed) {
        happened.push(`${name}@${at - start}`);
        then();
        landed();
      },
    });
    return { clock, run, timeline, start, happened, note };
  }

  test("begins by itself what comes due, and what is filed in front wakes it", async () => {
    const { clock, run, timeline, start, happened, note } = startWorldTimeline();
    const loop = run("timeline", timeline.loop);
    timeline.at(start + 1_000, null, note("late"));
    await clock.advance(0);
    timeline.at(
      start + 10,
      null,
      note("early", () => timeline.at(clock.now(), null, note("at once"))),
    );
    await clock.advance(10);
    assert.deepEqual(happened, ["early@10", "at once@10"]);
    loop.stop();
    await loop.stopped;
    await clock.advance(1_000);
    assert.equal(happened.length, 2, "a stopped loop does nothing more");
  });

  test("begins work that is late, as after a night without a process, at the instant it was due", async () => {
    const { clock, run, timeline, start, happened, note } = startWorldTimeline();
    for (const minutes of [5, 35]) timeline.at(start + minutes * minuteMs, null, note("try"));
    await clock.advance(8 * hourMs);
    const loop = run("timeline", timeline.loop);
    await clock.advance(0);
    assert.deepEqual(happened, [`try@${5 * minuteMs}`, `try@${35 * minuteMs}`]);
    assert.equal(timeline.now(), clock.now());
    loop.stop();
    await loop.stopped;
  });

  test("is moved ahead of its clock, needs no loop for that, and goes on with the clock", async () => {
    const { clock, timeline, start, happened, note } = startWorldTimeline();
    timeline.at(start + hourMs, null, note("due"));
    await timeline.advanceTo(start + 2 * hourMs);
    assert.deepEqual(happened, [`due@${hourMs}`]);
    await clock.advance(minuteMs);
    assert.equal(timeline.now() - start, 2 * hourMs + minuteMs);
  });
});
