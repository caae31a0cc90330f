// Who may use a code, and for how much. https://docs.stripe.com/api/promotion_codes/object

import type { Params } from "../../kernel/state/resource.ts";
import { checkedCurrency, checkedCurrencyKeys } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { boolean, hash, integer, text } from "../../kernel/words/params.ts";
import type { Minimums, PromotionCode } from "./promotion_code.ts";
import { rows } from "./refusals.table.ts";

export function restrictionsOf(params: Params): PromotionCode["restrictions"] {
  const sent = hash(params, "restrictions") ?? {};
  const amount = leastOf(sent, "restrictions[minimum_amount]");
  const isNamed = text(sent, "minimum_amount_currency") !== undefined;
  if ((amount !== undefined) !== isNamed) throw refusal(rows.minimumWithoutCurrency);
  const named = { currency: sent.minimum_amount_currency };
  const currency = isNamed ? checkedCurrency(named, "restrictions[minimum_amount_currency]") : null;
  refuseFractions(sent, currency ?? undefined, "restrictions");
  return {
    first_time_transaction: boolean(sent, "first_time_transaction") ?? false,
    minimum_amount: amount ?? null,
    minimum_amount_currency: currency,
  };
}

/** Undefined: nothing was sent. */
export function minimumsOf(params: Params): Minimums | undefined {
  const at = "restrictions[currency_options]";
  const sent = hash(hash(params, "restrictions") ?? {}, "currency_options");
  if (!sent) return undefined;
  const options = checkedCurrencyKeys(sent, at).flatMap((currency) => {
    const amount = leastOf(hash(sent, currency) ?? {}, `${at}[${currency}][minimum_amount]`);
    return amount === undefined ? [] : [[currency, { minimum_amount: amount }] as const];
  });
  return Object.fromEntries(options);
}

function leastOf(sent: Params, param: string): number | undefined {
  const amount = integer(sent, "minimum_amount");
  if (amount !== undefined && amount < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  return amount;
}
