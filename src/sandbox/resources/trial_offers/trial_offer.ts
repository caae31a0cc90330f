// READ FIRST. An offer to begin with: what an item is billed by for so many intervals, and by which price afterwards.
// It has no status: it is active or archived, and who has begun with it goes on. Nobody is told of it: the SDKs know no
// event. https://docs.stripe.com/api/product-catalog/trial-offer
import type Stripe from "stripe";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";

type Declared = Omit<Stripe.ProductCatalog.TrialOffer, "end_behavior" | "price">;

export type TrialOffer = Stored<Declared> & {
  readonly end_behavior: { readonly transition: { readonly price: string }; readonly type: "transition" };
  readonly price: string;
  /** It does not show when it was made, and is listed by it. */
  readonly [hidden]: { readonly created: number };
};

export const trialOffers = defineNoun<TrialOffer>({
  object: "product_catalog.trial_offer",
  prefixes: ["to"],
  indices: ["end_behavior.transition.price", "price"],
  label: "trial offer",
  expandable: { "end_behavior.transition.price": "price", price: "price" },
});
