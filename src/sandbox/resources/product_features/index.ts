// Features of products. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { referred } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { features } from "../features/index.ts";
import { products } from "../products/index.ts";
import { attachFeature, detachAll, detachFeature, retrieveAttached } from "./actions.ts";
import { type ProductFeature, productFeatures } from "./product_feature.ts";
import { rows } from "./refusals.table.ts";

export { featuresOf } from "./actions.ts";
export { productFeatures } from "./product_feature.ts";

const path = "/v1/products/:id/features";

export const productFeatureResource = defineResource<ProductFeature>({
  noun: productFeatures,
  refusals: rows,
  embeds: [referred(productFeatures, "entitlement_feature", features)],
  reactions: [onSignal(products, "delete", detachAll)],
  routes: [
    { method: "POST", path, run: attachFeature },
    { method: "GET", path, run: listAttached },
    { method: "GET", path: `${path}/:id`, run: retrieveAttached },
    { method: "DELETE", path: `${path}/:id`, run: detachFeature },
  ],
});

function listAttached(unit: Unit, params: Params, product: string): object {
  mustRead(unit, products, product);
  const url = path.replace(":id", product);
  return list(unit, productFeatures, params, { url, filters: { "hidden.product": product } });
}
