// How a subscription stands after a call, and what it says of its end.
import { balance, change, day, invoice, line, price, subscribe, subscription, update, waiting } from "./calls.ts";
import type { Play, Seen, Shown, Step } from "./play.ts";

const newest = "2026-08-26.dahlia";
const clover = "2025-10-29.clover";
const begun = 1_789_948_563;
const month = 30 * day;

const running: Shown = {
  status: "active",
  cancel_at_period_end: false,
  cancel_at: null,
  canceled_at: null,
  ended_at: null,
  pause_collection: null,
  trial_start: null,
  trial_end: null,
};

const cancel: Step = { call: "DELETE /v1/subscriptions/{subscription.id}", as: "subscription" };

interface State {
  readonly why: string;
  readonly version?: string;
  readonly begins?: string;
  readonly steps?: readonly Step[];
}

/** Each begins with a plan that somebody subscribes to. */
const state = ({ why, version, begins = "", steps = [] }: State, seen: Seen = { "subscription-state": 1 }): Play => ({
  why,
  sure: "recorded",
  seen,
  version,
  start: begun,
  steps: [price("plan", 1000), price("other", 1800), subscribe("plan", begins), { until: begun + 3600 }, ...steps],
});

const flexible: Shown = { billing_mode: { type: "flexible" } };
const reason = (why: string | null): Shown => ({ cancellation_details: { reason: why } });

const at = Date.UTC(2027, 0, 1) / 1000;

export const statePlays: readonly Play[] = [
  state({
    why: "a trial of fifteen days, in 2020",
    version: "2020-08-27",
    begins: "trial_period_days=15",
    steps: [subscription({ ...running, status: "trialing", trial_start: begun, trial_end: begun + 15 * day })],
  }),
  state({ why: "paid for at once, in 2020", version: "2020-08-27", steps: [subscription(running)] }),
  state({
    why: "a trial that nobody has ends, in 2020",
    version: "2020-08-27",
    steps: [update("cancel_at_period_end=false&trial_end=now&proration_behavior=create_prorations", running)],
  }),
  state({
    why: "canceled at once, in 2021",
    version: "2020-08-27",
    steps: [
      {
        ...cancel,
        shows: { ...running, status: "canceled", canceled_at: begun + 3600, ended_at: begun + 3600 },
      },
    ],
  }),
  state({
    why: "collection is paused until a day, in 2022",
    version: "2022-08-01",
    steps: [
      update(`pause_collection[behavior]=void&pause_collection[resumes_at]=${at}`, {
        ...running,
        pause_collection: { behavior: "void", resumes_at: at },
      }),
    ],
  }),
  state({
    why: "another price from now on, under clover",
    version: clover,
    steps: [
      change(
        "[price]={other.id}&items[0][quantity]=1&cancel_at_period_end=false&proration_behavior=always_invoice" +
          "&trial_end=now&billing_cycle_anchor=now",
        { ...running, ...flexible, billing_cycle_anchor: begun + 3600 },
      ),
    ],
  }),
  state({
    why: "collection goes on, under clover",
    version: clover,
    steps: [
      update("pause_collection[behavior]=void", { pause_collection: { behavior: "void" } }),
      update("pause_collection=", { ...running, ...flexible }),
    ],
  }),
  state(
    {
      why: "canceled in its trial, under clover",
      version: clover,
      begins: "trial_period_days=14",
      steps: [
        subscription({ ...running, ...flexible, status: "trialing", trial_start: begun, trial_end: begun + 14 * day }),
        {
          ...cancel,
          shows: {
            status: "canceled",
            cancel_at_period_end: false,
            cancel_at: null,
            canceled_at: begun + 3600,
            ended_at: begun + 3600,
            trial_start: begun,
            ...reason("cancellation_requested"),
          },
        },
      ],
    },
    { "subscription-state": 2 },
  ),
  state({
    why: "an end that was chosen is taken back, under clover",
    version: clover,
    steps: [
      update("cancel_at_period_end=true"),
      update("trial_end=now&cancel_at_period_end=false", { ...running, ...flexible, ...reason(null) }),
    ],
  }),
  state({
    why: "collection is paused without an end",
    steps: [
      update("pause_collection[behavior]=void", {
        ...running,
        ...flexible,
        pause_collection: { behavior: "void", resumes_at: null },
      }),
    ],
  }),
  state({
    why: "two of it, and nothing for that",
    steps: [change("[quantity]=2&proration_behavior=none", { ...running, ...flexible, quantity: 2 }), waiting()],
  }),
  state({
    why: "another price for the rest of the month",
    steps: [
      change("[price]={other.id}&items[0][quantity]=1&proration_behavior=create_prorations", {
        ...running,
        ...flexible,
      }),
    ],
  }),
  state(
    {
      why: "all of a new subscription's defaults",
      version: newest,
      steps: [
        subscription({
          ...running,
          ...flexible,
          created: begun,
          billing_cycle_anchor: begun,
          billing_schedules: [],
          managed_payments: { enabled: false },
          customer_account: null,
          trial_settings: {
            end_behavior: { billing_cycle_anchor: "now", missing_payment_method: "create_invoice" },
          },
          cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
          plan: { amount: 1000 },
          quantity: 1,
          items: {
            total_count: 1,
            url: "/v1/subscription_items?subscription={subscription.id}",
            data: [
              {
                created: begun,
                current_period_start: begun,
                current_period_end: begun + month,
                billing_thresholds: null,
                current_trial: null,
              },
            ],
          },
        }),
      ],
    },
    { "subscription-lifecycle": 1, "version-keys": 2 },
  ),
  state(
    {
      why: "its end is chosen and taken back",
      version: newest,
      steps: [
        update("cancel_at_period_end=true", {
          ...running,
          cancel_at_period_end: true,
          cancel_at: begun + month,
          canceled_at: begun + 3600,
          ...reason("cancellation_requested"),
        }),
        update("cancel_at_period_end=false", { ...running, ...reason(null) }),
      ],
    },
    { "subscription-lifecycle": 2 },
  ),
  state(
    {
      why: "what is unused when it is canceled is given back on an invoice of its own",
      version: newest,
      steps: [
        { ...cancel, form: "prorate=true&invoice_now=true", shows: { status: "canceled", latest_invoice: /^in_/ } },
        balance(0),
        ...invoice({
          billing_reason: "subscription_cycle",
          status: "draft",
          number: null,
          subtotal: -999,
          total: -999,
          amount_due: 0,
          auto_advance: true,
          automatically_finalizes_at: begun + 3600 + 3601,
          next_payment_attempt: begun + 3600 + 3600,
          ending_balance: null,
          period_start: begun,
          period_end: begun + 3600,
          rendering: null,
          lines: {
            data: [
              line(-999, "Unused time on Plan after 21 Sep 2026", [begun + 3600, begun + month], {
                parent: { subscription_item_details: { proration_details: { credited_items: { invoice: /^in_/ } } } },
              }),
            ],
          },
        }),
      ],
    },
    { "cancel-prorate": 1 },
  ),
  {
    ...state(
      {
        why: "what was billed is given back, not the price that came in silence",
        version: newest,
        steps: [
          change("[price]={other.id}&proration_behavior=none"),
          { ...cancel, form: "prorate=true" },
          waiting(line(-999, "Unused time on Plan after 21 Sep 2026")),
        ],
      },
      { "cancel-prorate": 1 },
    ),
  },
];
