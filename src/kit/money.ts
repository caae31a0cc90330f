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

/** A charge is a multiple of it: `chargeStep("kwd")` is 10, `chargeStep("isk")` 100, of most currencies it is 1. */
export function chargeStep(currency: string): number {
  return ruleOf(currency).stepMinor;
}

/** The least Stripe charges in this currency; where it publishes none, the least that is an amount at all. */
export function minimumAmount(currency: string): number {
  const { minimumMinor, stepMinor } = ruleOf(currency);
  return minimumMinor ?? stepMinor;
}

export function maximumAmount(currency: string): number {
  return ruleOf(currency).maximumMinor;
}

interface AmountPlace {
  /** Where the caller gave it; `amount` without it. */
  readonly field?: string;
  /** Whose amount it is, for whoever reads the refusal: "Order order_9001". */
  readonly of?: string;
}

/** Throws Problem "invalid_amount" when Stripe would not charge this. */
export function checkCharge(money: Money, place: AmountPlace = {}): void {
  checkAmount(money, { ...place, least: minimumAmount(money.currency), what: "the least charge" });
}

/** The same for a part of a charge that is captured or goes back: its currency's rules, and no least charge. */
export function checkPart(money: Money, place: AmountPlace = {}): void {
  checkAmount(money, { ...place, least: ruleOf(money.currency).stepMinor, what: "the least amount" });
}

/** The one place where an amount meets the rules of its currency. */
function checkAmount({ amount, currency }: Money, rule: AmountPlace & { least: number; what: string }): void {
  const { stepMinor, maximumMinor } = ruleOf(currency);
  const { field = "amount", of, least, what } = rule;
  const details = { field, amount, currency, minimum: least, maximum: maximumMinor, step: stepMinor };
  const [one, more] = unitsOf(currency);
  const hint = `Amounts are counted in ${more}: ${oneWhole(currency)}.`;
  const refuse = (text: string) =>
    problem("invalid_amount", of === undefined ? text : `${of}: ${text}`, { hint, details });
  const inUnits = (count: number) =>
    `${count} ${count === 1 ? one : more} (${formatMoney({ amount: count, currency })})`;
  if (!Number.isSafeInteger(amount)) throw refuse(`amount ${amount} is not a whole number of ${more}`);
  const said = `amount ${amount} (${formatMoney({ amount, currency })})`;
  if (amount < least) throw refuse(`${said} is below ${what} of ${inUnits(least)}`);
  if (amount > maximumMinor) throw refuse(`${said} is above the largest charge of ${inUnits(maximumMinor)}`);
  if (amount % stepMinor !== 0) {
    throw refuse(`${said} is not a multiple of ${inUnits(stepMinor)}, the smallest step at Stripe`);
  }
}

/** "1.00 EUR is 100": what most have mistaken whose amount is refused. */
function oneWhole(currency: string): string {
  const amount = 10 ** minorDigits(currency);
  return `${formatMoney({ amount, currency })} is ${amount}`;
}

const cents = new Set(["aud", "cad", "eur", "hkd", "nzd", "sgd", "usd"]);

/** What an amount of the API is counted in: one of them, and more. */
function unitsOf(currency: string): readonly [one: string, more: string] {
  const lower = currency.toLowerCase();
  if (lower === "gbp") return ["penny", "pence"];
  if (cents.has(lower)) return ["cent", "cents"];
  return minorDigits(currency) === 0 ? ["whole unit", "whole units"] : ["minor unit", "minor units"];
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
