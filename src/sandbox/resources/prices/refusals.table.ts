// What Stripe refuses about prices.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  priceWithoutAmount: invalid(
    null,
    "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
    "recorded",
  ),
  lookupKeyTaken: withParam(
    "lookup_key",
    invalid(null, "A price (`{price}`) already uses that lookup key.", "recorded"),
  ),
  meterMissing: invalid(
    null,
    "Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.",
    "recorded",
  ),
  intervalTooLong: withParam(
    "recurring[interval_count]",
    invalid(null, "The price's interval must be between one day and three years.", "inferred"),
  ),
  tiersMissing: withParam(
    "tiers",
    invalid(null, "You must specify `tiers` and `tiers_mode` when `billing_scheme=tiered`.", "inferred"),
  ),
  tiersUnasked: invalid(null, "You can only specify `{param}` when `billing_scheme=tiered`.", "inferred"),
  tieredWithAmount: invalid(null, "You cannot specify `{param}` when `billing_scheme=tiered`.", "inferred"),
  tierWithoutAmount: withParam(
    "tiers",
    invalid(null, "Each tier needs a `unit_amount`, a `unit_amount_decimal`, or a flat amount.", "inferred"),
  ),
  tiersUnordered: withParam(
    "tiers",
    invalid(null, "Each tier's `up_to` must be greater than the one before it.", "inferred"),
  ),
  tiersEndless: withParam("tiers", invalid(null, "The last tier, and only that, must have `up_to=inf`.", "inferred")),
  customAmountRecurring: withParam(
    "custom_unit_amount",
    invalid(null, "You cannot specify `custom_unit_amount` for a recurring price.", "inferred"),
  ),
  customAmountUnordered: withParam(
    "custom_unit_amount",
    invalid(null, "The `preset` must lie between the `minimum` and the `maximum`.", "inferred"),
  ),
  taxBehaviorFixed: withParam(
    "tax_behavior",
    invalid(null, "The tax behavior of a price cannot be changed once it is specified.", "inferred"),
  ),
  ownCurrencyOption: withParam(
    "currency_options",
    invalid(null, "You cannot specify a currency option for the price's own currency, {currency}.", "inferred"),
  ),
  defaultPriceArchived: withParam(
    "active",
    invalid(null, "This price cannot be archived because it is the default price of its product.", "inferred"),
  ),
} satisfies Refusals;
