// What is free for a while: its first invoice, its end, and what becomes of who has nothing to pay with.
import {
  balance,
  day,
  invoice,
  line,
  lines,
  type Period,
  price,
  subscribe,
  subscription,
  update,
  waiting,
} from "./calls.ts";
import type { Play, Shown, Step } from "./play.ts";

const newest = "2026-08-26.dahlia";
const begun = 1_789_948_570;
const month = 30 * day;

/** Of nothing, nobody tries to collect anything. */
const free = (second: number): Shown => ({
  created: second,
  period_start: second,
  period_end: second,
  billing_reason: "subscription_create",
  status: "paid",
  attempted: true,
  attempt_count: 0,
  subtotal: 0,
  total: 0,
  amount_due: 0,
  starting_balance: 0,
  ending_balance: 0,
});

interface Free {
  readonly version: string;
  readonly start: number;
  readonly days: number;
  readonly amount: number;
  readonly text: string;
}

const firstFree = ({ version, start, days, amount, text }: Free): Play => ({
  why: `${days} days are free under ${version}: ${text}`,
  sure: "recorded",
  seen: { "trial-first-invoice": 1 },
  version,
  start,
  steps: [
    price("plan", amount, { label: "user" }),
    subscribe("plan", `trial_period_days=${days}`, { status: "trialing", trial_end: start + days * day }),
    ...invoice({
      ...free(start),
      lines: lines(
        line(0, text, [start, start + days * day], {
          quantity: 1,
          discountable: true,
          ...(version < "2025-03-31" && { type: "subscription", proration: false }),
        }),
      ),
    }),
  ],
});

const itemsOf = ([start, end]: Period): Shown => ({
  data: [{ current_period_start: start, current_period_end: end }],
});

const pausing = "&trial_settings[end_behavior][missing_payment_method]=pause";

/** Their trial has ended without anything to pay with. */
const paused: readonly Step[] = [
  price("plan", 1000),
  subscribe("plan", `trial_period_days=14${pausing}`, { status: "trialing", pending_setup_intent: /^seti_/ }),
  { until: begun + 4 },
  update("trial_end=now", {
    status: "paused",
    latest_invoice: "{subscription.latest_invoice}",
    items: itemsOf([begun, begun + 4]),
  }),
];

const july = (dayOfMonth: number) => Date.UTC(2026, 6, dayOfMonth) / 1000;

export const trialPlays: readonly Play[] = [
  firstFree({
    version: "2023-08-16",
    start: 1_692_649_630,
    days: 15,
    amount: 2500,
    text: "Trial period for Plan (per user)",
  }),
  firstFree({
    version: "2024-06-20",
    start: 1_723_306_017,
    days: 15,
    amount: 2500,
    text: "Trial period for Plan (per user)",
  }),
  firstFree({
    version: "2025-03-31.basil",
    start: 1_744_917_035,
    days: 14,
    amount: 1000,
    text: "Trial period for Plan (per user)",
  }),
  firstFree({
    version: "2025-10-29.clover",
    start: 1_761_934_518,
    days: 14,
    amount: 1000,
    text: "Free trial for 1 user × Plan",
  }),
  firstFree({
    version: "2026-03-25.dahlia",
    start: 1_774_905_677,
    days: 15,
    amount: 2500,
    text: "Free trial for 1 user × Plan",
  }),
  {
    why: "a trial that is ended by a call is paid at once, and all begins then",
    sure: "recorded",
    seen: { "trial-end": 1, "subscription-lifecycle": 1 },
    version: newest,
    start: begun,
    steps: [
      price("plan", 1000),
      subscribe("plan", "trial_period_days=14", {
        status: "trialing",
        billing_cycle_anchor: begun + 14 * day,
        items: itemsOf([begun, begun + 14 * day]),
      }),
      { until: begun + 2 },
      // Stripe had a second between the call and what it did.
      update("trial_end=now", {
        status: "active",
        start_date: begun,
        trial_start: begun,
        trial_end: begun + 2,
        billing_cycle_anchor: begun + 2,
        items: itemsOf([begun + 2, begun + 2 + month]),
      }),
      ...invoice({ billing_reason: "subscription_update", status: "paid", total: 1000, number: /-0002$/ }),
    ],
  },
  {
    why: "a trial is not ended by a call where nobody can pay, and nothing is written",
    sure: "recorded",
    seen: { "trial-end": 1 },
    version: newest,
    start: begun,
    card: null,
    steps: [
      price("plan", 1000),
      subscribe("plan", "trial_period_days=14"),
      { until: begun + 2 },
      { ...update("trial_end=now"), as: undefined, refused: { status: 400, code: "resource_missing" } },
      subscription({ status: "trialing", latest_invoice: "{subscription.latest_invoice}" }),
    ],
  },
  {
    why: "a trial of who is sent invoices ends with a draft, whoever has nothing to pay with",
    sure: "recorded",
    seen: { "trial-end": 1 },
    version: newest,
    start: begun,
    card: null,
    steps: [
      price("plan", 1000),
      subscribe("plan", "trial_period_days=14&collection_method=send_invoice&days_until_due=30"),
      { until: begun + 2 },
      update("trial_end=now", { status: "active" }),
      ...invoice({
        status: "draft",
        auto_advance: true,
        attempted: false,
        attempt_count: 0,
        total: 1000,
        due_date: begun + 2 + 30 * day,
      }),
    ],
  },
  {
    why: "a trial of somebody who is billed gives back what is unused",
    sure: "recorded",
    seen: { "trial-add-to-active": 1 },
    version: newest,
    start: begun,
    steps: [
      price("plan", 3000),
      subscribe("plan"),
      { until: begun + month / 2 },
      update(`trial_end=${begun + month}`, {
        status: "trialing",
        trial_start: begun + month / 2,
        billing_cycle_anchor: begun + month,
        items: itemsOf([begun + month / 2, begun + month]),
      }),
      ...invoice({
        billing_reason: "subscription_update",
        attempt_count: 0,
        status: "paid",
        lines: lines(
          line(-1500, "Unused time on Plan after 05 Oct 2026", [begun + month / 2, begun + month]),
          line(0, "Free trial for 1 × Plan", [begun + month / 2, begun + month]),
        ),
      }),
      balance(-1500),
    ],
  },
  {
    why: "a price's own trial is nobody's who does not ask for it",
    sure: "recorded",
    seen: { "trial-price-default": 1 },
    version: newest,
    steps: [
      price("plan", 1000, { form: "&recurring[trial_period_days]=7" }),
      subscribe("plan", "", { status: "active", trial_end: null }),
    ],
  },
  {
    why: "a trial up to before the anchor: then a part of the month, then all of it",
    sure: "documented",
    seen: { "trial-anchor": 1 },
    start: Date.UTC(2027, 3, 15) / 1000,
    steps: [
      price("plan", 3000),
      subscribe("plan", `trial_period_days=7&billing_cycle_anchor=${Date.UTC(2027, 4, 1) / 1000}`),
      { until: Date.UTC(2027, 3, 22, 2) / 1000 },
      ...invoice({
        total: 900,
        lines: lines(
          line(900, "Remaining time on Plan after 22 Apr 2027", [
            Date.UTC(2027, 3, 22) / 1000,
            Date.UTC(2027, 4, 1) / 1000,
          ]),
        ),
      }),
      { until: Date.UTC(2027, 4, 1, 2) / 1000 },
      ...invoice({
        total: 3000,
        lines: lines(
          line(3000, "1 × Plan (at $30.00 / month)", [Date.UTC(2027, 4, 1) / 1000, Date.UTC(2027, 5, 1) / 1000]),
        ),
      }),
    ],
  },
  {
    why: "a trial moves the day of the bill: nothing is billed until then",
    sure: "documented",
    seen: { "trial-to-shift": 1 },
    start: Date.UTC(2026, 5, 23) / 1000,
    steps: [
      price("plan", 1000),
      subscribe("plan"),
      { until: july(15) },
      update(`trial_end=${july(32)}&proration_behavior=none`, { status: "trialing", billing_cycle_anchor: july(32) }),
      ...invoice({ billing_reason: "subscription_create" }),
      waiting(),
      { until: july(24) },
      ...invoice({ billing_reason: "subscription_create" }),
      { until: july(32) + 3700 },
      subscription({ status: "active", billing_cycle_anchor: july(32) }),
      ...invoice({ billing_reason: "subscription_cycle", total: 1000, created: july(32), status: "paid" }),
    ],
  },
  {
    why: "who was paused is asked to pay a new period, and stays paused until then",
    sure: "recorded",
    seen: { resume: 1, "subscription-lifecycle": 1 },
    version: newest,
    start: begun,
    card: null,
    steps: [
      ...paused,
      { until: begun + 12 },
      {
        call: "POST /v1/subscriptions/{subscription.id}/resume",
        as: "subscription",
        shows: {
          status: "paused",
          latest_invoice: /^in_/,
          pending_setup_intent: "{subscription.pending_setup_intent}",
          pending_update: {
            billing_cycle_anchor: null,
            cancel_at_period_end: null,
            discount: null,
            discounts: null,
            expires_at: begun + 12 + 82_800,
            metadata: null,
            subscription_items: null,
            trial_end: null,
            trial_from_plan: null,
          },
        },
      },
      ...invoice({ billing_reason: "subscription_cycle", status: "open", attempted: false, created: begun + 12 }),
    ],
  },
];
