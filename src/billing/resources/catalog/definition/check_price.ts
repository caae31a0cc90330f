// What a price may be: amounts by currency, or tiers.
import { checkPart, isCurrency } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { type Amounts, type PriceDefinition, type Tier, type TieredPrice, tiersModes } from "../../../api/index.ts";
import { checkFields, checkOneOf, type Fields } from "../../input.ts";

/** As many as a person can compare. */
const tiersMax = 100;

const tieredFields: Fields<TieredPrice> = { tiersMode: true, tiers: true };
const tierFields: Fields<Tier> = { upTo: true, unitAmount: true, flatAmount: true };

export function isTiered(price: PriceDefinition): price is TieredPrice {
  return Array.isArray((price as { readonly tiers?: unknown }).tiers);
}

export function checkPrice(place: string, price: PriceDefinition | undefined): void {
  if (typeof price !== "object" || price === null || !("tiers" in price || "tiersMode" in price)) {
    checkAmounts(place, price);
    return;
  }
  const { tiersMode, tiers } = checkFields(place, price as TieredPrice, tieredFields);
  if (tiersMode === undefined) throw invalid(`${place}.tiersMode`, `is missing: ${tiersModes.join(" or ")}`);
  checkOneOf(`${place}.tiersMode`, tiersMode, tiersModes);
  if (!Array.isArray(tiers) || tiers.length === 0 || tiers.length > tiersMax) {
    throw invalid(`${place}.tiers`, `is a list of 1 to ${tiersMax} tiers`);
  }
  for (const [n, tier] of tiers.entries()) checkTier(`${place}.tiers[${n}]`, tier);
  checkEnds(place, tiers);
  checkCurrencies(place, tiers);
}

/** Each tier is said in the currencies of the first. */
function checkCurrencies(place: string, tiers: readonly Tier[]): void {
  const named = (amounts: Amounts | undefined) =>
    Object.keys(amounts ?? {})
      .sort()
      .join(", ");
  const first = named(tiers[0]?.unitAmount);
  for (const [n, { unitAmount, flatAmount = unitAmount }] of tiers.entries()) {
    const [wrong] = Object.entries({ unitAmount, flatAmount }).filter(([, amounts]) => named(amounts) !== first);
    if (wrong) throw invalid(`${place}.tiers[${n}].${wrong[0]}`, `is said in ${first}, as in the first tier`);
  }
}

function checkTier(place: string, tier: Tier): void {
  const { unitAmount, flatAmount } = checkFields(place, tier, tierFields);
  checkAmounts(`${place}.unitAmount`, unitAmount);
  if (flatAmount !== undefined) checkAmounts(`${place}.flatAmount`, flatAmount);
}

/** Each tier ends later than the one before it, and the last one never. */
function checkEnds(place: string, tiers: readonly Tier[]): void {
  let before = 0;
  for (const [n, { upTo }] of tiers.entries()) {
    const at = `${place}.tiers[${n}].upTo`;
    if (n === tiers.length - 1) {
      if (upTo !== "inf") throw invalid(at, 'is "inf" in the last tier');
      return;
    }
    if (upTo === "inf" || !Number.isSafeInteger(upTo) || upTo <= before) {
      throw invalid(at, `is an integer of more than ${before}`);
    }
    before = upTo;
  }
}

export function checkAmounts(place: string, amounts: Amounts | undefined): void {
  if (typeof amounts !== "object" || amounts === null || Array.isArray(amounts)) {
    throw invalid(place, "says an amount by currency", "Write { eur: 1900 } for 19.00 EUR.");
  }
  const named = Object.entries(amounts);
  if (named.length === 0) throw invalid(place, "names no currency", "Write { eur: 1900 } for 19.00 EUR.");
  for (const [currency, amount] of named) {
    const field = `${place}.${currency}`;
    if (currency !== currency.toLowerCase() || !isCurrency(currency)) {
      throw problem("unknown_currency", `${field}: Stripe knows no such currency`, {
        hint: "A currency is a three-letter ISO code in small letters, such as eur.",
        details: { field },
      });
    }
    if (typeof amount !== "number") throw invalid(field, "is an integer of minor units");
    if (amount !== 0) checkPart({ amount, currency }, { field, of: field });
  }
}

export function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", `${field} ${message}`, { hint, details: { field } });
}
