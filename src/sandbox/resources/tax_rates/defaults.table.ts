// What a tax rate has at most. https://docs.stripe.com/api/tax_rates/create
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

interface Automatic {
  readonly name: string;
  readonly percentage: number;
  readonly type: string;
}

const vat = (percentage: number): Automatic => ({ name: "VAT", percentage, type: "vat" });
const gst = (percentage: number): Automatic => ({ name: "GST", percentage, type: "gst" });
const sales = (percentage: number): Automatic => ({ name: "Sales Tax", percentage, type: "sales_tax" });

export const taxRateDefaults = {
  /** By country, or by country and state: rates of the sandbox. */
  automatic: usual<Readonly<Record<string, Automatic>>>(
    "what automatic tax takes, of a hundred, by country or by country and state; anywhere else it takes nothing",
    {
      AT: vat(20),
      AU: gst(10),
      BE: vat(21),
      "CA-BC": gst(5),
      "CA-ON": { name: "HST", percentage: 13, type: "hst" },
      CH: vat(8.1),
      DE: vat(19),
      ES: vat(21),
      FR: vat(20),
      GB: vat(20),
      IE: vat(23),
      IT: vat(22),
      JP: { name: "JCT", percentage: 10, type: "jct" },
      NL: vat(21),
      NZ: gst(15),
      PL: vat(23),
      SE: vat(25),
      "US-CA": sales(7.25),
      "US-NY": sales(4),
      "US-TX": sales(6.25),
      "US-WA": sales(6.5),
    },
    "own",
  ),
  displayNameLength: usual("characters of a tax rate's name", 50, "documented"),
  /** https://docs.stripe.com/billing/taxes/tax-rates */
  ratesPerLine: usual("tax rates of a line of an invoice", 5, "documented"),
} satisfies Defaults;
