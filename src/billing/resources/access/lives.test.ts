// Lives drawn by chance, against a second model: one that knows no timeline, goes through a life hour by hour, and asks
// each hour anew what was paid. Every answer is the same at every hour, and what is told is what it saw change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { draws } from "#kit/testing.ts";
import { type AccessPolicy, accessReasons } from "../../api/index.ts";
import { type AccessAnswer, nothing } from "./policy.ts";
import {
  type Asked,
  drawLife,
  features,
  inputOf,
  type Life,
  lifeHours,
  type Now,
  plans,
  type Sub,
} from "./testing/lives.ts";
import { type Span, spanAt, timelineOf, transitions } from "./timeline.ts";

const names = Object.keys(features);

test("answers are those of a model that asks hour by hour, and each change is told once", () => {
  for (let seed = 1; seed <= draws(200, 10_000); seed++) {
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

interface Hour {
  readonly now: Now;
  readonly policy: AccessPolicy;
  readonly hour: number;
  readonly failedAt: readonly number[];
}

type Verdict = [verdict: "yes" | "no", reason: AccessAnswer["reason"], until?: number | undefined];

function answerOf(world: Hour, feature: string): AccessAnswer {
  const given: { verdict: Verdict; value: boolean | number | "unlimited" }[] = [];
  for (const { feature: of, limit, until, isTaken } of world.now.gifts) {
    if (isTaken || of !== feature) continue;
    const isOver = until !== null && world.hour >= until;
    given.push({ verdict: isOver ? ["no", "none"] : ["yes", "granted", until ?? undefined], value: limit ?? true });
  }
  for (const sub of world.now.subs) {
    const value = plans[sub.plan]?.[feature];
    if (value === undefined || value === false) continue;
    given.push({ verdict: verdictOf(world, sub), value: feature === "seats" ? Number(value) * sub.quantity : value });
  }
  let best: Verdict | undefined;
  for (const { verdict } of given) {
    if (!best || isBetter(verdict, best)) best = verdict;
  }
  const none = nothing(features[feature] ?? "boolean");
  if (!best) return none;
  if (best[0] === "no") return { ...none, reason: best[1] };
  let limit: AccessAnswer["limit"] = none.limit;
  for (const { verdict, value } of given) {
    if (verdict[0] === "no" || limit === null || limit === "unlimited") continue;
    if (value === "unlimited") limit = value;
    else limit = feature === "seats" ? limit + Number(value) : Math.max(limit, Number(value));
  }
  return { allowed: true, reason: best[1], limit, until: best[2] === undefined ? null : best[2] * hourMs };
}

function isBetter(one: Verdict, than: Verdict): boolean {
  if (one[0] !== than[0]) return one[0] === "yes";
  const [end, other] = [one[2] ?? 1e9, than[2] ?? 1e9];
  if (end !== other) return end > other;
  return accessReasons.indexOf(one[1]) < accessReasons.indexOf(than[1]);
}

function verdictOf(world: Hour, sub: Sub): Verdict {
  const { hour, policy, now } = world;
  const mine = now.asked.filter((one) => one.sub === sub.id);
  const isDisputed = mine.some((one) => one.dispute === "open");
  if (sub.status === "incomplete_expired") return ["no", "none"];
  if (sub.status === "canceled") {
    const left = sub.isEndedForGood ? undefined : paidUntil(mine, hour);
    if (left === undefined) return ["no", "none"];
    if (!isDisputed) return ["yes", "canceled_with_time_left", left];
    return policy.whileDisputed ? ["yes", "disputed", left] : ["no", "disputed"];
  }
  if (sub.endsAt !== null && hour >= sub.endsAt) return ["no", "none"];
  if (isDisputed && !policy.whileDisputed) return ["no", "disputed"];
  const [verdict, reason, until] = running(world, sub, mine);
  if (verdict === "no") return [verdict, reason];
  const end = sub.endsAt === null ? until : Math.min(sub.endsAt, until ?? 1e9);
  if (isDisputed) return [verdict, "disputed", end];
  return [verdict, sub.endsAt !== null && reason === "active" ? "canceled_with_time_left" : reason, end];
}

/** Of one that was canceled at once: to the end of what was paid, unless the rest was given back. */
function paidUntil(mine: readonly Asked[], hour: number): number | undefined {
  const here = mine.filter((one) => one.status !== "void" && one.from <= hour && hour < one.to);
  let newest = -1;
  let isCredit = false;
  for (const { from, amount } of here) {
    if (from > newest) [newest, isCredit] = [from, true];
    if (from === newest && amount >= 0) isCredit = false;
  }
  const paid = here.filter((one) => one.amount > 0 && one.status === "paid" && one.dispute !== "lost");
  return paid.length === 0 || isCredit ? undefined : Math.max(...paid.map(({ to }) => to));
}

function running(world: Hour, sub: Sub, mine: readonly Asked[]): Verdict {
  const { hour, policy } = world;
  const byPolicy = (isAllowed: boolean, reason: AccessAnswer["reason"]): Verdict => [isAllowed ? "yes" : "no", reason];
  if (sub.trialEnd !== null && sub.status === "trialing" && hour < sub.trialEnd) return ["yes", "trial", sub.trialEnd];
  if (sub.status === "incomplete") {
    return mine.some((one) => one.isProcessing) ? byPolicy(policy.whileProcessing, "processing") : ["no", "unpaid"];
  }
  let asking = mine.filter((one) => one.amount >= 0 && one.from <= hour && hour < one.to);
  if (asking.some((one) => one.plan === sub.plan)) asking = asking.filter((one) => one.plan === sub.plan);
  const debt = hoursInDebt(world, sub);
  const graceHours = policy.graceDays * 24;
  const inDebt = (): Verdict => (debt < graceHours ? ["yes", "grace", hour - debt + graceHours] : ["no", "unpaid"]);
  const lent = (since: number): Verdict => {
    const lentHours = (4 + (sub.isSent ? 5 : 0)) * 24;
    return sub.status !== "unpaid" && hour - since < lentHours ? ["yes", "active"] : ["no", "unpaid"];
  };
  if (asking.length === 0) {
    if (debt >= 0) return inDebt();
    if (sub.isPaused) return byPolicy(policy.whilePaused, "paused");
    return lent(hour >= sub.to ? sub.to : sub.from);
  }
  if (asking.some((one) => one.dispute === "lost")) return ["no", "disputed"];
  const open = asking.filter((one) => one.status !== "paid" && !(one.status === "void" && !one.isAttempted));
  const waived = asking.filter((one) => one.status === "void" && !one.isAttempted);
  const dropped = open.filter((one) => one.status === "void" || one.status === "uncollectible");
  if (dropped.some((one) => one.isAttempted || !sub.isPaused)) return ["no", "unpaid"];
  if (open.length === 0 && (waived.length === 0 || !sub.isPaused)) return ["yes", "active"];
  if (debt >= 0) return inDebt();
  if (sub.isPaused) return byPolicy(policy.whilePaused, "paused");
  if (open.some((one) => one.isProcessing)) return byPolicy(policy.whileProcessing, "processing");
  if (open.every((one) => one.status === "open" && one.dueAt !== null)) return ["yes", "active"];
  return lent(Math.min(...open.map(({ from }) => from)));
}

/** For how long something that is open by now has been owed; -1 where nothing is. */
function hoursInDebt({ now, hour, failedAt }: Hour, sub: Sub): number {
  let longest = -1;
  for (const [nth, one] of now.asked.entries()) {
    if (one.sub !== sub.id || one.status !== "open" || one.isProcessing) continue;
    const seen = failedAt[nth];
    if (seen !== undefined) longest = Math.max(longest, hour - seen);
    if (one.dueAt !== null && one.dueAt <= hour) longest = Math.max(longest, hour - one.dueAt);
  }
  return longest;
}
