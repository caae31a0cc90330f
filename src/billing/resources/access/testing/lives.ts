// Lives of customers, drawn by chance, as a log of what happened hour by hour. What billing would have in its mirror is
// made of the log for the policy; the naive model reads the log itself.
import { hourMs } from "#kit/clock.ts";
import type { Random } from "#kit/random.ts";
import type { AccessPolicy, FeatureType } from "../../../api/index.ts";
import type { AccessInput, AskedInvoice, Given, HeldSubscription } from "../policy.ts";

const dayHours = 24;
const monthHours = 30 * dayHours;
export const lifeHours = 80 * dayHours;

export const features: Readonly<Record<string, FeatureType>> = {
  export: "boolean",
  projects: "number",
  seats: "seats",
};
export const plans: Readonly<Record<string, Given>> = {
  basic: { projects: 3, seats: 1 },
  pro: { export: true, projects: "unlimited", seats: 2 },
  extra: { projects: 5, seats: 10, export: false },
};

/** Hours, all of them. */
export interface Sub {
  readonly id: string;
  readonly isSent: boolean;
  readonly quantity: number;
  plan: string;
  from: number;
  to: number;
  trialEnd: number | null;
  status: HeldSubscription["status"];
  isPaused: boolean;
  endsAt: number | null;
  isEndedForGood: boolean;
}

export interface Asked {
  readonly sub: string;
  readonly plan: string;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  readonly dueAt: number | null;
  status: AskedInvoice["status"];
  isAttempted: boolean;
  isProcessing: boolean;
  failedAt: number | null;
  dispute: AskedInvoice["dispute"];
}

export interface Gift {
  readonly feature: string;
  readonly limit: number | null;
  readonly until: number | null;
  isTaken: boolean;
}

/** All that is true at one hour. */
export interface Now {
  readonly subs: Sub[];
  readonly asked: Asked[];
  readonly gifts: Gift[];
}

export interface Life {
  readonly policy: AccessPolicy;
  /** By hour, what is true from then on; hours at which nothing happened are left out. */
  readonly states: ReadonlyMap<number, Now>;
}

export function drawLife(random: Random): Life {
  const chance = (part: number) => random.next() < part;
  const policy: AccessPolicy = {
    graceDays: random.integer(0, 9),
    whileProcessing: chance(0.5),
    whilePaused: chance(0.5),
    whileDisputed: chance(0.5),
  };
  const now: Now = { subs: [], asked: [], gifts: [] };
  const agenda = new Map<number, (() => void)[]>();
  const at = (hour: number, act: () => void) => {
    agenda.set(hour, [...(agenda.get(hour) ?? []), act]);
  };
  const live: Living = { random, chance, now, at, hour: 0 };
  for (let n = random.integer(1, 2); n > 0; n--) at(random.integer(0, 10 * dayHours), () => begin(live));
  for (let n = random.integer(0, 2); n > 0; n--) at(random.integer(0, lifeHours), () => give(live));
  const states = new Map<number, Now>();
  for (let hour = 0; hour < lifeHours; hour++) {
    const due = agenda.get(hour);
    if (due === undefined) continue;
    live.hour = hour;
    for (let nth = 0; nth < (agenda.get(hour)?.length ?? 0); nth++) agenda.get(hour)?.[nth]?.();
    states.set(hour, structuredClone(now));
  }
  return { policy, states };
}

interface Living {
  readonly random: Random;
  readonly chance: (part: number) => boolean;
  readonly now: Now;
  readonly at: (hour: number, act: () => void) => void;
  hour: number;
}

function pick<T>(random: Random, some: readonly T[]): T {
  return some[random.integer(0, some.length - 1)] as T; // There is one.
}

const hourOf = ({ hour }: Living) => hour;

function begin(live: Living): void {
  const { random, chance, now, at } = live;
  const hour = hourOf(live);
  const trial = chance(0.4) ? random.integer(1, 14) * dayHours : 0;
  const sub: Sub = {
    id: `sub_${now.subs.length}`,
    isSent: chance(0.2),
    quantity: random.integer(1, 4),
    plan: pick(random, ["basic", "pro", "extra", "strange"]),
    from: hour,
    to: hour + (trial || monthHours),
    trialEnd: trial === 0 ? null : hour + trial,
    status: trial === 0 ? "active" : "trialing",
    isPaused: false,
    endsAt: null,
    isEndedForGood: false,
  };
  now.subs.push(sub);
  if (trial === 0) ask(live, sub, { isFirst: true });
  else ask(live, sub, { amount: 0 }).status = "paid";
  const acts = [cancelAtEnd, cancelAtOnce, rest, dispute, upgrade];
  for (let n = random.integer(0, 3); n > 0; n--) {
    at(hour + random.integer(1, 60 * dayHours), () => {
      if (sub.status !== "canceled") pick(random, acts)(live, sub);
    });
  }
  at(sub.to, () => renew(live, sub, sub.to));
}

function renew(live: Living, sub: Sub, due: number): unknown {
  const { chance, random, at } = live;
  if (sub.status === "canceled" || sub.to !== due) return;
  if (sub.endsAt !== null && sub.endsAt <= due) return end(sub, true);
  const hear = () => {
    if (sub.status === "canceled" || sub.to !== due) return;
    sub.from = due;
    sub.to = due + monthHours;
    if (sub.status === "trialing") sub.status = "active";
    ask(live, sub, {});
    at(sub.to, () => renew(live, sub, sub.to));
  };
  // What happens at Stripe may be heard of days later.
  if (chance(0.2)) at(due + random.integer(1, 5 * dayHours), hear);
  else hear();
}

function ask(live: Living, sub: Sub, how: { isFirst?: boolean; amount?: number; from?: number }): Asked {
  const { now, at, chance } = live;
  const hour = hourOf(live);
  const asked: Asked = {
    sub: sub.id,
    plan: sub.plan,
    from: how.from ?? sub.from,
    to: sub.to,
    amount: how.amount ?? 10,
    dueAt: sub.isSent ? hour + 5 * dayHours : null,
    status: "draft",
    isAttempted: false,
    isProcessing: false,
    failedAt: null,
    dispute: null,
  };
  now.asked.push(asked);
  if (how.amount === 0) return asked;
  if (how.isFirst && chance(0.2)) sub.status = "incomplete";
  at(hour + 1, () => {
    if (sub.isPaused) {
      if (chance(0.5)) close(asked, "void");
      return;
    }
    asked.status = "open";
    tryToPay(live, sub, asked);
  });
  return asked;
}

function tryToPay(live: Living, sub: Sub, asked: Asked): unknown {
  const { chance, random, at } = live;
  if (asked.status !== "open" || sub.status === "canceled") return;
  const hour = hourOf(live);
  asked.isProcessing = false;
  if (sub.isSent && chance(0.5)) return at(hour + random.integer(1, 20 * dayHours), () => pay(sub, asked));
  asked.isAttempted = true;
  if (chance(0.5)) return pay(sub, asked);
  if (chance(0.3)) {
    asked.isProcessing = true;
    return at(hour + random.integer(1, 8 * dayHours), () => (chance(0.6) ? pay(sub, asked) : fail(live, sub, asked)));
  }
  fail(live, sub, asked);
}

function pay(sub: Sub, asked: Asked): unknown {
  if (asked.status !== "open" && asked.status !== "uncollectible") return;
  asked.status = "paid";
  asked.isProcessing = false;
  if (sub.status === "incomplete" || sub.status === "past_due" || sub.status === "unpaid") sub.status = "active";
}

function fail(live: Living, sub: Sub, asked: Asked): unknown {
  const { chance, random, at } = live;
  if (asked.status !== "open") return;
  const hour = hourOf(live);
  asked.isProcessing = false;
  asked.failedAt ??= hour;
  if (sub.status === "active") sub.status = "past_due";
  if (chance(0.7)) return at(hour + random.integer(1, 4 * dayHours), () => tryToPay(live, sub, asked));
  at(hour + random.integer(1, 4 * dayHours), () => {
    if (asked.status !== "open") return;
    const what = random.integer(0, 4);
    if (what === 0) close(asked, "void");
    if (what === 1) close(asked, "uncollectible");
    if (what === 2) sub.status = sub.status === "incomplete" ? "incomplete_expired" : "unpaid";
    if (what === 3) end(sub, false);
  });
}

function close(asked: Asked, status: Asked["status"]): void {
  asked.status = status;
  asked.isProcessing = false;
}

function end(sub: Sub, isEndedForGood: boolean): void {
  sub.status = "canceled";
  sub.endsAt = null;
  sub.isEndedForGood = isEndedForGood;
}

function cancelAtEnd({ chance }: Living, sub: Sub): void {
  sub.endsAt = chance(0.7) && sub.status !== "incomplete" ? sub.to : null;
}

function cancelAtOnce({ chance, now }: Living, sub: Sub): void {
  if (chance(0.3)) now.asked.push({ ...credit(sub), from: Math.min(sub.from + 1, sub.to) });
  end(sub, chance(0.2));
}

const credit = (sub: Sub): Asked => ({
  sub: sub.id,
  plan: sub.plan,
  from: sub.from,
  to: sub.to,
  amount: -5,
  dueAt: null,
  status: "draft",
  isAttempted: false,
  isProcessing: false,
  failedAt: null,
  dispute: null,
});

function rest(live: Living, sub: Sub): void {
  sub.isPaused = true;
  live.at(hourOf(live) + live.random.integer(1, 40 * dayHours), () => {
    sub.isPaused = false;
  });
}

function dispute({ now, random, chance, at, hour }: Living, sub: Sub): void {
  const paid = now.asked.filter((one) => one.sub === sub.id && one.status === "paid" && one.amount > 0);
  const asked = paid.at(-1);
  if (!asked) return;
  asked.dispute = "open";
  at(hour + random.integer(1, 30 * dayHours), () => {
    asked.dispute = chance(0.5) ? "lost" : null;
  });
}

function upgrade(live: Living, sub: Sub): void {
  if (sub.status !== "active") return;
  sub.plan = "pro";
  if (live.chance(0.7)) ask(live, sub, { from: hourOf(live) });
}

function give(live: Living): void {
  const { now, random, chance, at } = live;
  const hour = hourOf(live);
  const feature = pick(random, Object.keys(features));
  const until = chance(0.6) ? hour + random.integer(1, 30 * dayHours) : null;
  const gift: Gift = { feature, limit: feature === "export" ? null : random.integer(1, 8), until, isTaken: false };
  now.gifts.push(gift);
  if (chance(0.4)) {
    at(hour + random.integer(1, 30 * dayHours), () => {
      gift.isTaken = true;
    });
  }
}

const ms = (hour: number) => hour * hourMs;
const msOrNull = (hour: number | null) => (hour === null ? null : ms(hour));

/** What billing would have gathered. */
export function inputOf({ subs, asked, gifts }: Now, policy: AccessPolicy): AccessInput {
  return {
    policy,
    features,
    sold: new Map(Object.entries(plans)),
    grants: gifts
      .filter(({ isTaken }) => !isTaken)
      .map(({ feature, limit, until }) => ({ feature, limit, until: msOrNull(until) })),
    subscriptions: subs.map((sub) => ({
      id: sub.id,
      status: sub.status,
      isCollectionPaused: sub.isPaused,
      trialEnd: msOrNull(sub.trialEnd),
      endsAt: msOrNull(sub.endsAt),
      isEndedForGood: sub.isEndedForGood,
      daysUntilDue: sub.isSent ? 5 : null,
      items: [
        {
          id: `si_${sub.id}`,
          price: sub.plan,
          quantity: sub.quantity,
          periodStart: ms(sub.from),
          periodEnd: ms(sub.to),
        },
      ],
    })),
    invoices: asked.map((one) => ({
      subscription: one.sub,
      status: one.status,
      remaining: one.status === "paid" ? 0 : one.amount,
      isAttempted: one.isAttempted,
      isProcessing: one.isProcessing,
      failedAt: msOrNull(one.failedAt),
      dueAt: msOrNull(one.dueAt),
      dispute: one.dispute,
      isGivenBack: false,
      lines: [{ item: `si_${one.sub}`, price: one.plan, amount: one.amount, start: ms(one.from), end: ms(one.to) }],
    })),
  };
}
