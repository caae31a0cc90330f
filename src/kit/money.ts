// Money is a safe integer of minor units, as Stripe counts them, with its currency beside it. Nothing here rounds,
// except allocate, which hands every unit to somebody.
import assert from "node:assert/strict";
import { type CurrencyRule, currencyTable } from "./currencies.table.ts";
import { problem } from "./problems.ts";

export interface Money {
  /** Minor units: 1234 eur is 12.34 €, 1234 jpy is 1234 ¥. */
  readonly amount: number;
  /** Lower case, three letters. */
  readonly currency: string;
}

/** Every currency Stripe takes, lower case, sorted. */
export const currencies: readonly string[] = [...currencyTable.keys()];

/** `isCurrency("EUR")` is true: Stripe accepts any case, and answers lower case. */
export function isCurrency(currency: string): boolean {
  return currencyTable.has(currency.toLowerCase());
}

/** `minorDigits("jpy")` is 0. */
export function minorDigits(currency: string): number {
  return ruleOf(currency).minorDigits;
}

/** The least Stripe charges in this currency; where it publishes none, the least that is an amount at all. */
export function minimumAmount(currency: string): number {
  const { minimumMinor, stepMinor } = ruleOf(currency);
  return minimumMinor ?? stepMinor;
}

export function maximumAmount(currency: string): number {
  return ruleOf(currency).maximumMinor;
}

/** Throws Problem "invalid_amount" when Stripe would not charge this. */
export function checkCharge({ amount, currency }: Money): void {
  const { stepMinor, maximumMinor } = ruleOf(currency);
  const written = `${amount} ${currency.toLowerCase()}`;
  if (!Number.isSafeInteger(amount)) throw problem("invalid_amount", `${written} is not a whole number of minor units`);
  const details = { amount, currency, minimum: minimumAmount(currency), maximum: maximumMinor };
  if (amount < details.minimum) {
    throw problem("invalid_amount", `${written} is below the least charge of ${details.minimum}`, { details });
  }
  if (amount > maximumMinor) {
    throw problem("invalid_amount", `${written} is above the largest charge of ${maximumMinor}`, { details });
  }
  if (amount % stepMinor !== 0) {
    throw problem("invalid_amount", `${written} is not a multiple of ${stepMinor}`, { details });
  }
}

/** `formatMoney({ amount: 123456, currency: "eur" })` is "1234.56 EUR": the same text everywhere. */
export function formatMoney(money: Money): string {
  return `${formatAmount(money)} ${money.currency.toUpperCase()}`;
}

/** "1234.56": the amount alone, with all its decimals and no grouping. */
export function formatAmount({ amount, currency }: Money): string {
  assert(Number.isSafeInteger(amount), "money is a safe integer");
  const { minorDigits: digits, stepMinor } = ruleOf(currency);
  const sign = amount < 0 ? "-" : "";
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const decimals = text.slice(text.length - digits);
  // Króna and shilling have no smaller coin; their two decimals exist on the wire only.
  const isWhole = digits === 0 || (stepMinor === 100 && decimals === "00");
  return isWhole ? sign + whole : `${sign}${whole}.${decimals}`;
}

function ruleOf(currency: string): CurrencyRule {
  const rule = currencyTable.get(currency.toLowerCase());
  if (rule) return rule;
  throw problem("unknown_currency", `Stripe knows no currency ${JSON.stringify(currency.slice(0, 10))}`, {
    hint: "A currency is a three-letter ISO code such as eur.",
  });
}
