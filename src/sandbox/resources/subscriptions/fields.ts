// What callers write on a subscription: all that decides neither an amount nor a period.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { notPlayed, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { given, hash, integer, text, textOrNull } from "../../kernel/words/params.ts";
import { refuseUnplayed, type Unplayed } from "../../kernel/words/unplayed.ts";
import { automaticTax, defaultMethod, defaultSource, methodOptions, printedFields } from "../invoices/index.ts";
import { chosenRates } from "../tax_rates/index.ts";
import { thresholdsOf } from "./items/thresholds.ts";
import { rows } from "./refusals.table.ts";
import type { Subscription } from "./subscription.ts";

const unplayed: Unplayed = [
  ["application_fee_percent", "Connect"],
  ["billing_schedules", "billing schedules"],
  ["customer_account", "customers as accounts"],
  ["on_behalf_of", "Connect"],
  ["transfer_data", "Connect"],
];

/** What is neither created nor changed with these. */
export function refuseUnplayedTerms(params: Params): void {
  refuseUnplayed(params, unplayed);
}

type Written = Pick<
  Subscription,
  "automatic_tax" | "billing_thresholds" | "default_payment_method" | "default_source"
> &
  Pick<Subscription, "default_tax_rates" | "description"> &
  Pick<Subscription, "invoice_settings" | "payment_settings" | "trial_settings">;

/** Only what was sent. */
export function writtenFields(unit: Unit, params: Params, before: Subscription): Partial<Written> {
  return given({
    automatic_tax: automaticTax(params),
    billing_thresholds: thresholdsOf(params, before.billing_thresholds),
    default_payment_method: defaultMethod(unit, params, before.customer),
    default_source: defaultSource(unit, params, before.customer),
    default_tax_rates: chosenRates(unit, params, "default_tax_rates"),
    description: textOrNull(params, "description"),
    invoice_settings: invoiceSettings(unit, before.invoice_settings, hash(params, "invoice_settings")),
    payment_settings: paymentSettings(before.payment_settings, hash(params, "payment_settings")),
    trial_settings: trialSettings(before.trial_settings, hash(params, "trial_settings")),
  });
}

/** What was sent over what was there; its schema has checked it. */
function overlaid<T extends object | null>(before: T, sent: Params | undefined): T | undefined {
  return sent && ({ ...before, ...sent } as T);
}

function invoiceSettings(unit: Unit, before: Subscription["invoice_settings"], sent: Params | undefined) {
  return overlaid(before, sent && { ...sent, ...printedFields(unit, sent, "invoice_settings") });
}

function paymentSettings(before: Subscription["payment_settings"], sent: Params | undefined) {
  const options = sent && methodOptions(sent, before?.payment_method_options);
  return overlaid(before, sent && { ...sent, ...given({ payment_method_options: options }) });
}

/** What an anchor that a trial leaves as it was does to the period after it is not known. */
function trialSettings(before: Subscription["trial_settings"], sent: Params | undefined) {
  const chosen = hash(sent ?? {}, "end_behavior");
  const isKept = text(chosen ?? {}, "billing_cycle_anchor") === "unchanged";
  if (isKept) throw notPlayed("anchors that trials leave", "trial_settings[end_behavior][billing_cycle_anchor]");
  const end_behavior = overlaid(before?.end_behavior ?? null, chosen);
  return end_behavior ? { end_behavior } : undefined;
}

export function metadataOf(params: Params, before: Subscription["metadata"] = {}): Subscription["metadata"] {
  return { ...mergeMetadata(before, params.metadata) };
}

type Terms = Pick<Subscription, "collection_method" | "days_until_due">;

/** How its invoices are collected, and how long their customer has. */
export function termsOf(params: Params, before: Terms): Terms {
  const method = text(params, "collection_method") ?? before.collection_method;
  const days = integer(params, "days_until_due");
  if (method === "charge_automatically") {
    if (days !== undefined) throw refusal(rows.daysUnasked);
    return { collection_method: method, days_until_due: null };
  }
  const due = days ?? before.days_until_due;
  if (due === null) throw refusal(rows.daysMissing);
  return { collection_method: "send_invoice", days_until_due: due };
}
