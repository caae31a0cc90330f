// What Stripe refuses about features.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  /** That it is refused: https://docs.stripe.com/billing/entitlements. In which words nobody has shown. */
  featureKeyTaken: withParam(
    "lookup_key",
    invalid(
      null,
      "A feature with the lookup key `{key}` exists already: `{feature}`. Archive it to use its lookup key again.",
      "inferred",
    ),
  ),
  /** The SDKs call it permanent. */
  featureArchived: invalid(null, "The feature {feature} is archived and can't be changed any more.", "inferred"),
} satisfies Refusals;
