// READ FIRST. What it costs to send something, as a fixed amount, in one currency or in several. It has no status: it
// is active or not, and is never deleted; no event tells of it. https://docs.stripe.com/api/shipping_rates
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";

type Declared = Omit<Stripe.ShippingRate, "fixed_amount" | "metadata" | "tax_behavior">;

export type ShippingRate = Stored<Declared> & {
  readonly fixed_amount: { readonly amount: number; readonly currency: string };
  readonly metadata: Readonly<Record<string, string>>;
  readonly tax_behavior: string;
};

export const shippingRates = defineNoun<ShippingRate>({
  object: "shipping_rate",
  prefixes: ["shr"],
  label: "shipping rate",
  expandable: { tax_code: "tax_code" },
});

/** What it costs in a currency, and whether its tax is in that. */
export interface Fixed {
  readonly amount: number;
  readonly tax_behavior: string;
}

export type Options = Readonly<Record<string, Fixed>>;

/** In other currencies than its own. They are shown only when somebody asks. */
export function otherOptions(rate: Hidden): Options {
  return (rate[hidden]?.options as Options | undefined) ?? {}; // Written by this folder only.
}

/** In every currency it has, its own included, as prices have it. */
export function allOptions({ fixed_amount, tax_behavior, [hidden]: kept }: ShippingRate): Options {
  const { amount, currency } = fixed_amount;
  const all = { ...otherOptions({ [hidden]: kept }), [currency]: { amount, tax_behavior } };
  return Object.fromEntries(Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Undefined where it does not know the currency. */
export function fixedIn(rate: ShippingRate, currency: string): Fixed | undefined {
  return allOptions(rate)[currency];
}
