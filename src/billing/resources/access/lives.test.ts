// Lives drawn by chance, against a second model: one that knows no timeline, goes through a life hour by hour, and asks
// each hour anew what was paid. Every answer is the same at every hour, and what is told is what it saw change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { draws } from "#kit/testing.ts";
import { type AccessAnswer, nothing } from "./policy.ts";
import { drawLife, features, inputOf, type Life, lifeHours, type Now } from "./testing/lives.ts";
import { answerOf } from "./testing/naive.ts";
import { type Span, spanAt, timelineOf, transitions } from "./timeline.ts";

const names = Object.keys(features);

test("answers are those of a model that asks hour by hour, and each change is told once", () => {
  for (let seed = 1; seed <= draws(60, 10_000); seed++) {
    const life = drawLife(seededRandom(seed, "lives"));
    const { answers, told } = lived(life, seededRandom(seed, "late timers"));
    const naive = goneThrough(life);
    for (const feature of names) {
      const differs = naive.answers[feature]?.findIndex((answer, hour) => answer !== answers[feature]?.[hour]) ?? -1;
      const at = `seed ${seed}, hour ${differs}, ${feature}`;
      assert.equal(answers[feature]?.[differs], naive.answers[feature]?.[differs], at);
      assert.deepEqual(told[feature], naive.told[feature], `seed ${seed}, ${feature}`);
    }
  }
});

interface Lived {
  readonly answers: Record<string, string[]>;
  readonly told: Record<string, string[]>;
}

const empty = (): Lived => ({
  answers: Object.fromEntries(names.map((name) => [name, []])),
  told: Object.fromEntries(names.map((name) => [name, []])),
});

const text = ({ allowed, reason, limit, until }: AccessAnswer) => JSON.stringify([allowed, reason, limit, until]);

/** As it is stored and read: reckoned when something happens, and by timers that come late. */
function lived({ states, policy }: Life, random: ReturnType<typeof seededRandom>): Lived {
  const lived = empty();
  let now: Now = { subs: [], asked: [], gifts: [] };
  let stored: ReadonlyMap<string, readonly Span[]> = new Map();
  let timerAt = Number.POSITIVE_INFINITY;
  for (let hour = 0; hour < lifeHours; hour++) {
    const happened = states.get(hour);
    now = happened ?? now;
    const isLast = hour === lifeHours - 1;
    if (happened || timerAt <= hour || isLast) {
      const spans = timelineOf(inputOf(now, policy), hour * hourMs);
      for (const name of names) {
        const none = nothing(features[name] ?? "boolean");
        const before = stored.get(name) ?? [{ ...none, from: 0 }];
        const answer = spans.get(name)?.[0] ?? none;
        for (const one of transitions(before, { answer, now: hour * hourMs })) lived.told[name]?.push(text(one.answer));
      }
      stored = spans;
      const turns = [...spans.values()].flatMap((some) => some[1]?.from ?? []);
      timerAt = Math.min(Number.POSITIVE_INFINITY, ...turns.map((at) => at / hourMs)) + random.integer(0, 40);
    }
    for (const name of names) {
      const current = spanAt(stored.get(name) ?? [], hour * hourMs);
      lived.answers[name]?.push(text(current?.answer ?? nothing(features[name] ?? "boolean")));
    }
  }
  return lived;
}

/** The second model. */
function goneThrough({ states, policy }: Life): Lived {
  const lived = empty();
  const failedAt: number[] = []; // by invoice: when it was first seen to have failed
  let now: Now = { subs: [], asked: [], gifts: [] };
  for (let hour = 0; hour < lifeHours; hour++) {
    now = states.get(hour) ?? now;
    for (const [nth, one] of now.asked.entries()) if (one.failedAt !== null) failedAt[nth] ??= hour;
    const world = { now, policy, hour, failedAt };
    for (const name of names) {
      const answer = text(answerOf(world, name));
      const before = lived.answers[name]?.at(-1) ?? text(nothing(features[name] ?? "boolean"));
      if (answer !== before) lived.told[name]?.push(answer);
      lived.answers[name]?.push(answer);
    }
  }
  return lived;
}
