// What of a product asks for its prices: its first one, its default, and its end.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { hash, textOrNull } from "../../kernel/words/params.ts";
import {
  changeProduct,
  type DeletedProduct,
  makeProduct,
  type Product,
  productRefusals,
  products,
  removeProduct,
} from "../products/index.ts";
import { makePrice, newPriceId } from "./make.ts";
import { isDeletedPrice, prices } from "./price.ts";

/** The product's event comes first, and names its price already (recorded). */
export function createProduct(unit: Unit, params: Params): Product {
  const data = hash(params, "default_price_data");
  if (!data) return makeProduct(unit, params);
  const price = newPriceId(unit);
  const product = makeProduct(unit, params, price);
  makePrice(unit, { ...data, product: product.id }, price);
  return product;
}

export function updateProduct(unit: Unit, params: Params, id: string): Product {
  const before = mustRead(unit, products, id);
  return changeProduct(unit, before, params, defaultOf(unit, params, before));
}

export function deleteProduct(unit: Unit, _params: Params, id: string): DeletedProduct {
  const product = mustRead(unit, products, id);
  const hasPrices = among(unit, prices, "product", id).some((price) => !isDeletedPrice(price));
  if (hasPrices) throw refusal(productRefusals.productHasPrices);
  return removeProduct(unit, product);
}

function defaultOf(unit: Unit, params: Params, product: Product): string | null | undefined {
  const id = textOrNull(params, "default_price");
  if (typeof id !== "string") return id;
  const price = mustReadParam(unit, prices, id, "default_price");
  const named = { price: id, product: product.id, owner: price.product };
  if (price.product !== product.id) throw refusal(productRefusals.productPriceForeign, named);
  if (!price.active) throw refusal(productRefusals.productPriceInactive, named);
  return id;
}
