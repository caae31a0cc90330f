import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { ceiling, decimal, decimalText, floor, halfUp, isBelow, minus, over, plus, ratio, times } from "./rational.ts";

const runs = { numRuns: draws(200, 10_000), seed: 12 };
const small = fc.integer({ min: -500, max: 500 });
const below = fc.integer({ min: 1, max: 60 });

/** The nearest by looking: among the whole numbers around, the one whose distance is least. */
function nearest(numerator: number, denominator: number): number {
  const around = Array.from({ length: 1005 }, (_, at) => at - 502);
  const distance = (whole: number) => Math.abs(whole * denominator - numerator);
  const least = Math.min(...around.map(distance));
  return Math.max(...around.filter((whole) => distance(whole) === least));
}

test("the nearest whole number is the one that a look at all of them finds, of two the larger", () => {
  fc.assert(
    fc.property(small, below, (numerator, denominator) => {
      const value = ratio(numerator, denominator);
      assert.equal(halfUp(value), nearest(numerator, denominator));
      assert.ok(floor(value) * denominator <= numerator && (floor(value) + 1) * denominator > numerator);
      assert.ok(ceiling(value) * denominator >= numerator && (ceiling(value) - 1) * denominator < numerator);
    }),
    runs,
  );
});

test("halves go up, on both sides of nothing", () => {
  const halves = [-5, -1, 1, 9, 15, 45].map((twice) => ratio(twice, 2));
  assert.deepEqual(halves.map(halfUp), [-2, 0, 1, 5, 8, 23]);
});

test("sums, differences, products and quotients are those of fractions over one denominator", () => {
  fc.assert(
    fc.property(small, below, small, below, (a, b, c, d) => {
      const [one, other] = [ratio(a, b), ratio(c, d)];
      assert.deepEqual(plus(one, other), ratio(a * d + c * b, b * d));
      assert.deepEqual(minus(plus(one, other), other), one);
      assert.equal(isBelow(one, other), a * d < c * b);
      if (c !== 0) assert.deepEqual(over(times(one, other), other), one);
    }),
    runs,
  );
});

test("a decimal is read exactly and written back", () => {
  assert.deepEqual(decimal("3.6"), ratio(18, 5));
  assert.deepEqual(decimal("-0.05"), ratio(-1, 20));
  assert.deepEqual(decimal(".5"), ratio(1, 2));
  assert.equal(decimalText(ratio(1, 3)), "0.333333333333");
  assert.throws(() => decimal("."), /is not a decimal/);
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      fc.integer({ min: 0, max: 12 }),
      (digits, places) => {
        const value = ratio(BigInt(digits), 10n ** BigInt(places));
        assert.deepEqual(decimal(decimalText(value)), value);
      },
    ),
    runs,
  );
});
