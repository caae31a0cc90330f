// Stories of several months and several rules, reckoned by hand.
import {
  balance,
  change,
  day,
  invoice,
  line,
  lines,
  price,
  subscribe,
  subscription,
  update,
  waiting,
} from "./calls.ts";
import type { Call, Play, Shown } from "./play.ts";

const hour = 3600;
const april = Date.UTC(2027, 3, 1) / 1000;
const march = Date.UTC(2027, 2, 1) / 1000;
const month = 30 * day;

/** What an hour before the end of a period of 30 days, and six minutes, is changed: a four-hundredth is left. */
const late = april + month - 6480;

interface Late {
  readonly why: string;
  readonly form: string;
  readonly credit: Shown;
  readonly debit: Shown;
  readonly next: Shown;
  readonly total: number;
}

const lateChange = ({ why, form, credit, debit, next, total }: Late): Play => ({
  why,
  sure: "recorded",
  seen: {},
  start: april,
  steps: [
    price("plan", 1000),
    price("other", 1800),
    subscribe("plan"),
    { until: late },
    change(form),
    waiting(credit, debit),
    { until: april + month },
    ...invoice({ total, lines: lines(credit, debit, next) }),
  ],
});

/** On the tenth day, from a month at thirty dollars to a year at three hundred. */
const atTenth = (mode: "classic" | "flexible", shows: Shown, billed: readonly Shown[], total: number): Play => ({
  why: `a year for a month, on the tenth day, in ${mode}`,
  sure: "recorded",
  seen: {},
  start: march,
  steps: [
    price("monthly", 3000),
    price("yearly", 30_000, { interval: "year" }),
    subscribe("monthly", `billing_mode[type]=${mode}`),
    { until: march + 10 * day },
    change("[price]={yearly.id}&proration_behavior=always_invoice", shows),
    ...invoice({ total, lines: { data: billed } }),
  ],
});

const events = (type: string, count: number): Call => ({
  call: "GET /v1/events",
  form: `type=${type}`,
  shows: { data: Array.from({ length: count }, () => ({ type })) },
});

const due = april + 30 * day;

export const scenarioPlays: readonly Play[] = [
  lateChange({
    why: "exact halves on both sides go down, and wait for the next month",
    form: "[price]={other.id}",
    credit: line(-3, "Unused time on Plan after 30 Apr 2027", [late, april + month]),
    debit: line(4, "Remaining time on Plan after 30 Apr 2027", [late, april + month]),
    next: line(1800, "1 × Plan (at $18.00 / month)"),
    total: 1801,
  }),
  lateChange({
    why: "of three instead of one all three are billed anew",
    form: "[quantity]=3",
    credit: line(-3, "Unused time on Plan after 30 Apr 2027", [late, april + month], { quantity: 1 }),
    debit: line(7, "Remaining time on 3 × Plan after 30 Apr 2027", [late, april + month], { quantity: 3 }),
    next: line(3000, "3 × Plan (at $10.00 / month)"),
    total: 3004,
  }),
  {
    why: "who is sent invoices is active from the first second, past due after the last day, and active once they pay",
    sure: "documented",
    seen: {},
    start: april,
    card: null,
    steps: [
      price("plan", 1000),
      subscribe("plan", "collection_method=send_invoice&days_until_due=30", { status: "active" }),
      ...invoice({ status: "draft", number: null, auto_advance: true, due_date: due }),
      { until: april + hour + 1 },
      ...invoice({ status: "open", number: /-0001$/, due_date: due }),
      events("invoice.sent", 1),
      { until: due - 1 },
      subscription({ status: "active" }),
      { call: "GET /v1/customers/{customer}", shows: { delinquent: false } },
      { until: due + 1 },
      subscription({ status: "past_due" }),
      { call: "GET /v1/customers/{customer}", shows: { delinquent: true } },
      { call: "POST /v1/invoices/{invoice.id}/pay", form: "paid_out_of_band=true", shows: { status: "paid" } },
      subscription({ status: "active" }),
      { call: "GET /v1/customers/{customer}", shows: { delinquent: false } },
    ],
  },
  {
    why: "a trial without a method is paused on its last day, after it was said to end",
    sure: "recorded",
    seen: {},
    start: april,
    card: null,
    steps: [
      price("plan", 1000),
      subscribe("plan", "trial_period_days=14&trial_settings[end_behavior][missing_payment_method]=pause", {
        status: "trialing",
      }),
      ...invoice({
        total: 0,
        status: "paid",
        attempted: true,
        attempt_count: 0,
        lines: lines(line(0, "Free trial for 1 × Plan", [april, april + 14 * day])),
      }),
      { until: april + 11 * day - 1 },
      events("customer.subscription.trial_will_end", 0),
      { until: april + 11 * day },
      events("customer.subscription.trial_will_end", 1),
      { until: april + 14 * day },
      subscription({ status: "paused", latest_invoice: "{subscription.latest_invoice}" }),
      events("customer.subscription.paused", 1),
      { call: "GET /v1/invoices", form: "customer={customer}", shows: { data: [{ total: 0 }] } },
    ],
  },
  {
    why: "a first invoice may be paid for 23 hours, to the second",
    sure: "documented",
    seen: {},
    start: april,
    steps: [
      price("plan", 1000),
      subscribe("plan", "payment_behavior=default_incomplete&expand[]=latest_invoice.payments", {
        status: "incomplete",
      }),
      {
        call: "GET /v1/invoices/{subscription.latest_invoice.id}",
        form: "expand[]=payments",
        as: "first",
        shows: { status: "open" },
      },
      { until: april + 23 * hour - 1 },
      subscription({ status: "incomplete" }),
      ...invoice({ status: "open" }),
      { until: april + 23 * hour },
      subscription({ status: "incomplete_expired" }),
      ...invoice({ status: "void" }),
      {
        call: "GET /v1/payment_intents/{first.payments.data.0.payment.payment_intent}",
        shows: { status: "canceled", cancellation_reason: "void_invoice" },
      },
    ],
  },
  atTenth(
    "flexible",
    {
      billing_cycle_anchor: march,
      items: { data: [{ current_period_start: march, current_period_end: march + 366 * day }] },
    },
    [
      line(-2032, "Unused time on Plan after 11 Mar 2027", [march + 10 * day, april]),
      line(29_180, "Remaining time on Plan after 11 Mar 2027", [march + 10 * day, march + 366 * day]),
    ],
    27_148,
  ),
  atTenth(
    "classic",
    {
      billing_cycle_anchor: march + 10 * day,
      items: { data: [{ current_period_start: march + 10 * day, current_period_end: march + 376 * day }] },
    },
    [
      line(-2032, "Unused time on Plan after 11 Mar 2027", [march + 10 * day, april]),
      line(30_000, "1 × Plan (at $300.00 / year)", [march + 10 * day, march + 376 * day]),
    ],
    27_968,
  ),
  {
    why: "what waits when a chosen end comes is billed a last time",
    sure: "documented",
    seen: {},
    start: april,
    steps: [
      price("plan", 1000),
      price("dearer", 1300),
      subscribe("plan"),
      { until: april + month / 2 },
      change("[price]={dearer.id}"),
      waiting(
        line(-500, "Unused time on Plan after 16 Apr 2027"),
        line(650, "Remaining time on Plan after 16 Apr 2027"),
      ),
      update("cancel_at_period_end=true", {
        status: "active",
        cancel_at: april + month,
        canceled_at: april + month / 2,
        cancellation_details: { reason: "cancellation_requested" },
      }),
      events("customer.subscription.deleted", 0),
      { until: april + month + 2 * hour },
      subscription({ status: "canceled" }),
      events("customer.subscription.deleted", 1),
      ...invoice({ total: 150, status: "paid", billing_reason: "subscription_cycle" }),
      balance(0),
    ],
  },
  {
    why: "from the 31st of December a clock goes to the last of February at once",
    sure: "documented",
    seen: {},
    steps: [
      {
        call: "POST /v1/test_helpers/test_clocks",
        form: `frozen_time=${Date.UTC(2026, 11, 31) / 1000}`,
        as: "clock",
      },
      { call: "POST /v1/customers", form: "test_clock={clock.id}&email=ada@shop.test", as: "ada" },
      price("plan", 1000),
      {
        call: "POST /v1/subscriptions",
        form: "customer={ada.id}&items[0][price]={plan.id}&collection_method=send_invoice&days_until_due=7",
      },
      {
        call: "POST /v1/test_helpers/test_clocks/{clock.id}/advance",
        form: `frozen_time=${Date.UTC(2027, 1, 28) / 1000 + 1}`,
        refused: { status: 400, message: /up to \d+ \(2027-02-28 00:00:00 UTC\)/ },
      },
    ],
  },
];
