// A price as the reckoning takes it, in one of its currencies.
import type { PriceTerms } from "../../reckoning/prices.ts";
import { decimal, zero } from "../../reckoning/rational.ts";
import { optionIn, type Price, type Tier } from "./price.ts";

/** `priced(termsIn(price, "usd"), ratio(3))`: what three of it cost. */
export function termsIn(price: Price, currency: string): PriceTerms {
  const option = optionIn(price, currency);
  if (option?.tiers) {
    const mode = price.tiers_mode === "volume" ? "volume" : "graduated";
    return { scheme: "tiered", mode, tiers: option.tiers.map(bandOf) };
  }
  const { transform_quantity: transform } = price;
  const packages =
    transform && ({ of: transform.divide_by, round: transform.round === "down" ? "down" : "up" } as const);
  const amount = option?.unit_amount_decimal;
  return { scheme: "per_unit", unitAmount: amount ? decimal(amount) : zero, packages };
}

function bandOf({ flat_amount_decimal: flat, unit_amount_decimal: unitAmount, up_to: upTo }: Tier) {
  return {
    upTo,
    unitAmount: unitAmount === null ? null : decimal(unitAmount),
    flatAmount: flat === null ? null : decimal(flat),
  };
}
