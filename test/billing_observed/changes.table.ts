// What a change of a subscription is billed by, to the cent and to the second.
import { balance, change, day, invoice, line, lines, price, subscribe, update, waiting } from "./calls.ts";
import type { Play, Shown, Step } from "./play.ts";

const april = Date.UTC(2027, 3, 1) / 1000;
const always = "&proration_behavior=always_invoice";
const classic = "billing_mode[type]=classic";
const newest = "2026-08-26.dahlia";

interface Swap {
  readonly version: string;
  readonly start: number;
  readonly at: number;
  readonly end: number;
  readonly next: number;
  readonly text: string;
}

const isOld = (version: string) => version < "2025-03-31";

const prorationOf = (version: string, proration: boolean): Shown =>
  isOld(version)
    ? { proration, type: proration ? "invoiceitem" : "subscription" }
    : { parent: { type: "subscription_item_details", subscription_item_details: { proration } } };

/** A month becomes a year, and the anchor moves: the year is billed whole. */
const toYear = ({ version, start, at, end, next, text }: Swap, anchor = ""): Play => ({
  why: `a month becomes a year at ${at}`,
  sure: "recorded",
  seen: { "proration-update": 1 },
  version,
  start,
  steps: [
    price("monthly", 2500, { label: "user" }),
    price("yearly", 25_000, { interval: "year", label: "user" }),
    subscribe("monthly"),
    { until: at },
    change(`[price]={yearly.id}&items[0][quantity]=1${always}${anchor}`, { billing_cycle_anchor: at }),
    ...invoice({
      billing_reason: "subscription_update",
      status: "paid",
      subtotal: 22_500,
      total: 22_500,
      amount_due: 22_500,
      attempted: true,
      attempt_count: 1,
      starting_balance: 0,
      ending_balance: 0,
      period_start: at,
      period_end: at,
      created: at,
      lines: lines(
        line(-2500, `Unused time on Plan after ${text}`, [at, end], {
          quantity: 1,
          discountable: false,
          ...prorationOf(version, true),
        }),
        line(25_000, "1 user × Plan (at $250.00 / year)", [at, next], {
          quantity: 1,
          discountable: true,
          ...prorationOf(version, false),
        }),
      ),
    }),
  ],
});

/** Where nothing is left to be paid nobody tries to. */
const settled = (total: number): Shown => ({
  total,
  subtotal: total,
  amount_due: 0,
  amount_paid: 0,
  status: "paid",
  attempted: true,
  attempt_count: 0,
  auto_advance: false,
  starting_balance: 0,
  ending_balance: total,
  billing_reason: "subscription_update",
});

/** What moved the customer's balance, newest first. */
const movements = (...data: readonly Shown[]): Step => ({
  call: "GET /v1/customers/{customer}/balance_transactions",
  shows: { data },
});

interface Tie {
  readonly start: number;
  readonly at: number;
  readonly form: string;
  readonly debit: Shown;
  readonly total: number;
  readonly seen: Play["seen"];
}

/** A four-hundredth of the month is left, so that both sides are exact halves. What is too little to charge stays. */
const tie = ({ start, at, form, debit, total, seen }: Tie): Play => ({
  why: `halves go down, and ${total} waits for the next invoice`,
  sure: "recorded",
  seen,
  version: newest,
  start,
  steps: [
    price("plan", 1000),
    price("other", 1800),
    subscribe("plan"),
    { until: at },
    change(`${form}${always}&proration_date=${start + 30 * day - 6480}`),
    ...invoice({
      ...settled(total),
      number: /-0002$/,
      period_start: start,
      period_end: at,
      rendering: null,
      lines: lines(
        line(-3, "Unused time on Plan after 21 Oct 2026", [start + 30 * day - 6480, start + 30 * day], { quantity: 1 }),
        debit,
      ),
    }),
    balance(total),
    movements({ amount: total, ending_balance: total }),
    subscribe("plan"),
    ...invoice({
      starting_balance: total,
      total: 1000,
      amount_due: 1000 + total,
      amount_paid: 1000 + total,
      ending_balance: 0,
      attempt_count: 1,
      status: "paid",
    }),
  ],
});

/** From 1000 to 2000 in silence, and back at once. */
const backAgain = (mode: string, given: number, total: number): Play => ({
  why: `what was never billed is given back, or not, in ${mode}`,
  sure: "documented",
  seen: { "proration-doc": 1 },
  start: april,
  steps: [
    price("plan", 1000),
    price("dearer", 2000),
    subscribe("plan", `billing_mode[type]=${mode}`),
    { until: april + 10 * day },
    change("[price]={dearer.id}&proration_behavior=none"),
    { until: april + 20 * day },
    change(`[price]={plan.id}${always}`),
    ...invoice({
      total,
      lines: lines(
        line(given, "Unused time on Plan after 21 Apr 2027"),
        line(333, "Remaining time on Plan after 21 Apr 2027"),
      ),
    }),
  ],
});

const halfOfTwo = (mode: string, credit: number): Play => ({
  why: `five dollars off two items, one of which goes half way in ${mode}`,
  sure: "documented",
  seen: { "proration-discount": 1 },
  start: april,
  steps: [
    price("one", 1000),
    price("two", 2000),
    { call: "POST /v1/coupons", form: "amount_off=500&currency=usd&duration=forever", as: "coupon" },
    subscribe(["one", "two"], `discounts[0][coupon]={coupon.id}&billing_mode[type]=${mode}`),
    { until: april + 15 * day },
    change("[deleted]=true"),
    waiting(
      line(credit, "Unused time on Plan (with $5.00 off) after 16 Apr 2027", [april + 15 * day, april + 30 * day]),
    ),
  ],
});

const silver = 1_596_749_288;
const silverEnd = 1_599_427_688;
const goldAt = 1_598_982_148;

export const changePlays: readonly Play[] = [
  toYear({
    version: "2024-06-20",
    start: 1_723_305_506,
    at: 1_723_305_509,
    end: 1_725_983_906,
    next: 1_754_841_509,
    text: "10 Aug 2024",
  }),
  toYear({
    version: "2025-02-24.acacia",
    start: 1_743_019_113,
    at: 1_743_019_120,
    end: 1_745_697_513,
    next: 1_774_555_120,
    text: "26 Mar 2025",
  }),
  toYear({
    version: "2025-02-24.acacia",
    start: 1_743_019_153,
    at: 1_743_019_157,
    end: 1_745_697_553,
    next: 1_774_555_157,
    text: "26 Mar 2025",
  }),
  toYear({
    version: "2025-03-31.basil",
    start: 1_744_915_948,
    at: 1_744_915_951,
    end: 1_747_507_948,
    next: 1_776_451_951,
    text: "17 Apr 2025",
  }),
  toYear(
    {
      version: "2025-10-29.clover",
      start: 1_761_933_991,
      at: 1_761_933_995,
      end: 1_764_525_991,
      next: 1_793_469_995,
      text: "31 Oct 2025",
    },
    "&billing_cycle_anchor=now",
  ),
  {
    why: "a month becomes a year on the old anchor: but for four seconds all of it",
    sure: "recorded",
    seen: {},
    start: 1_762_799_351,
    steps: [
      price("monthly", 2500),
      price("yearly", 25_000, { interval: "year" }),
      subscribe("monthly"),
      { until: 1_762_799_355 },
      change(`[price]={yearly.id}${always}`, { billing_cycle_anchor: 1_762_799_351 }),
      ...invoice({
        total: 22_500,
        amount_paid: 22_500,
        period_start: 1_762_799_351,
        period_end: 1_762_799_355,
        lines: lines(
          line(-2500, "Unused time on Plan after 10 Nov 2025", [1_762_799_355, 1_765_391_351]),
          line(25_000, "Remaining time on Plan after 10 Nov 2025", [1_762_799_355, 1_794_335_351]),
        ),
      }),
    ],
  },
  {
    why: "a third of the month is left when half the price is asked for: the rest is the customer's",
    sure: "recorded",
    seen: { "proration-settlement": 1 },
    version: newest,
    start: 1_790_019_915,
    steps: [
      price("plan", 2000),
      price("half", 1000),
      subscribe("plan"),
      { until: 1_790_019_918 },
      change(`[price]={half.id}${always}&proration_date=1791747915`),
      ...invoice({
        ...settled(-334),
        period_start: 1_790_019_915,
        period_end: 1_790_019_918,
        lines: lines(
          line(-667, "Unused time on Plan after 11 Oct 2026", [1_791_747_915, 1_792_611_915], {
            quantity: 1,
            subtotal: -667,
            pricing: { unit_amount_decimal: null },
          }),
          line(333, "Remaining time on Plan after 11 Oct 2026", [1_791_747_915, 1_792_611_915], {
            quantity: 1,
            subtotal: 333,
            pricing: { unit_amount_decimal: null },
          }),
        ),
      }),
      balance(-334),
      movements({ amount: -334, type: "applied_to_invoice", ending_balance: -334, description: null }),
      { until: 1_790_019_915 + 30 * day + 3700 },
      ...invoice({ total: 1000, starting_balance: -334, amount_due: 666, ending_balance: 0 }),
      movements({ amount: 334, type: "applied_to_invoice" }, { amount: -334 }),
    ],
  },
  tie({
    start: 1_790_021_304,
    at: 1_790_021_307,
    form: "[price]={other.id}",
    debit: line(4, "Remaining time on Plan after 21 Oct 2026", undefined, { quantity: 1 }),
    total: 1,
    seen: { "proration-tie": 1, "minimum-charge": 2 },
  }),
  tie({
    start: 1_790_021_309,
    at: 1_790_021_311,
    form: "[quantity]=3",
    debit: line(7, "Remaining time on 3 × Plan after 21 Oct 2026", undefined, { quantity: 3 }),
    total: 4,
    seen: { "proration-tie": 1, "proration-roll": 2 },
  }),
  {
    why: "thirty percent off, and one rounding",
    sure: "recorded",
    seen: { "proration-line": 1 },
    version: "2024-06-20",
    start: 1_722_511_445 - 31 * day,
    steps: [
      price("plan", 1000),
      price("full", 40_000),
      { call: "POST /v1/coupons", form: "percent_off=30&duration=forever", as: "coupon" },
      subscribe("plan", "discounts[0][coupon]={coupon.id}"),
      { until: 1_720_013_399 },
      change("[price]={full.id}"),
      waiting(
        line(-653, "Unused time on Plan (with 30.0% off) after 03 Jul 2024", [1_720_013_399, 1_722_511_445]),
        line(26_115, "Remaining time on Plan (with 30.0% off) after 03 Jul 2024", [1_720_013_399, 1_722_511_445]),
      ),
    ],
  },
  {
    why: "sixty percent off five, then eight: the lines are net, and no discount is named on them again",
    sure: "recorded",
    seen: { wording: 1 },
    start: april,
    steps: [
      price("plan", 1000),
      { call: "POST /v1/coupons", form: "percent_off=60&duration=forever", as: "coupon" },
      subscribe("plan", "items[0][quantity]=5&discounts[0][coupon]={coupon.id}"),
      { until: april + 15 * day },
      change("[quantity]=8&proration_behavior=create_prorations"),
      { until: april + 30 * day },
      ...invoice({
        lines: lines(
          line(-1000, "Unused time on 5 × Plan (with 60.0% off) after 16 Apr 2027"),
          line(1600, "Remaining time on 8 × Plan (with 60.0% off) after 16 Apr 2027", undefined, {
            discount_amounts: [{ amount: 0 }],
          }),
          line(8000, "8 × Plan (at $10.00 / month)", undefined, { discount_amounts: [{ amount: 4800 }] }),
        ),
      }),
    ],
  },
  {
    why: "from silver to gold with two in ten days left, as a preview shows it",
    sure: "documented",
    seen: { "proration-doc": 1 },
    start: silver,
    steps: [
      price("silver", 1000, { name: "Silver" }),
      price("gold", 3252, { name: "Gold" }),
      subscribe("silver", classic),
      { until: goldAt },
      {
        call: "POST /v1/invoices/create_preview",
        form:
          "subscription={subscription.id}&subscription_details[items][0][id]={subscription.items.data.0.id}" +
          `&subscription_details[items][0][price]={gold.id}&subscription_details[proration_date]=${goldAt}`,
        shows: {
          total: 3627,
          next_payment_attempt: silverEnd + 3600,
          lines: lines(
            line(-166, "Unused time on Silver after 01 Sep 2020", [goldAt, silverEnd]),
            line(541, "Remaining time on Gold after 01 Sep 2020", [goldAt, silverEnd]),
            line(3252, "1 × Gold (at $32.52 / month)", [silverEnd, 1_602_019_688]),
          ),
        },
      },
    ],
  },
  {
    why: "half of the month at twice the price",
    sure: "documented",
    seen: { "proration-doc": 1 },
    start: april,
    steps: [
      price("plan", 1000),
      price("dearer", 2000),
      subscribe("plan", classic),
      { until: april + 15 * day },
      change("[price]={dearer.id}"),
      waiting(
        line(-500, "Unused time on Plan after 16 Apr 2027"),
        line(1000, "Remaining time on Plan after 16 Apr 2027"),
      ),
    ],
  },
  backAgain("classic", -667, -334),
  backAgain("flexible", -333, 0),
  halfOfTwo("classic", -250),
  halfOfTwo("flexible", -417),
  {
    why: "five dollars off two items that are billed",
    sure: "documented",
    seen: { "proration-discount": 1 },
    start: april,
    steps: [
      price("one", 1000),
      price("two", 2000),
      { call: "POST /v1/coupons", form: "amount_off=500&currency=usd&duration=once", as: "coupon" },
      subscribe(["one", "two"], "discounts[0][coupon]={coupon.id}"),
      ...invoice({
        subtotal: 3000,
        total: 2500,
        lines: lines(
          line(2000, "1 × Plan (at $20.00 / month)", undefined, { discount_amounts: [{ amount: 334 }] }),
          line(1000, "1 × Plan (at $10.00 / month)", undefined, { discount_amounts: [{ amount: 166 }] }),
        ),
      }),
    ],
  },
  {
    why: "with none nothing waits and nothing is billed",
    sure: "recorded",
    seen: { "proration-none": 1 },
    version: newest,
    start: april,
    steps: [
      price("plan", 1000),
      price("other", 1800),
      { ...subscribe("plan"), as: "subscription" },
      { until: april + day },
      change("[price]={other.id}&proration_behavior=none", { latest_invoice: "{subscription.latest_invoice}" }),
      waiting(),
    ],
  },
  {
    why: "an anchor that stays changes nothing",
    sure: "recorded",
    seen: { "anchor-reset-flexible": 1 },
    version: newest,
    start: april,
    steps: [
      price("plan", 1000),
      subscribe("plan"),
      { until: april + day },
      update("billing_cycle_anchor=unchanged", {
        billing_cycle_anchor: april,
        latest_invoice: "{subscription.latest_invoice}",
      }),
      waiting(),
    ],
  },
  {
    why: "an anchor that is set anew after three seconds prolongs what is paid by them",
    sure: "recorded",
    seen: {},
    version: newest,
    start: 1_790_019_638,
    steps: [
      price("plan", 1000),
      subscribe("plan"),
      { until: 1_790_019_641 },
      update("billing_cycle_anchor=now", { latest_invoice: "{subscription.latest_invoice}" }),
      waiting(line(0, "Remaining time on Plan after 21 Oct 2026", [1_792_611_638, 1_792_611_641])),
    ],
  },
  {
    why: "what is given back is more than the renewal costs: the rest is the customer's",
    sure: "recorded",
    seen: { "negative-cycle-invoice": 1 },
    start: april,
    steps: [
      price("plan", 4012),
      price("cheap", 600),
      subscribe("plan"),
      { until: april + 15 * day },
      change("[price]={cheap.id}"),
      { until: april + 30 * day + 3602 },
      ...invoice({
        ...settled(-1106),
        billing_reason: "subscription_cycle",
        lines: { data: [{ amount: -2006 }, { amount: 300 }, { amount: 600 }] },
      }),
      balance(-1106),
    ],
  },
  {
    why: "every three months",
    sure: "recorded",
    seen: { wording: 1 },
    start: april,
    steps: [
      price("plan", 90_000, { every: 3 }),
      subscribe("plan"),
      ...invoice({
        lines: lines(line(90_000, "1 × Plan (at $900.00 / every 3 months)", [april, Date.UTC(2027, 6, 1) / 1000])),
      }),
    ],
  },
  {
    why: "an item that comes later has the period of its subscription",
    sure: "recorded",
    seen: { "subscription-item": 2 },
    version: newest,
    start: 1_789_948_563,
    steps: [
      price("plan", 1000),
      price("more", 500),
      subscribe("plan"),
      { until: 1_789_948_567 },
      {
        call: "POST /v1/subscription_items",
        form: "subscription={subscription.id}&price={more.id}",
        as: "item",
        shows: { current_period_start: 1_789_948_563, current_period_end: 1_792_540_563 },
      },
      {
        call: "DELETE /v1/subscription_items/{item.id}",
        all: { id: "{item.id}", object: "subscription_item", deleted: true },
      },
    ],
  },
];
