import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import {
  chargeStep,
  checkCharge,
  checkPart,
  currencies,
  formatAmount,
  formatMoney,
  isCurrency,
  maximumAmount,
  minimumAmount,
  minorDigits,
} from "./money.ts";
import { isProblem } from "./problems.ts";

const amounts = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const refusesAmount = (error: unknown) => isProblem(error, "invalid_amount");

/** What a reader makes of it: the digits without the point, filled up to the currency's decimals. */
function read(text: string): { amount: number; currency: string } {
  const [, sign, whole, decimals = "", code = ""] = /^(-?)(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text) ?? [];
  const currency = code.toLowerCase();
  return { amount: Number(`${sign}${whole}${decimals.padEnd(minorDigits(currency), "0")}`), currency };
}

test("what is formatted is read back, for every currency and every amount", () => {
  for (const currency of currencies) {
    const isInverse = (amount: number) =>
      assert.deepEqual(read(formatMoney({ amount, currency })), { amount, currency });
    fc.assert(fc.property(amounts, isInverse), { numRuns: draws(50, 10_000), seed: 7 });
  }
});

test("amounts are written with the decimals Stripe gives their currency", () => {
  const table: [number, string, string][] = [
    [123456, "eur", "1234.56 EUR"],
    [5, "eur", "0.05 EUR"],
    [-5, "eur", "-0.05 EUR"],
    [0, "usd", "0.00 USD"],
    [500, "jpy", "500 JPY"],
    [1230, "kwd", "1.230 KWD"],
    [50000, "isk", "500 ISK"],
    [50050, "isk", "500.50 ISK"],
    [100, "ugx", "1 UGX"],
    [17500, "huf", "175.00 HUF"],
  ];
  for (const [amount, currency, text] of table) assert.equal(formatMoney({ amount, currency }), text);
  assert.equal(formatAmount({ amount: 1, currency: "USD" }), "0.01");
});

test("a charge below the minimum, above the maximum or off the step is refused", () => {
  const accepted: [number, string][] = [
    [50, "eur"],
    [50, "jpy"],
    [100, "isk"],
    [10, "kwd"],
    [999_999_999_999, "idr"],
  ];
  for (const [amount, currency] of accepted) checkCharge({ amount, currency });
  const refused: [number, string][] = [
    [49, "usd"],
    [0, "eur"],
    [-50, "eur"],
    [50.5, "eur"],
    [Number.NaN, "eur"],
    [100_000_000, "eur"],
    [150, "isk"],
    [1234, "kwd"],
  ];
  for (const [amount, currency] of refused) assert.throws(() => checkCharge({ amount, currency }), refusesAmount);
});

test("a part of a charge follows its currency, and has no least charge", () => {
  const accepted: [number, string][] = [
    [1, "eur"],
    [1, "jpy"],
    [10, "kwd"],
    [100, "isk"],
    [100, "ugx"],
  ];
  for (const [amount, currency] of accepted) checkPart({ amount, currency });
  const refused: [number, string][] = [
    [0, "eur"],
    [-1, "eur"],
    [1.5, "eur"],
    [Number.NaN, "eur"],
    [5, "kwd"],
    [15, "tnd"],
    [12, "bhd"],
    [150, "isk"],
    [1, "ugx"],
  ];
  for (const [amount, currency] of refused) assert.throws(() => checkPart({ amount, currency }), refusesAmount);
});

test("what is refused says in which units", () => {
  const texts: [number, string, string][] = [
    [10, "eur", "amount 10 (0.10 EUR) is below the least charge of 50 cents (0.50 EUR)"],
    [10, "gbp", "amount 10 (0.10 GBP) is below the least charge of 30 pence (0.30 GBP)"],
    [10, "jpy", "amount 10 (10 JPY) is below the least charge of 50 whole units (50 JPY)"],
    [
      1005,
      "kwd",
      "amount 1005 (1.005 KWD) is not a multiple of 10 minor units (0.010 KWD), the smallest step at Stripe",
    ],
    [
      100_000_000,
      "usd",
      "amount 100000000 (1000000.00 USD) is above the largest charge of 99999999 cents (999999.99 USD)",
    ],
    [0.5, "eur", "amount 0.5 is not a whole number of cents"],
  ];
  for (const [amount, currency, message] of texts) {
    assert.throws(() => checkCharge({ amount, currency }), { message });
  }
  const of = "Order order_9001";
  assert.throws(() => checkCharge({ amount: 10, currency: "eur" }, { field: "lines", of }), {
    message: "Order order_9001: amount 10 (0.10 EUR) is below the least charge of 50 cents (0.50 EUR)",
    hint: "Amounts are counted in cents: 1.00 EUR is 100.",
  });
  for (const [currency, hint] of [
    ["jpy", "Amounts are counted in whole units: 1 JPY is 1."],
    ["kwd", "Amounts are counted in minor units: 1.000 KWD is 1000."],
    ["isk", "Amounts are counted in minor units: 1 ISK is 100."],
  ] as const) {
    assert.throws(() => checkPart({ amount: 0, currency }), { hint });
  }
});

test("the table of currencies agrees with itself", () => {
  assert.ok(currencies.length > 130);
  assert.deepEqual(currencies, currencies.toSorted());
  for (const currency of currencies) {
    assert.match(currency, /^[a-z]{3}$/);
    checkCharge({ amount: minimumAmount(currency), currency });
  }
  const without = currencies.filter((currency) => minorDigits(currency) === 0);
  assert.equal(without.join(" "), "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf");
  const three = currencies.filter((currency) => minorDigits(currency) === 3);
  assert.equal(three.join(" "), "bhd jod kwd omr tnd");
  assert.equal(isCurrency("EUR"), true);
  assert.equal(isCurrency("toString"), false);
});

test("what Stripe knows no currency of is refused by its name, wherever it is given", () => {
  const unknown = { code: "unknown_currency", message: /"xyz"/ };
  for (const ask of [minorDigits, chargeStep, minimumAmount, maximumAmount]) assert.throws(() => ask("xyz"), unknown);
  for (const check of [checkCharge, checkPart, formatMoney]) {
    assert.throws(() => check({ amount: 100, currency: "xyz" }), unknown);
  }
});

test("one is one of a unit, and more are more", () => {
  const least = (currency: string) => {
    try {
      checkPart({ amount: 0, currency });
    } catch (error) {
      return /below (.*)$/.exec((error as Error).message)?.[1];
    }
  };
  assert.deepEqual(["eur", "gbp", "jpy", "kwd"].map(least), [
    "the least amount of 1 cent (0.01 EUR)",
    "the least amount of 1 penny (0.01 GBP)",
    "the least amount of 1 whole unit (1 JPY)",
    "the least amount of 10 minor units (0.010 KWD)",
  ]);
});
