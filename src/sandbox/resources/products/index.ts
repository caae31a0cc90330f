// Products: what is sold. The folder's only door. What asks for prices as well (a product with its first price, its
// default, its end) is a route of prices.
import { list } from "../../kernel/answer/lists.ts";
import { searchRoute } from "../../kernel/answer/search.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { texts } from "../../kernel/words/params.ts";
import { productDefaults } from "./defaults.table.ts";
import { productExtras } from "./extras.table.ts";
import { type Product, products } from "./product.ts";
import { rows } from "./refusals.table.ts";
import { productVersions } from "./versions.ts";

export { changeProduct, makeProduct, productBilledAs, removeProduct } from "./actions.ts";
export { type DeletedProduct, type Product, products } from "./product.ts";
export { rows as productRefusals } from "./refusals.table.ts";

const path = "/v1/products";

export const productResource = defineResource<Product>({
  noun: products,
  extras: productExtras,
  defaults: productDefaults,
  refusals: rows,
  versions: productVersions,
  routes: [
    searchRoute({
      path: `${path}/search`,
      noun: products,
      fields: {
        active: "text",
        description: "part",
        name: "part",
        shippable: "text",
        url: "part",
      },
    }),
    { method: "GET", path, run: listProducts },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, products, id) },
  ],
});

/** One that is asked for by its id and is not there is no reason to refuse (recorded). */
function listProducts(unit: Unit, params: Params): object {
  const { active, shippable, type, url } = params;
  const ids = texts(params, "ids");
  const where = (product: Product) =>
    (active === undefined || product.active === active) &&
    (shippable === undefined || product.shippable === shippable) &&
    (ids === undefined || ids.includes(product.id));
  return list(unit, products, params, { url: path, filters: { type, url }, where });
}
