import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Discounting, discounted, type Off } from "./discounts.ts";
import { decimal } from "./rational.ts";

const runs = { numRuns: draws(200, 10_000), seed: 12 };
const percent = (text: string): Off => ({ kind: "percent", percent: decimal(text) });
const amount = (minor: number): Off => ({ kind: "amount", amount: minor });
const sum = (numbers: readonly number[]) => numbers.reduce((whole, one) => whole + one, 0);

suite("discounts", () => {
  const rows: readonly (readonly [why: string, gross: number[], on: Discounting[], taken: number[][]])[] = [
    ["an amount is shared, and its remainder is the last line's", [1000, 2000], [all(amount(500))], [[166, 334]]],
    ["a percentage is each line's own", [500, 1000], [all(percent("10"))], [[50, 100]]],
    ["no more is taken than is there", [300, 200], [all(amount(5000))], [[300, 200]]],
    ["a line that gives nothing takes no remainder", [1, 1, 0], [all(amount(1))], [[0, 1, 0]]],
    [
      "a credit is left alone",
      [1000, -400],
      [all(amount(500)), all(percent("50"))],
      [
        [500, 0],
        [250, 0],
      ],
    ],
    [
      "of twenty percent and five dollars, the percent first",
      [2000],
      [on(percent("20")), on(amount(500))],
      [[400], [500]],
    ],
    [
      "of five dollars and twenty percent, the dollars first",
      [2000],
      [on(amount(500)), on(percent("20"))],
      [[500], [300]],
    ],
    ["one that is for no line takes nothing", [700], [{ off: amount(100), lines: [] }], [[0]]],
    ["what is for one line is taken there", [700, 800], [{ off: amount(100), lines: [1] }], [[0, 100]]],
  ];
  for (const [why, gross, discountings, taken] of rows) {
    test(why, () =>
      assert.deepEqual(
        discounted(
          gross,
          discountings.map((one) => within(gross, one)),
        ),
        taken,
      ),
    );
  }

  const lines = fc.array(fc.integer({ min: -3000, max: 9000 }), { minLength: 1, maxLength: 6 });
  const offs = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 9000 }).map(amount),
      fc.integer({ min: 1, max: 100 }).map((p) => percent(`${p}`)),
    ),
    { maxLength: 4 },
  );

  test("an amount is given out to the last cent, or until nothing is left; no line falls below nothing", () => {
    fc.assert(
      fc.property(lines, offs, (gross, given) => {
        const rest = gross.map((one) => Math.max(one, 0));
        for (const [nth, taken] of discounted(
          gross,
          given.map((off) => within(gross, all(off))),
        ).entries()) {
          const off = given[nth];
          if (off?.kind === "amount") assert.equal(sum(taken), Math.min(off.amount, sum(rest)));
          for (const [at, part] of taken.entries()) rest[at] = (rest[at] ?? 0) - part;
          assert.ok(rest.every((one) => one >= 0));
        }
      }),
      runs,
    );
  });

  test("each line's share of an amount is its part of the whole, but for the cents that the last one takes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 20, max: 900 }), { minLength: 1, maxLength: 6 }), (gross) => {
        const whole = sum(gross);
        const off = Math.ceil(whole / 3);
        const [taken = []] = discounted(gross, [within(gross, all(amount(off)))]);
        // Coin by coin: a line is given its n-th coin as soon as n times the whole fits into its weight of the coins.
        const byHand = gross.map((weight) => {
          let coins = 0;
          while ((coins + 1) * whole <= off * weight) coins++;
          return coins;
        });
        assert.deepEqual(taken.slice(0, -1), byHand.slice(0, -1));
      }),
      runs,
    );
  });
});

/** On all lines that there are. */
function within(gross: readonly number[], { off, lines }: Discounting): Discounting {
  return { off, lines: lines.filter((line) => line in gross) };
}

function all(off: Off): Discounting {
  return { off, lines: [0, 1, 2, 3, 4, 5] };
}

function on(off: Off): Discounting {
  return { off, lines: [0] };
}
