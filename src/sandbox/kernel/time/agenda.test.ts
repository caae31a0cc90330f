import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { testPorts } from "#kit/create_ports.ts";
import { cases } from "#kit/testing.ts";
import { createAgenda } from "./agenda.ts";

suite("agenda", () => {
  test("work is done in the order of time, then of asking, and never early", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), async (delays) => {
        const { clock, run } = testPorts({ seed: 7 });
        const agenda = createAgenda(clock);
        const start = clock.now();
        const done: { n: number; at: number }[] = [];
        for (const [n, delay] of delays.entries()) {
          agenda.at(start + delay, () => done.push({ n, at: clock.now() - start }));
        }
        const loop = run("agenda", agenda.loop);
        await clock.advance(20);
        loop.stop();
        await loop.stopped;
        const expected = delays.map((at, n) => ({ n, at })).sort((a, b) => a.at - b.at || a.n - b.n);
        assert.deepEqual(done, expected);
        assert.equal(agenda.nextAt(), undefined);
      }),
      { numRuns: cases(50, 10_000), seed: 7 },
    );
  });

  test("what is asked for while the loop waits wakes it, and work may ask for more work", async () => {
    const { clock, run } = testPorts({ seed: 7 });
    const agenda = createAgenda(clock);
    const done: string[] = [];
    const loop = run("agenda", agenda.loop);
    agenda.at(clock.now() + 1_000, () => done.push("late"));
    await clock.advance(0);
    agenda.at(clock.now() + 10, () => {
      done.push("early");
      agenda.at(clock.now(), () => done.push("at once"));
    });
    await clock.advance(10);
    assert.deepEqual(done, ["early", "at once"]);
    loop.stop();
    await loop.stopped;
    await clock.advance(1_000);
    assert.deepEqual(done, ["early", "at once"], "a stopped loop does nothing more");
  });
});
