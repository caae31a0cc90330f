// The second model of access: it knows no timeline and stores nothing. At an instant it goes through all that was asked
// of a customer, and asks anew what was paid.
import { hourMs } from "#kit/clock.ts";
import { type AccessPolicy, accessReasons } from "../../../api/index.ts";
import { type AccessAnswer, nothing } from "../policy.ts";
import { type Asked, features, type Now, plans, type Sub } from "./lives.ts";

/** All that was true at an instant of a life: hours, and parts of them. */
export interface Hour {
  readonly now: Now;
  readonly policy: AccessPolicy;
  readonly hour: number;
  readonly failedAt: readonly number[];
}

type Verdict = [verdict: "yes" | "no", reason: AccessAnswer["reason"], until?: number | undefined];

/** By what was asked and paid, with nothing that was reckoned before. */
export function answerOf(world: Hour, feature: string): AccessAnswer {
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
