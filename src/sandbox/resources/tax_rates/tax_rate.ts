// READ FIRST. A tax by its percentage, in the price or on top of it. It has no status: it is active or not, and is
// never deleted; its percentage never changes. https://docs.stripe.com/api/tax_rates
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";

export type TaxRate = Stored<Omit<Stripe.TaxRate, "metadata">> & {
  readonly metadata: Readonly<Record<string, string>>;
};

/** Made for a tax that somebody else has reckoned, out of these data; it is not put on anything else (declared). */
export function reckonedBy(rate: Hidden): string | null {
  return (rate[hidden]?.reckonedBy as string | undefined) ?? null; // Written by this folder only.
}

export const taxRates = defineNoun<TaxRate>({ object: "tax_rate", prefixes: ["txr"], label: "tax rate" });
