// When money leaves by itself: on the first payout day after it became available, all of it in one payout per currency.
// https://docs.stripe.com/payouts#payout-schedule
import { dayMs, type Instant } from "#kit/clock.ts";
import { defineNoun, type StripeObject } from "../../kernel/state/noun.ts";
import { note, type Unit } from "../../kernel/state/unit.ts";
import { add, change, read } from "../../kernel/state/writes.ts";
import { inWorld, later, laterAt } from "../../kernel/time/later.ts";
import {
  balanceCurrencies,
  bookMovement,
  markPaid,
  minimumBalance,
  type PayoutSchedule,
  payoutSchedule,
  unpaid,
} from "../balance_transactions/index.ts";
import { payable, payOut } from "./actions.ts";

/** The next payout day, so that it is put on the agenda once however much becomes available. One per account. */
interface Plan extends StripeObject {
  readonly object: "payout_plan";
  readonly at: Instant;
}

const plans = defineNoun<Plan>({ object: "payout_plan", prefixes: [] });
const only = "payout_plan";

/** @param from when the money became available */
export function planPayout(unit: Unit, from: Instant): void {
  const at = nextPayoutDay(payoutSchedule(unit), from);
  const plan = read(unit, plans, only);
  if (at === undefined || plan?.at === at) return;
  if (plan) change(unit, plans, plan, { at }, null);
  else add(unit, plans, { id: only, object: "payout_plan", at }, null);
  laterAt(inWorld(unit), at, awaitMaturing, at);
}

/** What becomes available on this very midnight goes along. */
export function awaitMaturing(unit: Unit, at: Instant): void {
  later(inWorld(unit), 0, payOutDue, at);
}

export function payOutDue(unit: Unit, at: Instant): void {
  const plan = read(unit, plans, only);
  if (plan?.at !== at || nextPayoutDay(payoutSchedule(unit), at) !== at) return; // The schedule was changed meanwhile.
  change(unit, plans, plan, { at: 0 }, null);
  for (const currency of balanceCurrencies(unit)) payOutAll(unit, currency);
}

/** Midnight UTC of the first payout day that has not begun yet or begins right now. */
function nextPayoutDay(schedule: PayoutSchedule, now: Instant): Instant | undefined {
  if (schedule.interval === "manual") return undefined;
  let day = Math.ceil(now / dayMs) * dayMs;
  while (!isPayoutDay(schedule, new Date(day))) day += dayMs;
  return day;
}

function isPayoutDay(schedule: PayoutSchedule, date: Date): boolean {
  if (schedule.interval === "weekly") return schedule.weekly_payout_days.includes(weekdays[date.getUTCDay()] ?? "");
  if (schedule.interval !== "monthly") return true;
  // What is planned for the 29th to 31st leaves on the last day of a shorter month.
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return schedule.monthly_payout_days.some((day) => Math.min(day, lastDay) === date.getUTCDate());
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function payOutAll(unit: Unit, currency: string): void {
  const carried = unpaid(unit, currency);
  const sum = carried.reduce((total, transaction) => total + transaction.net, 0);
  const amount = payable(sum - minimumBalance(unit, currency), currency);
  if (amount < 1) return;
  const done = payOut(unit, {
    amount,
    currency,
    description: "STRIPE PAYOUT",
    isAutomatic: true,
    isInstant: false,
    metadata: {},
    statementDescriptor: null,
  });
  if (done.outcome === "refused") {
    note(unit, "move", unit.account.id, `nothing is paid out in ${currency}: ${done.error.message}`);
    return;
  }
  const { payout } = done;
  for (const transaction of carried) markPaid(unit, transaction, payout.id);
  if (sum > amount) holdBack(unit, { rest: sum - amount, currency, payout: payout.id });
}

/** What has to stay, or has no coin, is taken out of the payout and given back right after, for the next one. */
function holdBack(unit: Unit, held: { rest: number; currency: string; payout: string }): void {
  const { rest, currency, payout } = held;
  const common = { fee: 0, currency, source: payout, available: "at once" } as const;
  const hold = bookMovement(unit, {
    ...common,
    amount: -rest,
    description: "Minimum balance hold",
    type: "payout_minimum_balance_hold",
  });
  markPaid(unit, hold, payout);
  bookMovement(unit, {
    ...common,
    amount: rest,
    description: "Minimum balance release",
    type: "payout_minimum_balance_release",
  });
}
