// A phase as it is stored: what its subscription is while it runs.
import type Stripe from "stripe";

type Declared = Stripe.SubscriptionSchedule.Phase;

type Unstored =
  | ("add_invoice_items" | "default_payment_method" | "default_tax_rates" | "discounts" | "invoice_settings" | "items")
  | ("metadata" | "on_behalf_of" | "transfer_data" | "trial");

export type Phase = Omit<Declared, Unstored> & {
  readonly add_invoice_items: readonly BesideItem[];
  readonly default_payment_method: string | null;
  readonly default_tax_rates: readonly string[];
  readonly discounts: readonly PhaseDiscount[];
  readonly invoice_settings: PhaseInvoiceSettings | null;
  readonly items: readonly PhaseItem[];
  /** A key without a value unsets that of the subscription. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly on_behalf_of: null;
  readonly transfer_data: null;
};

export interface PhaseDiscount {
  readonly coupon: string | null;
  readonly discount: string | null;
  readonly promotion_code: string | null;
}

export interface PhaseItem {
  readonly billing_thresholds: { readonly usage_gte: number | null } | null;
  readonly discounts: readonly PhaseDiscount[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly plan: string;
  readonly price: string;
  /** What is metered has none. */
  readonly quantity?: number;
  readonly tax_rates: readonly string[];
}

/** What is billed once, on the next invoice of the phase. */
export interface BesideItem {
  readonly discountable: boolean | null;
  readonly discounts: readonly PhaseDiscount[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly period: Stripe.SubscriptionSchedule.Phase.AddInvoiceItem.Period;
  readonly price: string;
  readonly quantity: number;
  readonly tax_rates: readonly string[];
}

export type PhaseInvoiceSettings = Omit<Stripe.SubscriptionSchedule.Phase.InvoiceSettings, "account_tax_ids"> & {
  readonly account_tax_ids: readonly string[] | null;
};
