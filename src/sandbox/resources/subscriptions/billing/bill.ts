// An invoice of a subscription, made of lines that somebody has reckoned: what of the subscription stands on it.
import { dayMs, secondMs } from "#kit/clock.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import type { Period } from "../../../reckoning/periods.ts";
import { type Bill, invoicedTax } from "../../invoices/index.ts";
import type { Billing } from "../../line_items/index.ts";
import type { Subscription } from "../subscription.ts";

export interface Billed {
  readonly reason: Bill["billing_reason"];
  /** What it says that it is for: of a renewal the period that has ended (recorded). */
  readonly period: Period;
  readonly lines: readonly Billing[];
}

/** `draftBill(unit, billOf(unit, subscription, { reason: "subscription_cycle", period, lines }))`. */
export function billOf(unit: Unit, subscription: Subscription, { reason, period, lines }: Billed): Bill {
  const {
    automatic_tax,
    collection_method,
    customer,
    currency,
    days_until_due: days,
    default_tax_rates,
    discounts,
    id,
  } = subscription;
  const { account_tax_ids, custom_fields, description, footer } = subscription.invoice_settings;
  const { payment_method_options, payment_method_types } = subscription.payment_settings ?? {};
  const second = secondOf(unit);
  return {
    account_tax_ids,
    automatic_tax: invoicedTax(automatic_tax),
    auto_advance: subscription.status !== "unpaid",
    billing_reason: reason,
    collection_method,
    currency,
    custom_fields,
    customer,
    default_tax_rates,
    description,
    discounts,
    due_date: days === null ? null : second + (days * dayMs) / secondMs,
    footer,
    lines,
    payment_settings: {
      default_mandate: null,
      payment_method_options: payment_method_options ?? null,
      payment_method_types: payment_method_types ?? null,
    } as Bill["payment_settings"], // Their shapes are alike.
    period_end: period.end,
    period_start: period.start,
    subscription: { id, metadata: subscription.metadata },
  };
}
