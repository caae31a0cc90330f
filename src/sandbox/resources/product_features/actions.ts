// What happens between a product and a feature: one is attached to the other, and detached again. Who has subscribed
// before is told nothing: what a subscription grants is decided when it is.
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, erase, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { features } from "../features/index.ts";
import { products } from "../products/index.ts";
import { type ProductFeature, productFeatures, productOf } from "./product_feature.ts";
import { rows } from "./refusals.table.ts";

/** Oldest first. */
export function featuresOf(unit: Unit, product: string): ProductFeature[] {
  return among(unit, productFeatures, "hidden.product", product);
}

export function attachFeature(unit: Unit, params: Params, product: string): ProductFeature {
  mustRead(unit, products, product);
  const id = text(params, "entitlement_feature");
  if (id === undefined) throw missingParameter("entitlement_feature");
  const { active, id: feature } = mustReadParam(unit, features, id, "entitlement_feature");
  if (!active) throw refusal(rows.attachedArchived, { feature });
  const isTwice = featuresOf(unit, product).some((one) => one.entitlement_feature === feature);
  if (isTwice) throw refusal(rows.attachedTwice, { feature, product });
  const attached: ProductFeature = {
    id: unit.world.ids.after("prodft_test_61", 30),
    object: "product_feature",
    entitlement_feature: feature,
    livemode: false,
    [hidden]: { product },
  };
  return add(unit, productFeatures, attached, null);
}

export function retrieveAttached(unit: Unit, _params: Params, product: string, id: string): ProductFeature {
  mustRead(unit, products, product);
  const attached = mustRead(unit, productFeatures, id);
  if (productOf(attached) !== product) throw noSuch(productFeatures, id, { inPath: true });
  return attached;
}

export function detachFeature(unit: Unit, params: Params, product: string, id: string): object {
  erase(unit, productFeatures, retrieveAttached(unit, params, product, id), null);
  return { id, object: "product_feature", deleted: true };
}

/** Their product is deleted, and its id may be used again. */
export function detachAll(unit: Unit, { id }: { readonly id: string }): void {
  for (const attached of featuresOf(unit, id)) erase(unit, productFeatures, attached, null);
}
