import assert from "node:assert/strict";
import { test } from "node:test";
import { minuteMs, virtualClock } from "#kit/clock.ts";
import { createFailedKeys, failedKeysPerMinuteMax } from "./failed_keys.ts";

test("twenty wrong keys in a minute stop an address, that address alone, and for that minute alone", async () => {
  const clock = virtualClock({ start: 0 });
  const failed = createFailedKeys(clock);
  for (let i = 0; i < failedKeysPerMinuteMax; i++) {
    assert.equal(failed.waitMs("203.0.113.7"), 0);
    failed.record("203.0.113.7");
  }
  assert.equal(failed.waitMs("203.0.113.7"), minuteMs);
  assert.equal(failed.waitMs("203.0.113.8"), 0);
  await clock.advance(minuteMs - 1);
  assert.equal(failed.waitMs("203.0.113.7"), 1);
  await clock.advance(1);
  assert.equal(failed.waitMs("203.0.113.7"), 0);
});
