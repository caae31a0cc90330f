import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { systemClock, virtualClock } from "./clock.ts";

suite("a virtual clock", () => {
  test("lets whoever it woke go straight on: not past anybody else, nor past where it is moved to", async () => {
    const clock = virtualClock({ start: 0 });
    const woken: string[] = [];
    const strides: boolean[] = [];
    const striding = clock.sleep(10).then(() => {
      strides.push(clock.stride?.(20) ?? false, clock.stride?.(29) ?? false);
      woken.push(`first@${clock.now()}`);
      strides.push(clock.stride?.(30) ?? false, clock.stride?.(40) ?? false);
    });
    const other = clock.sleep(30).then(() => {
      woken.push(`other@${clock.now()}`);
      strides.push(clock.stride?.(50) ?? false, clock.stride?.(51) ?? false);
    });
    assert.equal(clock.stride?.(5), false, "nobody moves it");
    await clock.advance(50);
    await Promise.all([striding, other]);
    assert.deepEqual(woken, ["first@29", "other@30"]);
    assert.deepEqual(strides, [true, true, false, false, true, false]);
    assert.equal(clock.now(), 50);
  });
});

test("the machine's clock sleeps longer than a timer can, without waking in between", async () => {
  const over = new AbortController();
  let isAwake = false;
  const sleeping = systemClock()
    .sleep(2 ** 31, over.signal)
    .then(() => {
      isAwake = true;
    });
  for (let turn = 0; turn < 20; turn++) await systemClock().turn();
  assert.equal(isAwake, false);
  over.abort();
  await sleeping;
});
