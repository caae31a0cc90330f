// Amounts and currencies as Stripe takes them in parameters, in its words.

import { currencies, isCurrency, maximumAmount, minimumAmount } from "#kit/money.ts";
import { common } from "./errors.table.ts";
import { missingParameter, refusal } from "./errors.ts";
import { moneyText } from "./money_text.ts";
import { integer, type Params, text } from "./params.ts";
import type { Refusal } from "./refusals.ts";

export function checkedCurrency(params: Params): string {
  const currency = text(params, "currency")?.toLowerCase();
  if (currency === undefined) throw missingParameter("currency");
  if (isCurrency(currency)) return currency;
  throw refusal(common.currencyInvalid, { currency, currencies: currencies.join(", ") });
}

/** `nothing` is what Stripe says to an amount below one: its older calls have older words. */
export function checkedAmount(
  params: Params,
  currency: string,
  nothing: Refusal = common.amountWithoutMinimum,
): number {
  const amount = integer(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  if (amount < 1) throw refusal(nothing, { limit: 1 }, { param: "amount" });
  const least = minimumAmount(currency);
  if (amount < least) throw refusal(common.amountTooSmall, { amount: `${moneyText(least, currency)} ${currency}` });
  const most = maximumAmount(currency);
  if (amount > most) throw refusal(common.amountTooLarge, { amount: moneyText(most, currency) });
  return amount;
}
