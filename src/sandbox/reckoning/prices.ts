// What a quantity costs: by the unit, by the package, or by tiers, of which each band is billed on lines of its own.
// https://docs.stripe.com/products-prices/pricing-models
import { ceiling, floor, halfUp, isBelow, minus, over, plus, type Rational, ratio, times, zero } from "./rational.ts";

export interface Tier {
  /** The last unit that belongs to it; null: there is no end. */
  readonly upTo: number | null;
  readonly unitAmount: Rational | null;
  readonly flatAmount: Rational | null;
}

interface PerUnit {
  readonly scheme: "per_unit";
  readonly unitAmount: Rational;
  /** Bought by so many at a time. */
  readonly packages: { readonly of: number; readonly round: "up" | "down" } | null;
}

interface Tiered {
  readonly scheme: "tiered";
  readonly mode: "graduated" | "volume";
  readonly tiers: readonly Tier[];
}

/** Amounts are in minor units, with decimals where the price has them. */
export type PriceTerms = PerUnit | Tiered;

/** What becomes a line. */
export interface Priced {
  readonly amount: number;
  /** Null of a band's flat fee. */
  readonly quantity: Rational | null;
  readonly unitAmount: Rational;
  /** Counted from one; null without tiers. */
  readonly tier: number | null;
}

/** Each line is rounded by itself: 31 at 3.6 cost 112 (recorded). That halves go up is inferred. */
export function priced(terms: PriceTerms, quantity: Rational): readonly Priced[] {
  return partsOf(terms, quantity).map(({ exact, ...part }) => ({ amount: halfUp(exact), ...part }));
}

/** All of it, with nothing rounded: what parts of a period are reckoned from. */
export function costOf(terms: PriceTerms, quantity: Rational): Rational {
  return partsOf(terms, quantity).reduce((sum, { exact }) => plus(sum, exact), zero);
}

interface Part extends Omit<Priced, "amount"> {
  readonly exact: Rational;
}

function partsOf(terms: PriceTerms, quantity: Rational): Part[] {
  if (terms.scheme === "tiered") return bandsOf(terms, quantity).flatMap(linesOf);
  const { unitAmount, packages } = terms;
  const count = packages === null ? quantity : packagesOf(quantity, packages);
  return [{ exact: times(unitAmount, count), quantity, unitAmount, tier: null }];
}

function packagesOf(quantity: Rational, { of, round }: { of: number; round: "up" | "down" }): Rational {
  const exact = over(quantity, ratio(of));
  return ratio(round === "up" ? ceiling(exact) : floor(exact));
}

interface Band {
  readonly tier: Tier;
  readonly nth: number;
  readonly units: Rational;
}

/** Graduated, each unit counts in its own band; by volume, all count in the band that is reached. */
function bandsOf({ mode, tiers }: Tiered, quantity: Rational): Band[] {
  const bands: Band[] = [];
  let below = zero;
  for (const [index, tier] of tiers.entries()) {
    const end = tier.upTo === null ? undefined : ratio(tier.upTo);
    const isReached = end === undefined || !isBelow(end, quantity);
    const inside = minus(isReached ? quantity : end, below);
    if (mode === "graduated") bands.push({ tier, nth: index + 1, units: inside });
    else if (isReached) bands.push({ tier, nth: index + 1, units: quantity });
    if (isReached) break;
    below = end;
  }
  return bands;
}

/** The units of a band, and its flat fee (recorded). A fee of nothing is a line too, no fee is none. */
function linesOf({ tier: { unitAmount, flatAmount }, nth, units }: Band): Part[] {
  const lines: Part[] = [];
  if (unitAmount) lines.push({ exact: times(unitAmount, units), quantity: units, unitAmount, tier: nth });
  if (flatAmount) lines.push({ exact: flatAmount, quantity: null, unitAmount: flatAmount, tier: nth });
  return lines;
}
