// What tiers, packages, discounts and taxes come to.
import { invoice, line, type Priced, price, subscribe } from "./calls.ts";
import type { Call, Play, Shown } from "./play.ts";

const rate = (as: string, percentage: number, inclusive = false): Call => ({
  call: "POST /v1/tax_rates",
  form: `display_name=VAT&percentage=${percentage}&inclusive=${inclusive}`,
  as,
  shows: { percentage, effective_percentage: percentage, flat_amount: null, rate_type: "percentage" },
});

const draft = (form = ""): Call => ({ call: "POST /v1/invoices", form: `customer={customer}${form}`, as: "invoice" });

const add = (amount: number, form = ""): Call => ({
  call: "POST /v1/invoiceitems",
  form: `customer={customer}&invoice={invoice.id}&amount=${amount}&currency=usd${form}`,
});

const billed = (shows: Shown): Call => ({ call: "GET /v1/invoices/{invoice.id}", shows });

const taxed = (...amounts: readonly number[]): Shown => ({ taxes: amounts.map((amount) => ({ amount })) });

interface Banded {
  readonly mode: "graduated" | "volume";
  /** The last one has no end. */
  readonly bands: readonly Readonly<Record<string, number | string>>[];
  readonly label?: string;
}

const tiers = (as: string, { mode, bands, label }: Banded): Call => {
  const form = bands.flatMap((band, at) =>
    Object.entries(band).map(([name, value]) => `&tiers[${at}][${name}]=${value}`),
  );
  return price(as, null, { label, form: `&billing_scheme=tiered&tiers_mode=${mode}${form.join("")}` });
};

const ofTwo = (unit: string, first: number, next: number): Banded["bands"] => [
  { up_to: 10_000, [unit]: first },
  { up_to: "inf", [unit]: next },
];

interface Banding {
  readonly why: string;
  readonly sure: Play["sure"];
  readonly seen: Play["seen"];
  readonly priced: Call;
  readonly quantity: number;
  readonly total: number;
  readonly lines: readonly Shown[];
}

const banding = ({ why, sure, seen, priced, quantity, total, lines: data }: Banding): Play => ({
  why,
  sure,
  seen,
  steps: [priced, subscribe("plan", `items[0][quantity]=${quantity}`), ...invoice({ total, lines: { data } })],
});

const packages: Priced = { form: "&transform_quantity[divide_by]=60&transform_quantity[round]=up" };

const credits = tiers("plan", {
  mode: "graduated",
  label: "credit",
  bands: [
    { up_to: 1000, unit_amount: 0 },
    { up_to: "inf", unit_amount_decimal: "3.6" },
  ],
});

const tierPlays: readonly Play[] = [
  banding({
    why: "by volume: at the border of a band",
    sure: "documented",
    seen: { tiers: 1 },
    priced: tiers("plan", { mode: "volume", bands: ofTwo("unit_amount", 50, 40) }),
    quantity: 10_000,
    total: 500_000,
    lines: [line(500_000, "10000 × Plan (Tier 1 at $0.50 / month)")],
  }),
  banding({
    why: "by volume: one beyond it",
    sure: "documented",
    seen: { tiers: 1 },
    priced: tiers("plan", { mode: "volume", bands: ofTwo("unit_amount", 50, 40) }),
    quantity: 10_001,
    total: 400_040,
    lines: [line(400_040, "10001 × Plan (Tier 2 at $0.40 / month)")],
  }),
  banding({
    why: "graduated: one beyond it, a line a band",
    sure: "documented",
    seen: { tiers: 1 },
    priced: tiers("plan", { mode: "graduated", bands: ofTwo("unit_amount", 50, 40) }),
    quantity: 10_001,
    total: 500_040,
    lines: [line(500_000, "10000 × Plan (Tier 1 at $0.50 / month)"), line(40, "1 × Plan (Tier 2 at $0.40 / month)")],
  }),
  banding({
    why: "units are not in the plural, and each band is rounded by itself",
    sure: "recorded",
    seen: { "tiers-line": 2 },
    priced: credits,
    quantity: 1031,
    total: 112,
    lines: [
      line(0, "1000 credit × Plan (Tier 1 at $0.00 / month)"),
      line(112, "31 credit × Plan (Tier 2 at $0.036 / month)"),
    ],
  }),
  banding({
    why: "what a band costs as a whole is a line of its own, without a quantity",
    sure: "recorded",
    seen: { "tiers-line": 1 },
    priced: tiers("plan", {
      mode: "graduated",
      bands: [
        { up_to: 10, unit_amount: 0, flat_amount: 9900 },
        { up_to: "inf", unit_amount: 995, flat_amount: 0 },
      ],
    }),
    quantity: 12,
    total: 11_890,
    lines: [
      line(0, "10 × Plan (Tier 1 at $0.00 / month)"),
      line(9900, "Plan (Tier 1 at $99.00 / month)"),
      line(1990, "2 × Plan (Tier 2 at $9.95 / month)"),
      line(0, "Plan (Tier 2 at $0.00 / month)"),
    ],
  }),
  banding({
    why: "packages: the text tells how many units there are, and what a package costs",
    sure: "recorded",
    seen: { "tiers-line": 1 },
    priced: price("plan", 8, packages),
    quantity: 9892,
    total: 1320,
    lines: [line(1320, "9892 × Plan (at $0.08 per 60 units / month)", undefined, { quantity: 9892 })],
  }),
  banding({
    why: "packages: one that is begun is whole",
    sure: "documented",
    seen: { transform: 1 },
    priced: price("plan", 1000, packages),
    quantity: 150,
    total: 3000,
    lines: [line(3000, "150 × Plan (at $10.00 per 60 units / month)")],
  }),
];

const roundedAt = (taxRounding: "invoice_level" | "line_level", tax: number): Play => ({
  why: `a tax of ten percent that is in the price, rounded at ${taxRounding}`,
  sure: "documented",
  seen: { "tax-rounding": 1 },
  billing: { taxRounding },
  steps: [
    rate("ten", 10, true),
    draft("&default_tax_rates[0]={ten.id}"),
    add(100_000),
    add(5000),
    billed({ total: 105_000, total_excluding_tax: 105_000 - tax, total_taxes: [{ amount: tax }] }),
  ],
});

const tenOff: Call = { call: "POST /v1/coupons", form: "percent_off=10&duration=forever", as: "coupon" };

export const amountPlays: readonly Play[] = [
  ...tierPlays,
  {
    why: "five percent on top of a subscription's price",
    sure: "recorded",
    seen: { tax: 1 },
    version: "2026-08-26.dahlia",
    steps: [
      rate("five", 5),
      price("plan", 3000),
      subscribe("plan", "default_tax_rates[0]={five.id}"),
      ...invoice({ total: 3150, lines: { data: [taxed(150)] } }),
    ],
  },
  {
    why: "a tax on top",
    sure: "documented",
    seen: { "tax-doc": 1 },
    steps: [
      rate("tax", 25),
      draft("&default_tax_rates[0]={tax.id}"),
      add(500),
      billed({ subtotal: 500, total: 625, total_taxes: [{ amount: 125 }] }),
    ],
  },
  {
    why: "who is exempt pays no tax",
    sure: "documented",
    seen: { "tax-doc": 1 },
    steps: [
      { call: "POST /v1/customers/{customer}", form: "tax_exempt=exempt" },
      rate("ten", 10),
      draft("&default_tax_rates[0]={ten.id}"),
      add(10_000),
      billed({ total: 10_000, total_taxes: [{ amount: 0 }] }),
    ],
  },
  {
    why: "each line has a tax of its own",
    sure: "documented",
    seen: { "tax-doc": 1 },
    steps: [
      rate("five", 5),
      rate("ten", 10),
      draft(),
      add(500, "&tax_rates[0]={five.id}"),
      add(1000, "&tax_rates[0]={ten.id}"),
      billed({ total: 1625, lines: { data: [taxed(25), taxed(100)] } }),
    ],
  },
  {
    why: "a line's own taxes stand for all of its invoice's",
    sure: "documented",
    seen: { "tax-effective-rates": 1 },
    steps: [
      rate("most", 9.975),
      rate("five", 5),
      rate("ten", 10),
      rate("one", 1),
      rate("two", 2),
      draft("&default_tax_rates[0]={most.id}&default_tax_rates[1]={five.id}"),
      add(10_000),
      add(10_000, "&tax_rates[0]={ten.id}"),
      add(10_000, "&tax_rates[0]={one.id}&tax_rates[1]={two.id}"),
      billed({
        lines: {
          data: [["most", "five"], ["ten"], ["one", "two"]].map((names) => ({
            taxes: names.map((name) => ({ tax_rate_details: { tax_rate: `{${name}.id}` } })),
          })),
        },
      }),
    ],
  },
  {
    why: "a discount comes before the tax, whose halves go up",
    sure: "documented",
    seen: { "tax-discount": 1 },
    steps: [
      rate("five", 5),
      tenOff,
      draft("&default_tax_rates[0]={five.id}&discounts[0][coupon]={coupon.id}"),
      add(500),
      add(1000),
      billed({
        total: 1418,
        total_taxes: [{ amount: 68 }],
        lines: {
          data: [
            { discount_amounts: [{ amount: 50 }], ...taxed(23) },
            { discount_amounts: [{ amount: 100 }], ...taxed(45) },
          ],
        },
      }),
    ],
  },
  {
    why: "one tax in the price, and one on top of what is left without it",
    sure: "documented",
    seen: { "tax-discount": 1 },
    steps: [
      rate("within", 5, true),
      rate("above", 7),
      tenOff,
      draft("&default_tax_rates[0]={within.id}&default_tax_rates[1]={above.id}&discounts[0][coupon]={coupon.id}"),
      add(500),
      add(1000),
      billed({
        total: 1440,
        lines: {
          data: [
            { taxes: [{ amount: 21 }, { amount: 30, taxable_amount: 429 }] },
            { taxes: [{ amount: 43 }, { amount: 60, taxable_amount: 857 }] },
          ],
        },
      }),
    ],
  },
  roundedAt("line_level", 9546),
  roundedAt("invoice_level", 9545),
];
