// How often a price is paid. At most every three years. https://docs.stripe.com/api/prices/create
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { isBefore } from "../../kernel/versions/families.ts";
import { missingParameter, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { hash, integer, text } from "../../kernel/words/params.ts";
import type { Recurring } from "./price.ts";
import { rows } from "./refusals.table.ts";

/** Three years in each. */
const countMax: Readonly<Record<Recurring["interval"], number>> = { day: 1_095, week: 156, month: 36, year: 3 };

/** Null: it is paid once. */
export function recurringOf(unit: Unit, params: Params): Recurring | null {
  const sent = hash(params, "recurring");
  if (!sent) return null;
  const interval = text(sent, "interval") as Recurring["interval"] | undefined; // The schema knows no other.
  if (interval === undefined) throw missingParameter("recurring[interval]");
  const count = integer(sent, "interval_count") ?? 1;
  if (count < 1 || count > countMax[interval]) throw refusal(rows.intervalTooLong);
  const usageType = (text(sent, "usage_type") ?? "licensed") as Recurring["usage_type"];
  if (text(sent, "meter") !== undefined) throw notPlayed("billing meters", "recurring[meter]");
  if (usageType === "metered" && !isBefore(unit.family, "basil")) throw refusal(rows.meterMissing);
  return {
    interval,
    interval_count: count,
    meter: null,
    trial_period_days: integer(sent, "trial_period_days") ?? null,
    usage_type: usageType,
  };
}

/** How the usage of a metered price was counted before there were meters. */
export function aggregateUsageOf(params: Params): string | undefined {
  const sent = hash(params, "recurring") ?? {};
  return text(sent, "usage_type") === "metered" ? (text(sent, "aggregate_usage") ?? "sum") : undefined;
}
