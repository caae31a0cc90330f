import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cases } from "#kit/testing.ts";
import {
  allocate,
  checkCharge,
  currencies,
  formatAmount,
  formatMoney,
  isCurrency,
  minimumAmount,
  minorDigits,
  parseMoney,
} from "./money.ts";
import { isProblem } from "./problems.ts";

const amounts = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const refusesAmount = (error: unknown) => isProblem(error, "invalid_amount");

test("what is formatted is parsed back, for every currency and every amount", () => {
  for (const currency of currencies) {
    const isInverse = (amount: number) => {
      // 16 digits are more than parse takes; an amount that large is an attack, not a price.
      const money = { amount: Math.trunc(amount / 1_000) || 0, currency };
      assert.deepEqual(parseMoney(formatMoney(money)), money);
    };
    fc.assert(fc.property(amounts, isInverse), { numRuns: cases(50, 10_000), seed: 7 });
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

test("what is not an amount of that currency is refused", () => {
  const texts = [
    "",
    "12",
    "EUR",
    "1,50 EUR",
    "1.234.5 EUR",
    "1.505 EUR",
    "1.5 JPY",
    "1e3 EUR",
    `${"9".repeat(16)} EUR`,
  ];
  for (const text of texts) assert.throws(() => parseMoney(text), refusesAmount, text);
  assert.throws(
    () => parseMoney("1 XXX"),
    (error) => isProblem(error, "unknown_currency"),
  );
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

test("an allocation loses no unit, takes no wrong sign and is fair to one unit", () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 20 })
    .filter((list) => list.some((weight) => weight > 0));
  const holds = (amount: number, list: number[]) => {
    const parts = allocate(amount, list);
    assert.equal(
      parts.reduce((sum, part) => sum + BigInt(part), 0n),
      BigInt(amount),
    );
    const total = list.reduce((sum, weight) => sum + BigInt(weight), 0n);
    for (const [index, part] of parts.entries()) {
      assert.ok(part === 0 || part < 0 === amount < 0);
      const difference = BigInt(part) * total - BigInt(amount) * BigInt(list[index]!); // one part per weight
      assert.ok(difference < total && difference > -total);
      if (list[index] === 0) assert.equal(part, 0);
    }
  };
  fc.assert(fc.property(amounts, weights, holds), { numRuns: cases(200, 10_000), seed: 7 });
  assert.deepEqual(allocate(100, [1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(allocate(-100, [1, 1, 1]), [-34, -33, -33]);
  assert.deepEqual(allocate(500, [1, 2]), [167, 333]);
  assert.throws(() => allocate(1, []));
  assert.throws(() => allocate(1, [0]));
});
