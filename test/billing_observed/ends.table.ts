// An end at a second of its own: what of a period lies behind it is not paid for.
// https://docs.stripe.com/billing/subscriptions/cancel
import { balance, day, invoice, line, lines, price, subscribe, subscription, update, waiting } from "./calls.ts";
import type { Play, Shown, Step } from "./play.ts";

const april = Date.UTC(2027, 3, 1) / 1000;
const may = Date.UTC(2027, 4, 1) / 1000;
const half = april + 15 * day;
const plan = price("plan", 3000);

const until = (end: number): Shown => ({
  cancel_at: end,
  items: { data: [{ current_period_start: april, current_period_end: end }] },
});

const credit = line(-1500, "Unused time on Plan after 16 Apr 2027", [half, may]);

const ending = (why: string, ...steps: readonly Step[]): Play => ({
  why,
  sure: "documented",
  seen: {},
  start: april,
  steps: [plan, ...steps],
});

export const endPlays: readonly Play[] = [
  ending(
    "an end in this period gives back what lies behind it, at the end",
    subscribe("plan"),
    { until: april + day },
    update(`cancel_at=${half}`, until(half)),
    waiting(credit),
    { until: half },
    subscription({ status: "canceled", ended_at: half }),
    ...invoice({ billing_reason: "subscription_cycle", total: -1500, lines: lines(credit) }),
    { until: half + 3602 },
    balance(-1500),
  ),
  ending(
    "an end in this period gives nothing back where that is not wanted",
    subscribe("plan"),
    { until: april + day },
    update(`cancel_at=${half}&proration_behavior=none`, {
      ...until(may),
      cancel_at: half,
      latest_invoice: "{subscription.latest_invoice}",
    }),
    waiting(),
    { until: half },
    subscription({ status: "canceled" }),
    ...invoice({ billing_reason: "subscription_create" }),
  ),
  ending(
    "an end in this period is given back at once where that is wanted",
    subscribe("plan"),
    { until: april + day },
    update(`cancel_at=${half}&proration_behavior=always_invoice`, until(half)),
    ...invoice({ billing_reason: "subscription_update", total: -1500, status: "paid", lines: lines(credit) }),
    balance(-1500),
  ),
  ending(
    "an end that is taken back is paid for again",
    subscribe("plan"),
    { until: april + day },
    update(`cancel_at=${half}`, until(half)),
    { until: april + 2 * day },
    update("cancel_at=", { ...until(may), cancel_at: null }),
    waiting(line(1500, "Remaining time on Plan after 16 Apr 2027", [half, may]), credit),
  ),
  ending(
    "who begins with an end pays up to there",
    subscribe("plan", `cancel_at=${half}`, until(half)),
    ...invoice({ total: 1500, lines: lines(line(1500, "Remaining time on Plan after 01 Apr 2027", [april, half])) }),
    { until: half },
    subscription({ status: "canceled" }),
    waiting(),
  ),
  ending(
    "an end in a later period makes that one shorter, whatever is wanted",
    subscribe("plan"),
    update(`cancel_at=${may + 15.5 * day}&proration_behavior=none`, { ...until(may), cancel_at: may + 15.5 * day }),
    waiting(),
    { until: may },
    subscription({
      items: { data: [{ current_period_start: may, current_period_end: may + 15.5 * day }] },
    }),
    ...invoice({
      total: 1500,
      lines: lines(line(1500, "Remaining time on Plan after 01 May 2027", [may, may + 15.5 * day])),
    }),
    { until: may + 15.5 * day },
    subscription({ status: "canceled" }),
    waiting(),
  ),
  ending(
    "the end of a period gives nothing back",
    subscribe("plan"),
    update("cancel_at=max_period_end", until(may)),
    waiting(),
    { until: may },
    subscription({ status: "canceled", ended_at: may }),
    ...invoice({ billing_reason: "subscription_create" }),
  ),
];
