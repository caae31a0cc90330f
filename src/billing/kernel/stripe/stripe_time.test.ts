import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { begunBefore, createStripeTime } from "./stripe_time.ts";

/** A machine whose wall clock is off, and Stripe, whose clock is right. */
function machine(aheadMs = 0) {
  const { clock } = testPorts({ seed: 1 });
  const begun = clock.now();
  let wallMs = aheadMs;
  let sleptMs = 0;
  const time = createStripeTime({
    ...clock,
    now: () => clock.now() + wallMs,
    monotonicMs: () => clock.monotonicMs() - sleptMs,
  });
  return {
    time,
    truth: () => clock.now(),
    wall: () => clock.now() + wallMs,
    /** Stripe answers a request that took so long. */
    hear: (tookMs = 0, date: Instant = clock.now()) => time.learn(new Date(date).toUTCString(), tookMs),
    set(ms: number) {
      wallMs += ms;
    },
    pass: (ms: number) => clock.advance(ms),
    async sleep(ms: number) {
      sleptMs += ms;
      await clock.advance(ms);
    },
    begun,
  };
}

test("before Stripe's first answer its time is not known, and there is no now", () => {
  const { time, wall } = machine(600 * secondMs);
  assert.equal(time.isKnown(), false);
  assert.equal(time.known(), undefined);
  assert.throws(() => time.now(), { code: "stripe_unreachable" });
  assert.equal(time.latest(), wall());
  time.learn(null, 0);
  time.learn("yesterday", 0);
  assert.equal(time.isKnown(), false, "an answer without a readable Date tells nothing");
});

test("a clock that is right within a second is left alone, and a wrong one is put right", async () => {
  const right = machine(900);
  right.hear();
  assert.equal(right.time.now(), right.wall());
  for (const aheadMs of [600 * secondMs, -600 * secondMs, 2 * hourMs, -30 * secondMs]) {
    const wrong = machine(aheadMs);
    wrong.hear();
    await wrong.pass(hourMs);
    assert.ok(Math.abs(wrong.time.now() - wrong.truth()) <= secondMs, `${aheadMs}`);
    assert.equal(wrong.time.latest(), Math.max(wrong.time.now(), wrong.wall()));
  }
});

test("after the machine slept or its clock was set, Stripe's time is not known until it answers again", async () => {
  const one = machine();
  one.hear();
  await one.sleep(25 * hourMs);
  assert.equal(one.time.isKnown(), false);
  assert.equal(one.time.known(), undefined);
  assert.equal(one.time.latest(), one.truth(), "the wall clock has gone on");
  one.hear();
  assert.equal(one.time.isKnown(), true);
  one.set(-3 * hourMs);
  assert.equal(one.time.isKnown(), false);
  one.hear();
  assert.ok(Math.abs(one.time.now() - one.truth()) <= secondMs);
});

test("a clock that is slewed a little at a time is not one that jumped", async () => {
  const one = machine();
  one.hear();
  for (let n = 0; n < 100; n++) {
    one.set(400);
    assert.equal(one.time.isKnown(), true);
  }
  assert.equal(one.time.now(), one.truth());
});

test("a slow answer does not spoil a quick one, and an answer that contradicts all others is believed", async () => {
  const one = machine();
  one.hear(10);
  one.hear(20 * secondMs, one.truth() - 9 * secondMs);
  assert.equal(one.time.now(), one.truth());
  // A sandbox whose clock was moved by a month.
  one.hear(500, one.truth() + 720 * hourMs);
  assert.ok(Math.abs(one.time.now() - one.truth() - 720 * hourMs) <= 2 * secondMs);
});

test("what an answer knows is never newer than its request, whatever the clock here says", () => {
  const date = Date.UTC(2026, 10, 2, 9);
  const header = new Date(date + 999).toUTCString();
  for (const tookMs of [0, 800, 30 * secondMs]) assert.equal(begunBefore(header, tookMs), date - tookMs - secondMs);
  assert.equal(begunBefore(null, 0), 0);
});
