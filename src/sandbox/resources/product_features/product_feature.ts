// READ FIRST. That a product has a feature: whoever subscribes to the one may use the other.
// https://docs.stripe.com/api/product-feature
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden } from "../../kernel/state/noun.ts";

export type ProductFeature = Omit<Stripe.ProductFeature, "deleted" | "entitlement_feature"> & {
  /** An id; shown whole. */
  readonly entitlement_feature: string;
} & Hidden;

export const productFeatures = defineNoun<ProductFeature>({
  object: "product_feature",
  prefixes: ["prodft"],
  indices: ["hidden.product"],
  label: "product feature",
});

export function productOf({ [hidden]: memory }: Hidden): string {
  return String(memory?.product); // Written when it is attached.
}
