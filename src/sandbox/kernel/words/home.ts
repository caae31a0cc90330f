// Where the accounts of a sandbox are at home, which decides their currency.
import { commonDefaults } from "./defaults.table.ts";

export interface Home {
  /** `US`. */
  readonly country: string;
  /** What they settle in: `usd`. */
  readonly currency: string;
}

const currencies = commonDefaults.currencyOfCountry.value;

/** Undefined for a country in which Stripe has no accounts: `homeIn("DE")` is `{ country: "DE", currency: "eur" }`. */
export function homeIn(country: string): Home | undefined {
  const currency = Object.hasOwn(currencies, country) ? currencies[country] : undefined;
  return currency === undefined ? undefined : { country, currency };
}

export const homeCountries: readonly string[] = Object.keys(currencies).sort();
