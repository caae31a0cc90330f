// What Stripe refuses about products.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  productExists: withParam("id", invalid("resource_already_exists", "Product already exists.", "inferred")),
  productHasPrices: invalid(
    null,
    "This product cannot be deleted because it has one or more user-created prices.",
    "recorded",
  ),
  productPriceForeign: withParam(
    "default_price",
    invalid(null, "The price {price} cannot be the default of {product}, because it is of {owner}.", "inferred"),
  ),
  productPriceInactive: withParam(
    "default_price",
    invalid(null, "The price {price} cannot be the default of {product}, because it is inactive.", "inferred"),
  ),
  descriptorInvalid: withParam(
    "statement_descriptor",
    invalid(
      null,
      "The statement descriptor must contain at least one letter and none of these characters: <, >, \\, ', \".",
      "inferred",
    ),
  ),
} satisfies Refusals;
