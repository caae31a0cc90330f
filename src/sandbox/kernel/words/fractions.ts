// Which amounts a currency can pay with: of the three-decimal ones the last digit must be 0, króna and shilling kept
// two decimals that must be 00. What is counted in smaller units is refused wherever an amount can be sent.
// https://docs.stripe.com/currencies#three-decimal and #special-cases
import { chargeStep, isCurrency } from "#kit/money.ts";
import { common } from "./errors.table.ts";
import { refusal } from "./errors.ts";
import type { Params } from "./params.ts";
import { text } from "./params.ts";

/** Refuses an amount that the currency has no coins for. */
export function refuseFraction(amount: number, currency: string, param: string): void {
  const step = chargeStep(currency);
  if (amount < 1 || amount % step === 0) return; // Less than nothing is refused for other reasons.
  const row = step === 100 ? common.amountNotWhole : common.amountNotOfTens;
  throw refusal(row, { currency: currency.toUpperCase() }, { param });
}

/** What is left of an amount when it has to be paid in coins: `wholePart(5_124, "kwd")` is 5120. */
export function wholePart(amount: number, currency: string): number {
  return amount - (amount % chargeStep(currency));
}

/**
 * Refuses every such amount among the parameters, however deep: `refuseFractions(params, intent.currency)`. What names
 * a currency of its own, or stands under one, is counted in that. Without a currency nothing is known, and nothing is
 * refused.
 */
export function refuseFractions(params: Params, currency: string | undefined, at = ""): void {
  const own = text(params, "currency")?.toLowerCase();
  const counted = own !== undefined && isCurrency(own) ? own : currency;
  for (const name of Object.keys(params)) {
    const value = params[name];
    if (typeof value === "string" || typeof value === "boolean") continue; // Most are.
    if (name === "metadata") continue; // The merchant's own words, whatever they are called.
    const param = at === "" ? name : `${at}[${name}]`;
    // `currency_options[kwd][unit_amount]`, `minimum_balance_by_currency[kwd]`
    const here = isCurrency(name) ? name : counted;
    if (typeof value === "number" && here !== undefined && (isAmount(name) || here === name)) {
      refuseFraction(value, here, param);
    }
    for (const [inner, hash] of hashesOf(value, param)) refuseFractions(hash, here, inner);
  }
}

/** `amount`, `application_fee_amount`, `amount_to_capture`, `unit_cost`: everything that is money by its name. */
export function isAmount(name: string): boolean {
  return /(?:^|_)(?:amount|cost)(?:_|$)/.test(name);
}

function hashesOf(value: unknown, param: string): (readonly [string, Params])[] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value)) return [[param, value as Params]];
  return value.flatMap((item, index) => hashesOf(item, `${param}[${index}]`));
}
