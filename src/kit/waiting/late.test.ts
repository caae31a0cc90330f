import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualClock } from "../clock.ts";
import { createLate } from "./late.ts";

test("whoever takes too long hears of it at that instant, and nobody else does", async () => {
  const clock = virtualClock({ start: 0 });
  const late = createLate(clock, 100);
  const heard: string[] = [];
  const begin = (name: string) => late(() => void heard.push(`${name} at ${clock.now()}`));
  const [endFirst, endNone] = [begin("first"), begin("second")];
  await clock.advance(50);
  begin("third");
  endFirst();
  await clock.advance(100);
  assert.deepEqual(heard, ["second at 100", "third at 150"]);
  endNone();
  assert.equal(clock.nextAt(), undefined, "nobody waits, and no timer is left");
  const end = begin("fourth");
  await clock.advance(10);
  end();
  assert.equal(clock.nextAt(), undefined);
  begin("fifth");
  await clock.advance(100);
  assert.equal(heard.at(-1), "fifth at 260", "the watch begins anew");
});
