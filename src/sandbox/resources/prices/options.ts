// What a price is in other currencies than its own.
// https://docs.stripe.com/products-prices/pricing-models#multicurrency

import type { Params } from "../../kernel/state/resource.ts";
import { checkedCurrencyKeys } from "../../kernel/words/amounts.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { amountOf, customAmountOf, sentTiers } from "./amounts.ts";
import type { CurrencyOption, CurrencyOptions } from "./price.ts";
import { rows } from "./refusals.table.ts";

/** Undefined: nothing was sent. */
export function optionsOf(params: Params, own: string): CurrencyOptions | undefined {
  const sent = hash(params, "currency_options");
  if (!sent) return undefined;
  const options = checkedCurrencyKeys(sent, "currency_options").map((currency) => {
    if (currency === own) throw refusal(rows.ownCurrencyOption, { currency });
    return [currency, optionOf(hash(sent, currency) ?? {}, currency)] as const;
  });
  return Object.fromEntries(options);
}

function optionOf(sent: Params, currency: string): CurrencyOption {
  const place = { currency, at: `currency_options[${currency}]` };
  const amount = amountOf(sent, "unit_amount", place);
  const tiers = sentTiers(sent, place);
  const custom = customAmountOf(sent);
  if (!amount && !tiers && !custom) throw refusal(rows.priceWithoutAmount);
  return {
    custom_unit_amount: custom,
    tax_behavior: text(sent, "tax_behavior") ?? "unspecified",
    ...(tiers && { tiers }),
    unit_amount: amount?.whole ?? null,
    unit_amount_decimal: amount?.decimal ?? null,
  };
}
