// `GET /v1/balance_settings`: when money is paid out by itself. Stripe begins daily once there is a bank account;
// an account of the sandbox has none until it asks for the schedule, so its balance stays where a test can see it.
// https://docs.stripe.com/api/balance-settings
import { defineNoun, type StripeObject } from "../../kernel/noun.ts";
import { hash, text } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import { add, change, read, type Unit } from "../../kernel/unit.ts";

type Interval = "daily" | "manual";

interface Settings extends StripeObject {
  readonly object: "balance_settings";
  readonly interval: Interval;
}

/** One per account, made when it is first changed. */
const settings = defineNoun<Settings>({ object: "balance_settings", prefixes: ["balance_settings"] });
const only = "balance_settings";

export function payoutInterval(unit: Unit): Interval {
  return read(unit, settings, only)?.interval ?? "manual";
}

export function readSettings(unit: Unit): object {
  return {
    object: "balance_settings",
    payments: {
      debit_negative_balances: false,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: null,
        schedule: { interval: payoutInterval(unit) },
        statement_descriptor: null,
        status: "enabled",
      },
      settlement_timing: { delay_days: 7, start_of_day: null },
    },
  };
}

export function updateSettings(unit: Unit, params: Params): object {
  const sent = hash(hash(hash(params, "payments") ?? {}, "payouts") ?? {}, "schedule");
  const interval = sent && text(sent, "interval");
  if (!interval) return readSettings(unit);
  const before = read(unit, settings, only);
  const changed = { interval: interval === "manual" ? "manual" : "daily" } as const;
  if (before) change(unit, settings, before, changed, null);
  else add(unit, settings, { id: only, object: "balance_settings", ...changed }, null);
  return readSettings(unit);
}
