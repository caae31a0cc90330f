// What Stripe refuses about offers. Nobody was seen to be refused, so that the words are ours.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  offerOneTime: invalid(
    null,
    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
    "inferred",
  ),
  offerPriceInactive: invalid(
    null,
    "The price specified is inactive. This field only accepts active prices.",
    "inferred",
  ),
  offerCurrency: invalid(
    null,
    "The price of a trial offer and the one that it transitions to must have the same currency. They have {one} and " +
      "{other}.",
    "inferred",
  ),
} satisfies Refusals;
