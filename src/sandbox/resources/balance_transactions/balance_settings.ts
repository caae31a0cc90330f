// `GET /v1/balance_settings`: how long money of charges waits, and when it is paid out by itself. Stripe begins to pay
// out daily once there is a bank account; a fresh test account has none, so here nothing leaves until a schedule is
// asked for, and the balance stays where a test can see it. https://docs.stripe.com/api/balance-settings

import { defineNoun, type StripeObject } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, read } from "../../kernel/state/writes.ts";
import { daysOf } from "../../kernel/time/settlement.ts";
import { isBefore } from "../../kernel/versions/families.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { balanceDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { moneyWaits } from "./waits.table.ts";

export type PayoutSchedule =
  | { readonly interval: "daily" | "manual" }
  | { readonly interval: "weekly"; readonly weekly_payout_days: readonly string[] }
  | { readonly interval: "monthly"; readonly monthly_payout_days: readonly number[] };

interface Settings extends StripeObject {
  readonly object: "balance_settings";
  readonly schedule: PayoutSchedule;
  readonly delayDaysOverride: number | null;
  readonly debitNegativeBalances: boolean;
  readonly minimumByCurrency: Readonly<Record<string, number>> | null;
  readonly statementDescriptor: string | null;
}

/** One per account, stored when it is first changed. */
const settings = defineNoun<Settings>({ object: "balance_settings", prefixes: ["balance_settings"] });

const untouched: Settings = {
  id: "balance_settings",
  object: "balance_settings",
  schedule: { interval: balanceDefaults.payoutInterval.value },
  delayDaysOverride: null,
  debitNegativeBalances: false,
  minimumByCurrency: null,
  statementDescriptor: null,
};

const delayDaysMax = balanceDefaults.delayDays.value;

export function payoutSchedule(unit: Unit): PayoutSchedule {
  return current(unit).schedule;
}

/** Days that money of charges is held; null: as long as usual. */
export function delayDaysOverride(unit: Unit): number | null {
  return current(unit).delayDaysOverride;
}

function delayDays(unit: Unit): number {
  return current(unit).delayDaysOverride ?? daysOf(unit, moneyWaits.moneyMatures);
}

/** What an automatic payout leaves behind, in the currency's smallest unit. */
export function minimumBalance(unit: Unit, currency: string): number {
  return current(unit).minimumByCurrency?.[currency] ?? 0;
}

/** As `settings.payouts` of the account tells them. */
export function payoutTerms(unit: Unit): {
  readonly debit_negative_balances: boolean;
  readonly schedule: PayoutSchedule & { readonly delay_days: number };
  readonly statement_descriptor: string | null;
} {
  const { debitNegativeBalances, schedule, statementDescriptor } = current(unit);
  return {
    debit_negative_balances: debitNegativeBalances,
    schedule: { delay_days: delayDays(unit), ...schedule },
    statement_descriptor: statementDescriptor,
  };
}

export function readSettings(unit: Unit): object {
  const now = current(unit);
  const { delayDaysOverride: override } = now;
  // Without an id it is not rendered by version like what is stored; these two fields came with dahlia.
  const isOld = isBefore(unit.family, "dahlia");
  return {
    object: "balance_settings",
    payments: {
      debit_negative_balances: now.debitNegativeBalances,
      payouts: {
        ...(isOld ? {} : { automatic_transfer_rules_by_currency: null }),
        minimum_balance_by_currency: now.minimumByCurrency,
        schedule: now.schedule,
        statement_descriptor: now.statementDescriptor,
        status: "enabled",
      },
      settlement_timing: {
        delay_days: delayDays(unit),
        ...(override === null ? {} : { delay_days_override: override }),
        ...(isOld ? {} : { start_of_day: null }),
      },
    },
  };
}

export function updateSettings(unit: Unit, params: Params): void {
  const before = current(unit);
  const payments = hash(params, "payments") ?? {};
  const payouts = hash(payments, "payouts") ?? {};
  const changes = {
    schedule: sentSchedule(before.schedule, hash(payouts, "schedule") ?? {}),
    delayDaysOverride: sentDelay(before.delayDaysOverride, hash(payments, "settlement_timing") ?? {}),
    debitNegativeBalances: boolean(payments, "debit_negative_balances") ?? before.debitNegativeBalances,
    minimumByCurrency: sentMinimum(before.minimumByCurrency, payouts),
    statementDescriptor: shortDescriptor(payouts, "payouts[statement_descriptor]") ?? before.statementDescriptor,
  };
  if (read(unit, settings, before.id)) change(unit, settings, before, changes, null);
  else add(unit, settings, { ...before, ...changes }, null);
}

const at = "payments[payouts][schedule]";

/** The days are asked for with their interval; sent without one they change the days of the interval that stands. */
function sentSchedule(before: PayoutSchedule, sent: Params): PayoutSchedule {
  const interval = text(sent, "interval") ?? before.interval;
  if (interval === "weekly") {
    const kept = before.interval === "weekly" ? before.weekly_payout_days : [];
    const weekly_payout_days = (sent.weekly_payout_days as readonly string[] | undefined) ?? kept; // By the schema.
    if (weekly_payout_days.length === 0) throw missingParameter(`${at}[weekly_payout_days]`);
    return { interval, weekly_payout_days };
  }
  if (interval === "monthly") {
    const kept = before.interval === "monthly" ? before.monthly_payout_days : [];
    const monthly_payout_days = (sent.monthly_payout_days as readonly number[] | undefined) ?? kept; // By the schema.
    if (monthly_payout_days.length === 0) throw missingParameter(`${at}[monthly_payout_days]`);
    const param = `${at}[monthly_payout_days]`;
    if (monthly_payout_days.some((day) => day < 1 || day > 31)) throw refusal(rows.payoutDayInvalid, {}, { param });
    return { interval, monthly_payout_days };
  }
  return { interval: interval === "daily" ? "daily" : "manual" };
}

function sentDelay(before: number | null, sent: Params): number | null {
  const days = sent.delay_days_override;
  if (days === undefined) return before;
  if (typeof days !== "number") return null;
  if (days >= 0 && days <= delayDaysMax) return days;
  const param = "payments[settlement_timing][delay_days_override]";
  throw refusal(rows.delayDaysInvalid, { days, max: delayDaysMax }, { param });
}

/** An empty amount takes the currency's minimum away, an empty hash takes all. */
function sentMinimum(before: Settings["minimumByCurrency"], payouts: Params): Settings["minimumByCurrency"] {
  if (payouts.minimum_balance_by_currency === undefined) return before;
  const sent = hash(payouts, "minimum_balance_by_currency") ?? {};
  const merged = { ...(Object.keys(sent).length > 0 ? before : {}), ...sent };
  const amounts = Object.entries(merged).filter((pair): pair is [string, number] => typeof pair[1] === "number");
  return amounts.length > 0 ? Object.fromEntries(amounts) : null;
}

function current(unit: Unit): Settings {
  return read(unit, settings, untouched.id) ?? untouched;
}
