// The policy, situation by situation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type AccessPolicy, accessPolicyDefault } from "../../api/index.ts";
import { type AccessInput, type AskedInvoice, accessAt, type HeldSubscription } from "./policy.ts";

/** Days are told from the beginning of the period: it is thirty days long. */
const at = (day: number) => day * dayMs;

interface Situation {
  readonly subscription?: Partial<HeldSubscription>;
  /** Of the period; none at all where it is null. */
  readonly invoice?: Partial<AskedInvoice> | null;
  readonly others?: readonly Partial<AskedInvoice>[];
  readonly grants?: AccessInput["grants"];
  readonly policy?: Partial<AccessPolicy>;
  readonly price?: string;
  readonly day: number;
}

const line = { item: "si_1", price: "price_pro", amount: 1900, start: at(0), end: at(30) };
const paid: AskedInvoice = {
  subscription: "sub_1",
  status: "paid",
  remaining: 0,
  isAttempted: true,
  isProcessing: false,
  failedAt: null,
  dueAt: null,
  dispute: null,
  isGivenBack: false,
  lines: [line],
};
const open = { status: "open", remaining: 1900 } as const;
const failed = { ...open, failedAt: at(0) } as const;

function inputOf({ subscription, invoice = {}, others = [], grants = [], policy, price }: Situation): AccessInput {
  const held: HeldSubscription = {
    id: "sub_1",
    status: "active",
    isCollectionPaused: false,
    trialEnd: null,
    endsAt: null,
    isEndedForGood: false,
    daysUntilDue: null,
    items: [{ id: "si_1", price: price ?? "price_pro", quantity: 2, periodStart: at(0), periodEnd: at(30) }],
    ...subscription,
  };
  return {
    subscriptions: [held],
    invoices: [...(invoice === null ? [] : [invoice]), ...others].map((one) => ({ ...paid, ...one })),
    grants,
    features: { projects: "number" },
    sold: new Map([["price_pro", { projects: 10 }]]),
    policy: { ...accessPolicyDefault, ...policy },
  };
}

/** In words: yes or no, why, and until which day. */
function said(situation: Situation): string {
  const answer = accessAt(inputOf(situation), at(situation.day)).get("projects");
  if (!answer) return "nothing";
  const until = answer.until === null ? "" : ` until ${answer.until / dayMs}`;
  return `${answer.allowed ? "yes" : "no"}, ${answer.reason}${until}`;
}

const trial = { status: "trialing", trialEnd: at(30) } as const;
const canceled = { status: "canceled" } as const;
const cases: readonly (readonly [what: string, situation: Situation, said: string])[] = [
  ["the period is paid", { day: 3 }, "yes, active"],
  ["and past_due for another", { day: 3, subscription: { status: "past_due" } }, "yes, active"],
  ["it owes nothing", { day: 3, invoice: { status: "open", remaining: 0 } }, "yes, active"],
  ["the price is not of the catalog", { day: 3, price: "price_other" }, "nothing"],
  ["a draft", { day: 0, invoice: { status: "draft", remaining: 1900, isAttempted: false } }, "yes, active"],
  ["a draft for ever", { day: 4, invoice: { status: "draft", remaining: 1900, isAttempted: false } }, "no, unpaid"],
  ["unpaid makes drafts", { day: 0, subscription: { status: "unpaid" }, invoice: null }, "no, unpaid"],
  ["nothing is heard of the next", { day: 33 }, "yes, active"],
  ["and never will be", { day: 34 }, "no, unpaid"],
  ["a failure", { day: 0, invoice: failed }, "yes, grace until 7"],
  ["its grace is over", { day: 7, invoice: failed }, "no, unpaid"],
  ["no grace at all", { day: 0, invoice: failed, policy: { graceDays: 0 } }, "no, unpaid"],
  [
    "an older debt",
    { day: 1, invoice: failed, others: [{ ...failed, failedAt: at(-3), lines: [] }] },
    "yes, grace until 4",
  ],
  [
    "an older debt, and this one is paid",
    { day: 1, others: [{ ...failed, failedAt: at(-30), lines: [] }] },
    "yes, active",
  ],
  ["voided after a failed debit", { day: 1, invoice: { ...failed, status: "void" } }, "no, unpaid"],
  ["voided after a debit of which no failure was heard", { day: 1, invoice: { status: "void" } }, "no, unpaid"],
  ["waived", { day: 1, invoice: { status: "void", isAttempted: false } }, "yes, active"],
  ["written off", { day: 1, invoice: { ...failed, status: "uncollectible" } }, "no, unpaid"],
  ["the bank is at it", { day: 9, invoice: { ...open, isProcessing: true } }, "yes, processing"],
  [
    "and that is not enough",
    { day: 9, invoice: { ...open, isProcessing: true }, policy: { whileProcessing: false } },
    "no, processing",
  ],
  ["the first payment failed", { day: 0, subscription: { status: "incomplete" }, invoice: failed }, "no, unpaid"],
  ["and was given up", { day: 1, subscription: { status: "incomplete_expired" }, invoice: failed }, "no, none"],
  [
    "not due yet",
    { day: 9, subscription: { daysUntilDue: 10 }, invoice: { ...open, isAttempted: false, dueAt: at(10) } },
    "yes, active",
  ],
  [
    "overdue",
    { day: 10, subscription: { daysUntilDue: 10 }, invoice: { ...open, isAttempted: false, dueAt: at(10) } },
    "yes, grace until 17",
  ],
  ["a trial", { day: 3, subscription: trial, invoice: null }, "yes, trial until 30"],
  ["a trial that is over, unheard", { day: 30, subscription: trial, invoice: null }, "yes, active"],
  [
    "a trial that will end",
    { day: 3, subscription: { ...trial, endsAt: at(30) }, invoice: null },
    "yes, trial until 30",
  ],
  ["a trial without a method is paused", { day: 31, subscription: { status: "paused" } }, "no, paused"],
  ["a rest, in what was paid", { day: 3, subscription: { isCollectionPaused: true } }, "yes, active"],
  [
    "a rest, and its invoice is voided",
    { day: 3, subscription: { isCollectionPaused: true }, invoice: { status: "void", isAttempted: false } },
    "no, paused",
  ],
  ["a rest, past what was paid", { day: 31, subscription: { isCollectionPaused: true } }, "no, paused"],
  [
    "a rest that the policy allows",
    { day: 31, subscription: { isCollectionPaused: true }, policy: { whilePaused: true } },
    "yes, paused",
  ],
  [
    "a rest is not a way out of a debt",
    { day: 8, subscription: { isCollectionPaused: true }, invoice: failed },
    "no, unpaid",
  ],
  ["disputed", { day: 3, invoice: { dispute: "open" } }, "no, disputed"],
  ["of another period", { day: 3, others: [{ dispute: "open", lines: [] }] }, "no, disputed"],
  [
    "disputed, and the policy waits",
    { day: 3, invoice: { dispute: "open" }, policy: { whileDisputed: true } },
    "yes, disputed",
  ],
  ["lost", { day: 3, invoice: { dispute: "lost" }, policy: { whileDisputed: true } }, "no, disputed"],
  ["another period was lost", { day: 3, others: [{ dispute: "lost", lines: [] }] }, "yes, active"],
  ["it will end", { day: 3, subscription: { endsAt: at(30) } }, "yes, canceled_with_time_left until 30"],
  ["it has ended, unheard", { day: 30, subscription: { endsAt: at(30) } }, "no, none"],
  ["in grace, and it will end", { day: 1, subscription: { endsAt: at(5) }, invoice: failed }, "yes, grace until 5"],
  ["canceled at once", { day: 3, subscription: canceled }, "yes, canceled_with_time_left until 30"],
  ["canceled at once, and time is over", { day: 30, subscription: canceled }, "no, none"],
  ["canceled at once, never paid", { day: 3, subscription: canceled, invoice: failed }, "no, none"],
  ["canceled in a trial", { day: 3, subscription: canceled, invoice: { lines: [{ ...line, amount: 0 }] } }, "no, none"],
  [
    "canceled at once, and given back",
    {
      day: 4,
      subscription: canceled,
      others: [{ status: "draft", lines: [{ ...line, amount: -1500, start: at(3) }] }],
    },
    "no, none",
  ],
  ["canceled at once, and refunded", { day: 3, subscription: canceled, invoice: { isGivenBack: true } }, "no, none"],
  ["refunded, and not canceled", { day: 3, invoice: { isGivenBack: true } }, "yes, active"],
  ["canceled for a dispute", { day: 3, subscription: { ...canceled, isEndedForGood: true } }, "no, none"],
  [
    "granted",
    { day: 3, invoice: failed, grants: [{ feature: "projects", limit: 1, until: at(9) }] },
    "yes, granted until 9",
  ],
  [
    "granted for ever",
    { day: 9, invoice: failed, grants: [{ feature: "projects", limit: 1, until: null }] },
    "yes, granted",
  ],
  [
    "granted until then",
    { day: 9, invoice: failed, grants: [{ feature: "projects", limit: 1, until: at(9) }] },
    "no, unpaid",
  ],
];

for (const [what, situation, expected] of cases) {
  test(`${what}: ${expected}`, () => {
    assert.equal(said(situation), expected);
  });
}

test("several are summed: a boolean is any, a number the largest, seats are added up", () => {
  const base = inputOf({ day: 1 });
  const [subscription] = base.subscriptions;
  assert.ok(subscription);
  const item = { id: "si_2", quantity: 3, periodStart: at(0), periodEnd: at(30) };
  const second = { ...subscription, id: "sub_2", items: [{ ...item, price: "price_team" }] };
  const input: AccessInput = {
    ...base,
    subscriptions: [subscription, second],
    invoices: [
      ...base.invoices,
      { ...paid, subscription: "sub_2", lines: [{ ...line, item: "si_2", price: "price_team" }] },
    ],
    features: { export: "boolean", projects: "number", api: "number", seats: "seats" },
    sold: new Map([
      ["price_pro", { export: false, projects: 10, api: 100, seats: 1 }],
      ["price_team", { export: true, projects: 5, api: "unlimited", seats: 4 }],
    ]),
    grants: [{ feature: "seats", limit: 7, until: null }],
  };
  const limits = [...accessAt(input, at(1))].map(([feature, { allowed, limit }]) => [feature, allowed, limit]);
  assert.deepEqual(Object.fromEntries(limits.map(([feature, ...rest]) => [feature, rest])), {
    export: [true, null],
    projects: [true, 10],
    api: [true, "unlimited"],
    seats: [true, 2 * 1 + 3 * 4 + 7],
  });
});

test("a change in the middle of a period is had when what it asks for is paid", () => {
  const update = { ...line, price: "price_pro", start: at(10) };
  const cycle = { lines: [{ ...line, price: "price_basic" }] };
  const changed = (invoice: Partial<AskedInvoice>): Situation => ({
    day: 11,
    invoice: cycle,
    others: [{ ...invoice, lines: [update] }],
  });
  assert.equal(said(changed({})), "yes, active");
  assert.equal(said(changed({ ...open, failedAt: at(10) })), "yes, grace until 17");
  assert.equal(said({ day: 11, invoice: cycle }), "yes, active", "what is asked for with the next period is lent");
});
