// Amounts and currencies as Stripe takes them in parameters, in its words.

import { currencies, isCurrency, maximumAmount, minimumAmount } from "#kit/money.ts";
import { common } from "./errors.table.ts";
import { missingParameter, refusal } from "./errors.ts";
import { moneyText } from "./money_text.ts";
import { integer, type Params, text } from "./params.ts";
import type { Refusal } from "./refusals.ts";

export function checkedCurrency(params: Params, param = "currency"): string {
  const currency = text(params, "currency")?.toLowerCase();
  if (currency === undefined) throw missingParameter(param);
  if (isCurrency(currency)) return currency;
  throw refusal(common.currencyInvalid, { currency, currencies: currencies.join(", ") }, { param });
}

interface DecimalRule {
  readonly places: number;
  readonly least: number;
  readonly most: number;
}

/** A percentage and its like: `checkedDecimal(params, "percent_off", { places: 2, least: 0.01, most: 100 })`. */
export function checkedDecimal(
  params: Params,
  param: string,
  { places, least, most }: DecimalRule,
): number | undefined {
  const value = params[param];
  if (typeof value !== "number") return undefined;
  const is = Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (Number(value.toFixed(places)) !== value) throw refusal(common.decimalTooLong, { value: is, places }, { param });
  if (value < least) throw refusal(common.decimalBelow, { limit: least, value: is }, { param });
  if (value > most) throw refusal(common.decimalAbove, { limit: most, value: is }, { param });
  return value;
}

/** The currencies that a map is by: `currency_options`. They are sent in small letters (recorded). */
export function checkedCurrencyKeys(sent: Params, param: string): readonly string[] {
  return Object.keys(sent).map((key) => {
    const currency = key.toLowerCase();
    if (!isCurrency(key)) {
      throw refusal(common.currencyInvalid, { currency, currencies: currencies.join(", ") }, { param });
    }
    if (key !== currency) throw refusal(common.currencyKeyCapital, { currency, key }, { param });
    return currency;
  });
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
