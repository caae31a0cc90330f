// Sets are as large as the database lets them be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "./pace.ts";

/** A pace of at most 500, and sets that take as long as they say. */
function start() {
  let nowMs = 7;
  const pace = createPace({ monotonicMs: () => nowMs }, 500);
  return {
    pace,
    take: (ms: number) =>
      pace.keep(async () => {
        nowMs += ms;
      }),
    refuse: () =>
      assert.rejects(
        pace.keep(() => Promise.reject(new Error("away"))),
        /away/,
      ),
  };
}

test("a set begins with the most, and none that fits makes it more", async () => {
  const { pace, take } = start();
  assert.equal(pace.size(), 500);
  for (let n = 0; n < 8; n++) await take(1_000);
  assert.equal(pace.size(), 500);
});

test("after a set that takes over a second the next has half as many, and one at the least", async () => {
  const { pace, take } = start();
  const sizes: number[] = [];
  for (let n = 0; n < 10; n++) {
    await take(1_001);
    sizes.push(pace.size());
  }
  assert.deepEqual(sizes, [250, 125, 62, 31, 15, 7, 3, 1, 1, 1]);
});

test("a set that fails is too large too, and after eight that fit in a row the next has twice as many", async () => {
  const { pace, take, refuse } = start();
  const fit = async (times: number) => {
    for (let n = 0; n < times; n++) await take(0);
    return pace.size();
  };
  for (let n = 0; n < 3; n++) await refuse();
  const sizes = [pace.size(), await fit(7), await fit(1), await fit(8), await fit(7)];
  await refuse();
  sizes.push(pace.size(), await fit(7), await fit(1), await fit(8), await fit(8));
  assert.deepEqual(sizes, [62, 62, 124, 248, 248, 124, 124, 248, 496, 500]);
});

test("what a set answers is answered", async () => {
  assert.equal(await start().pace.keep(async () => "done"), "done");
});
