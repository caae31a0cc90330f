// READ FIRST. What a customer may use, by a key of the shop's own. It has no status: it is active or archived, and once
// archived stays so. https://docs.stripe.com/api/entitlements/feature
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";

export type Feature = Stored<Stripe.Entitlements.Feature>;

export const features = defineNoun<Feature>({
  object: "entitlements.feature",
  prefixes: ["feat"],
  indices: ["lookup_key"],
  label: "feature",
});
