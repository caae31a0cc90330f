// READ FIRST. What a product costs, once or again and again. A price has no status: it is active or not. What is
// charged by it never changes, and it is never deleted, but for one that was made as a plan.
// https://docs.stripe.com/api/prices
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";

type Declared = Omit<Stripe.Price, "currency_options" | "deleted" | "recurring" | "tiers" | "unit_amount_decimal">;

export type Price = Stored<Declared> & {
  readonly recurring: Recurring | null;
  readonly unit_amount_decimal: string | null;
};

export interface Recurring {
  readonly interval: "day" | "month" | "week" | "year";
  readonly interval_count: number;
  readonly meter: string | null;
  readonly trial_period_days: number | null;
  readonly usage_type: "licensed" | "metered";
}

export const prices = defineNoun<Price, "change" | "create" | "delete" | "stand_aside">({
  object: "price",
  prefixes: ["price", "plan"],
  indices: ["product", "lookup_key", "hidden.billedAs"],
  expandable: { product: "product" },
  /** Those of plans. */
  takesIds: true,
  isGone: isDeletedPrice,
  signals: ["change", "create", "delete", "stand_aside"],
});

/** Up to and with which quantity a unit costs so much; null is without end. */
export interface Tier {
  readonly flat_amount: number | null;
  readonly flat_amount_decimal: string | null;
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
  readonly up_to: number | null;
}

/** What it costs in one currency. */
export interface CurrencyOption extends Pick<Price, "custom_unit_amount" | "tax_behavior"> {
  readonly tiers?: readonly Tier[];
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
}

export type CurrencyOptions = Readonly<Record<string, CurrencyOption>>;

/** What is shown only when somebody asks, or not at all. */
export interface Unshown {
  readonly tiers?: readonly Tier[] | undefined;
  /** In other currencies than its own. */
  readonly options?: CurrencyOptions | undefined;
  /** Of metered prices before basil. */
  readonly aggregateUsage?: string | undefined;
  /** The product, currency and amount that it was made for, when nobody named a price. */
  readonly billedAs?: string | undefined;
  /** As a plan; whoever pays by it goes on. */
  readonly isDeleted?: boolean | undefined;
  /** The id that another one has now, which was made after this one was deleted. */
  readonly shownAs?: string | undefined;
}

export function unshownOf(price: Hidden): Unshown {
  return price[hidden] ?? {}; // Written by this folder only.
}

/** As which it is shown: once another one has its id, it is stored under another. */
export function shownIdOf(price: Price): string {
  return unshownOf(price).shownAs ?? price.id;
}

/** It was deleted as a plan. */
export function isDeletedPrice(price: Hidden): boolean {
  return unshownOf(price).isDeleted === true;
}

/** Of a price, or of its plan. */
export function tiersOf(price: Hidden): readonly Tier[] | undefined {
  return unshownOf(price).tiers;
}

/** Null for what is not metered; of a price, or of its plan. */
export function aggregateUsage(price: Hidden): string | null {
  return unshownOf(price).aggregateUsage ?? null;
}

/** What a unit costs in a currency; undefined when it has none there, null when it has tiers. */
export function unitAmountIn(price: Price, currency: string): string | null | undefined {
  return optionIn(price, currency)?.unit_amount_decimal;
}

/** What it costs in a currency, if anything. */
export function optionIn(price: Price, currency: string): CurrencyOption | undefined {
  return currency === price.currency ? ownOption(price) : unshownOf(price).options?.[currency];
}

/** In every currency it has, its own included. */
export function allOptions(price: Price): CurrencyOptions {
  return { ...unshownOf(price).options, [price.currency]: ownOption(price) };
}

function ownOption(price: Price): CurrencyOption {
  const { custom_unit_amount, tax_behavior, unit_amount, unit_amount_decimal } = price;
  const tiers = tiersOf(price);
  return { custom_unit_amount, tax_behavior, ...(tiers && { tiers }), unit_amount, unit_amount_decimal };
}
