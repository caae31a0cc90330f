// READ FIRST. What is sold. It has no status: it is active or not, and can be deleted as long as nothing has a price.
// https://docs.stripe.com/api/products
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";

export type Product = Stored<Omit<Stripe.Product, "deleted">> & {
  /** Of goods, before 2018; every version still answers it. */
  readonly attributes: readonly string[];
};

export const products = defineNoun<Product, "delete">({
  object: "product",
  prefixes: ["prod"],
  indices: ["hidden.billedAs"],
  expandable: { default_price: "price", tax_code: "tax_code" },
  signals: ["delete"],
  takesIds: true,
  // Recorded: `updated` moves, and no product.updated lists it.
  untold: ["updated"],
});

export interface DeletedProduct {
  readonly id: string;
  readonly object: "product";
  readonly deleted: true;
}
