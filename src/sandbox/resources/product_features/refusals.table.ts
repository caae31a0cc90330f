// What Stripe refuses about features of products.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  /** The SDKs say that it is; in which words nobody has shown. */
  attachedArchived: withParam(
    "entitlement_feature",
    invalid(null, "The feature {feature} is archived and can't be attached to a product.", "inferred"),
  ),
  attachedTwice: withParam(
    "entitlement_feature",
    invalid(null, "The feature {feature} is already attached to the product {product}.", "inferred"),
  ),
} satisfies Refusals;
