// READ FIRST: a catalog is what is sold, written down in code: the same file for test and live. Everything that Stripe
// would refuse is refused here, with the place where it stands.
import type { AddOnPrices, Catalog, FeatureDefinitions, Prices } from "../../../api/index.ts";
import { checkCatalog } from "./check.ts";

/**
 * Writes down what is sold. The names of plans, prices and features become types, so that a misspelt one does not
 * compile; amounts are integers of minor units, by currency.
 * @throws Problem `invalid_params` that names the place, such as `plans.pro.prices.month.eur`.
 * @example
 * const catalog = defineCatalog({
 *   features: { export: "boolean", projects: "number" },
 *   plans: {
 *     pro: {
 *       name: "Pro",
 *       prices: { month: { eur: 1900, usd: 2100 }, year: { eur: 19000, usd: 21000 } },
 *       features: { export: true, projects: 10 },
 *       trialDays: 14,
 *     },
 *   },
 * });
 */
export function defineCatalog<
  const Features extends FeatureDefinitions,
  const Plans extends Readonly<Record<string, Prices>>,
  const AddOns extends Readonly<Record<string, AddOnPrices>> = Record<never, never>,
>(catalog: Catalog<Features, Plans, AddOns>): Catalog<Features, Plans, AddOns> {
  checkCatalog(catalog);
  return catalog;
}
