// What a tax rate has at most. https://docs.stripe.com/api/tax_rates/create
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const taxRateDefaults = {
  displayNameLength: usual("characters of a tax rate's name", 50, "documented"),
  /** https://docs.stripe.com/billing/taxes/tax-rates */
  ratesPerLine: usual("tax rates of a line of an invoice", 5, "documented"),
} satisfies Defaults;
