import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, hourMs, systemClock, virtualClock } from "#kit/clock.ts";
import { createAgenda } from "./agenda.ts";
import { movableClock } from "./movable_clock.ts";

test("a moved clock does what is due at its own instant", async () => {
  const clock = movableClock(systemClock());
  const agenda = createAgenda(clock);
  const stop = new AbortController();
  const loop = agenda.loop(stop.signal);
  const start = clock.now();
  const happened: number[] = [];
  for (const hours of [5, 1]) {
    agenda.at(start + hours * hourMs, () => happened.push(Math.round((clock.now() - start) / hourMs)));
  }
  await clock.advance(dayMs, agenda.nextAt);
  assert.deepEqual(happened, [1, 5]);
  assert.ok(clock.now() - start >= dayMs);
  stop.abort();
  await loop;
});

test("a clock that can be moved stays as it is", () => {
  const clock = virtualClock({ start: 0 });
  assert.equal(movableClock(clock), clock);
});
