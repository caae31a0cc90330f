import assert from "node:assert/strict";
import { test } from "node:test";
import { testPorts } from "../create_ports.ts";
import { leftMs, withDeadline, within, withoutDeadline } from "./deadline.ts";

test("a deadline counts down in all that is awaited, and an inner one never prolongs it", async () => {
  const { clock, run } = testPorts({ seed: 1 });
  assert.equal(leftMs(clock), Number.POSITIVE_INFINITY);
  const seen: number[] = [];
  const work = withDeadline(clock, 1_000, async () => {
    await clock.sleep(300);
    seen.push(leftMs(clock));
    await withDeadline(clock, 5_000, async () => void seen.push(leftMs(clock)));
    await withDeadline(clock, 100, async () => void seen.push(leftMs(clock)));
    withoutDeadline(() => seen.push(leftMs(clock)));
    run("loop", async () => void seen.push(leftMs(clock)));
    await clock.sleep(5_000);
    seen.push(leftMs(clock));
  });
  await clock.advance(10_000);
  await work;
  const none = Number.POSITIVE_INFINITY;
  assert.deepEqual(seen, [700, 700, 100, none, none, 0]);
});

test("what takes longer than anybody waits is undefined, and goes on", async () => {
  const { clock } = testPorts({ seed: 1 });
  let isDone = false;
  const slow = clock.sleep(500).then(() => {
    isDone = true;
    return "slow";
  });
  const waited = within(clock, 100, slow);
  await clock.advance(100);
  assert.deepEqual([await waited, isDone], [undefined, false]);
  await clock.advance(400);
  assert.deepEqual([await within(clock, 100, slow), isDone], ["slow", true]);
});
