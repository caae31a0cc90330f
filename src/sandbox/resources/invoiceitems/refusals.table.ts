// What Stripe refuses about invoice items.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // By onetimesecret in 2025.
  priceRetired: withParam(
    "price",
    invalid("parameter_unknown", "Received unknown parameter: price. Did you mean pricing?", "recorded"),
  ),
  amountWithQuantity: invalid(
    "parameters_exclusive",
    "You may only specify one of these parameters: amount, quantity.",
    "inferred",
  ),
  // Recorded the other way round, of subscriptions.
  priceRecurring: invalid(
    null,
    "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
    "inferred",
  ),
  priceInactive: invalid(null, "The price specified is inactive. This field only accepts active prices.", "inferred"),
  // As callers quote it.
  priceInOtherCurrency: invalid(
    null,
    "The price specified only supports `{own}`. This doesn't match the expected currency: `{currency}`.",
    "recorded",
  ),
  // https://github.com/lichess-org/lila/issues/9297; how several are joined is inferred.
  priceInOtherCurrencies: invalid(
    null,
    "The price specified supports currencies of {own} which doesn't include the expected currency of `{currency}`.",
    "recorded",
  ),
  priceWithoutUnit: invalid(null, "The price specified has no amount per unit to be billed by.", "inferred"),
  periodBackwards: invalid(null, "The period's end must not be before its start.", "inferred"),
  fieldFrozen: invalid(null, "The {field} of this invoice item is frozen, and cannot be changed.", "inferred"),
  itemsTooMany: invalid(null, "A customer can have at most {limit} pending invoice items.", "documented"),
} satisfies Refusals;
