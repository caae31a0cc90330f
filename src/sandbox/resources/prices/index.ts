// Prices: what products cost. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { searchRoute } from "../../kernel/answer/search.ts";
import { included } from "../../kernel/state/embeds.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { hash, texts } from "../../kernel/words/params.ts";
import { mustReadPrice, updatePrice } from "./change.ts";
import { priceDefaults } from "./defaults.table.ts";
import { priceExtras } from "./extras.table.ts";
import { makePrice } from "./make.ts";
import { createProduct, deleteProduct, updateProduct } from "./of_products.ts";
import { allOptions, type Price, prices, tiersOf } from "./price.ts";
import { rows } from "./refusals.table.ts";
import { priceVersions } from "./versions.ts";

export { changePrice, retirePrice, standAside } from "./change.ts";
export { makePrice, priceBilledAs } from "./make.ts";
export {
  aggregateUsage,
  allOptions,
  isDeletedPrice,
  type Price,
  prices,
  shownIdOf,
  tiersOf,
  unitAmountIn,
} from "./price.ts";
export { termsIn } from "./terms.ts";

const path = "/v1/prices";

export const priceResource = defineResource<Price>({
  noun: prices,
  extras: priceExtras,
  defaults: priceDefaults,
  refusals: rows,
  versions: priceVersions,
  embeds: [included(prices, "tiers", (price) => tiersOf(price)), included(prices, "currency_options", shownOptions)],
  routes: [
    searchRoute({
      path: `${path}/search`,
      noun: prices,
      fields: {
        active: "text",
        currency: "text",
        lookup_key: "part",
        product: "part",
        type: "text",
      },
    }),
    { method: "POST", path, run: (unit, params) => makePrice(unit, params) },
    { method: "GET", path, run: listPrices },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustReadPrice(unit, id) },
    { method: "POST", path: `${path}/:id`, run: updatePrice },
    { method: "POST", path: "/v1/products", run: createProduct },
    { method: "POST", path: "/v1/products/:id", run: updateProduct },
    { method: "DELETE", path: "/v1/products/:id", run: deleteProduct },
  ],
});

/** Tiers are included by a name of their own. */
function shownOptions(price: Price): object {
  const options = Object.entries(allOptions(price)).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(options.map(([currency, { tiers: _tiers, ...option }]) => [currency, option]));
}

function listPrices(unit: Unit, params: Params): object {
  const { active, currency, product, type } = params;
  const keys = texts(params, "lookup_keys");
  const wanted = Object.entries(hash(params, "recurring") ?? {});
  const where = (price: Price) => {
    const recurring = price.recurring as Readonly<Record<string, unknown>> | null;
    return (
      (active === undefined || price.active === active) &&
      (keys === undefined || (price.lookup_key !== null && keys.includes(price.lookup_key))) &&
      wanted.every(([name, value]) => recurring?.[name] === value)
    );
  };
  return list(unit, prices, params, { url: path, filters: { product, currency, type }, where });
}
