// What a shop of one currency sells: prices of every kind and interval, discounts, taxes, and cards to pay with.
import type { TestCore } from "./core.ts";

export interface Catalog {
  readonly currency: string;
  readonly prices: readonly string[];
  readonly coupons: readonly string[];
  readonly rates: readonly string[];
  /** Prices that are paid once. */
  readonly extras: readonly string[];
}

export const currencies = ["usd", "eur", "jpy"] as const;

export function openCatalog({ must }: TestCore, currency: string): Catalog {
  const price = (more: object) => {
    const product = must("POST /v1/products", { name: "Plan" }).id as string;
    return must("POST /v1/prices", { currency, product, ...more }).id as string;
  };
  const every = (interval: string, interval_count = 1) => ({ recurring: { interval, interval_count } });
  const tiered = (tiers_mode: string) => ({
    billing_scheme: "tiered",
    tiers_mode,
    tiers: [
      { up_to: 3, unit_amount: 900, flat_amount: 250 },
      { up_to: "inf", unit_amount: 799 },
    ],
  });
  const coupon = (more: object) => must("POST /v1/coupons", more).id as string;
  const rate = (percentage: number, inclusive: boolean) =>
    must("POST /v1/tax_rates", { display_name: "VAT", percentage, inclusive }).id as string;
  return {
    currency,
    prices: [
      price({ unit_amount: 1000, ...every("month") }),
      price({ unit_amount: 2999, ...every("month") }),
      price({ unit_amount: 12_345, ...every("year") }),
      price({ unit_amount: 2501, ...every("month", 3) }),
      price({ unit_amount: 701, ...every("week", 2) }),
      price({ ...tiered("graduated"), ...every("month") }),
      price({ ...tiered("volume"), ...every("month") }),
      price({ unit_amount_decimal: "360.7", ...every("month") }),
      price({ unit_amount: 0, ...every("month") }),
      price({ unit_amount: 503, transform_quantity: { divide_by: 4, round: "up" }, ...every("month") }),
      price({ unit_amount: 99, ...every("day") }),
    ],
    coupons: [
      coupon({ percent_off: 12.5, duration: "forever" }),
      coupon({ amount_off: 400, currency, duration: "once" }),
      coupon({ percent_off: 33, duration: "repeating", duration_in_months: 3 }),
      coupon({ amount_off: 5000, currency, duration: "repeating", duration_in_months: 2 }),
    ],
    rates: [rate(19, false), rate(7, true), rate(5.5, false)],
    extras: [price({ unit_amount: 1500 })],
  };
}
