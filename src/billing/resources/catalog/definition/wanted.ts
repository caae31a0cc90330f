// A catalog as what should stand at Stripe: products under ids of ours, and prices under lookup keys.
import { formatMoney } from "#kit/money.ts";
import type { Catalog, PlanDefinition, PriceDefinition, TaxBehavior, TiersMode } from "../../../api/index.ts";
import { isTiered } from "./check_price.ts";
import type { Content } from "./content.ts";
import { everyOf, everyText, type Recurring } from "./every.ts";
import { couponOf, type WantedCoupon } from "./wanted_coupon.ts";

export const namespaceDefault = "bursar";

export interface WantedProduct {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly unitLabel: string | null;
  readonly taxCode: string | null;
}

export interface WantedTier {
  /** Null is without end. */
  readonly upTo: number | null;
  readonly unitAmount: number;
  readonly flatAmount: number | null;
}

export interface WantedPrice {
  readonly lookupKey: string;
  readonly product: string;
  readonly currency: string;
  /** Null where there are tiers. */
  readonly unitAmount: number | null;
  readonly tiersMode: TiersMode | null;
  readonly tiers: readonly WantedTier[];
  /** Null for what is paid once. */
  readonly recurring: Recurring | null;
  readonly taxBehavior: TaxBehavior | null;
}

export interface Wanted {
  readonly namespace: string;
  readonly products: readonly WantedProduct[];
  readonly prices: readonly WantedPrice[];
  readonly coupons: readonly WantedCoupon[];
}

/** Of a catalog that was checked. */
export function wantedOf(catalog: Catalog): Wanted {
  const { namespace = namespaceDefault, taxBehavior = null } = catalog;
  const sold = Object.entries({ ...catalog.plans, ...catalog.addOns });
  return {
    namespace,
    products: sold.map(([name, one]) => productOf(`${namespace}-${name}`, one)),
    prices: sold.flatMap(([name, { prices }]) =>
      Object.entries(prices).flatMap(([every, price]) =>
        pricesOf(price, { product: `${namespace}-${name}`, every, taxBehavior }),
      ),
    ),
    coupons: Object.entries(catalog.coupons ?? {}).map(([name, coupon]) => couponOf(namespace, name, coupon)),
  };
}

function productOf(
  id: string,
  { name, description, unitLabel, taxCode }: Omit<PlanDefinition, "prices">,
): WantedProduct {
  return { id, name, description: description ?? null, unitLabel: unitLabel ?? null, taxCode: taxCode ?? null };
}

interface PricePlace {
  readonly product: string;
  readonly every: string;
  readonly taxBehavior: TaxBehavior | null;
}

/** One in each currency. */
function pricesOf(price: PriceDefinition, { product, every, taxBehavior }: PricePlace): WantedPrice[] {
  const amounts = isTiered(price) ? price.tiers[0]?.unitAmount : price;
  return Object.keys(amounts ?? {}).map((currency) => ({
    lookupKey: lookupKeyOf(product, every, currency),
    product,
    currency,
    unitAmount: isTiered(price) ? null : (price[currency] ?? 0),
    tiersMode: isTiered(price) ? price.tiersMode : null,
    tiers: isTiered(price)
      ? price.tiers.map(({ upTo, unitAmount, flatAmount }) => ({
          upTo: upTo === "inf" ? null : upTo,
          unitAmount: unitAmount[currency] ?? 0,
          flatAmount: flatAmount?.[currency] ?? null,
        }))
      : [],
    recurring: everyOf(every) ?? null,
    taxBehavior,
  }));
}

export function lookupKeyOf(product: string, every: string, currency: string): string {
  return [product, every.replace(" ", "_"), currency].join("-");
}

export function productContent({ name, description, unitLabel, taxCode }: WantedProduct): Content {
  return { name, description, unit_label: unitLabel, tax_code: taxCode };
}

export function priceContent(price: WantedPrice): Content {
  const { product, currency, unitAmount, tiersMode, tiers, recurring, taxBehavior } = price;
  return {
    product,
    currency,
    unit_amount: unitAmount === null ? null : formatMoney({ amount: unitAmount, currency }),
    tiers_mode: tiersMode,
    tiers: tiers.length === 0 ? null : tiers.map((tier) => tierText(tier, currency)).join("; "),
    recurring: recurring && everyText(recurring),
    // What the catalog leaves to Stripe's settings is right whatever they are.
    ...(taxBehavior && { tax_behavior: taxBehavior }),
  };
}

/** "up to 10: 9.00 EUR each and 5.00 EUR once" */
function tierText({ upTo, unitAmount, flatAmount }: WantedTier, currency: string): string {
  const end = upTo === null ? "beyond" : `up to ${upTo}`;
  const each = `${end}: ${formatMoney({ amount: unitAmount, currency })} each`;
  return flatAmount ? `${each} and ${formatMoney({ amount: flatAmount, currency })} once` : each;
}
