import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import type { Off } from "./discounts.ts";
import type { Period } from "./periods.ts";
import { costOf, priced } from "./prices.ts";
import { remaining, restsOf, type Share, unused } from "./proration.ts";
import { decimal, ratio } from "./rational.ts";

const runs = { numRuns: draws(200, 10_000), seed: 12 };
const month: Period = { start: 1_790_021_304, end: 1_792_613_304 };
const share = (whole: number, period = month): Share => ({ whole: ratio(whole), rests: [], period });
const last = ({ start, end }: Period, above: number, below: number): Period => ({
  start: end - ((end - start) * above) / below,
  end,
});

/** Second by second: each costs the same, and what they cost together is put into whole cents one by one. */
function bySeconds(whole: number, { start, end }: Period, rest: Period): { credit: number; debit: number } {
  let parts = 0; // A cent has as many parts as the period has seconds.
  for (let second = start; second < end; second++) if (second >= rest.start && second < rest.end) parts += whole;
  const perCent = end - start;
  let cents = 0;
  while ((cents + 1) * perCent <= parts) cents++;
  const twice = 2 * (parts - cents * perCent);
  return { credit: -(twice >= perCent ? cents + 1 : cents), debit: twice > perCent ? cents + 1 : cents };
}

suite("prorations", () => {
  const rows: readonly (readonly [why: string, old: number, next: number, left: [number, number], lines: number[]])[] =
    [
      ["a third of twenty is given back, a third of ten asked for", 2000, 1000, [1, 3], [-667, 333]],
      ["halves go down on both sides", 1000, 1800, [1, 400], [-3, 4]],
      ["three units are prorated whole", 1000, 3000, [1, 400], [-3, 7]],
      ["from the beginning on all of it", 1000, 2000, [1, 1], [-1000, 2000]],
      ["at the end nothing is left", 1000, 2000, [0, 1], [0, 0]],
    ];
  for (const [why, old, next, [above, below], lines] of rows) {
    test(why, () => {
      const rest = last(month, above, below);
      assert.deepEqual([unused(share(old), rest).net, remaining(share(next), rest).net], lines);
    });
  }

  test("a discount is taken off before the one rounding", () => {
    const period = { start: 1_722_511_445 - 2_678_400, end: 1_722_511_445 };
    const off: Off = { kind: "percent", percent: decimal("30") };
    const whole = ratio(40_000);
    const part = remaining({ whole, rests: restsOf(whole, [off]), period }, { start: 1_720_013_399, end: period.end });
    assert.deepEqual(part, { gross: 37_307, taken: [11_192], net: 26_115 });
  });

  test("an amount off is taken off whole, and never more than there is", () => {
    const half = last(month, 1, 2);
    const credit = (amount: number) =>
      unused({ ...share(1000), rests: restsOf(ratio(1000), [{ kind: "amount", amount }]) }, half).net;
    assert.deepEqual([credit(500), credit(166), credit(1500)], [-250, -417, 0]);
  });

  const short = fc
    .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 400 }))
    .map(([start, seconds]): Period => ({ start, end: start + seconds }));
  const changes = fc.record({
    period: short,
    whole: fc.integer({ min: 0, max: 5000 }),
    passed: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test("second by second it comes to the same", () => {
    fc.assert(
      fc.property(changes, ({ period, whole, passed }) => {
        const rest = restOf(period, passed);
        const { credit, debit } = bySeconds(whole, period, rest);
        // Nothing may be minus zero there and zero here.
        assert.equal(unused(share(whole, period), rest).net + 0, credit + 0);
        assert.equal(remaining(share(whole, period), rest).net, debit);
      }),
      runs,
    );
  });

  test("no line is further from what it should be than half a cent, whatever the price and its discounts", () => {
    const offs = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 900 }).map((amount): Off => ({ kind: "amount", amount })),
        fc.integer({ min: 1, max: 1000 }).map((mille): Off => ({ kind: "percent", percent: ratio(mille, 10) })),
      ),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(changes, offs, fc.integer({ min: 1, max: 12 }), ({ period, whole, passed }, given, parts) => {
        const rest = restOf(period, passed);
        const left = given.reduce(
          (rest, off) => Math.max(0, rest - (off.kind === "amount" ? off.amount : rest * percentOf(off))),
          whole / parts,
        );
        const exact = (left * (rest.end - rest.start)) / (period.end - period.start);
        const price = ratio(whole, parts);
        const reckoned = { whole: price, rests: restsOf(price, given), period };
        const [debit, credit] = [remaining(reckoned, rest), unused(reckoned, rest)];
        assert.ok(Math.abs(debit.net - exact) <= 0.5 + 1e-6);
        assert.ok(Math.abs(credit.net + exact) <= 0.5 + 1e-6);
        for (const { gross, taken, net } of [debit, credit]) {
          assert.equal(
            taken.reduce((left, one) => left - one, gross),
            net,
          );
          assert.ok(taken.every((one) => one === 0 || one > 0 === net >= 0 || net === 0));
        }
      }),
      runs,
    );
  });

  test("there and back again in one second costs two cents at most", () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 5000 }), ({ period, whole, passed }, other) => {
        const rest = restOf(period, passed);
        const [a, b] = [share(whole, period), share(other, period)];
        const lines = [unused(a, rest), remaining(b, rest), unused(b, rest), remaining(a, rest)];
        const sum = lines.reduce((all, { net }) => all + net, 0);
        assert.ok(Math.abs(sum) <= 2);
      }),
      runs,
    );
  });

  test("where a period begins all of it is given back and asked for, where it ends nothing", () => {
    fc.assert(
      fc.property(short, fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), (period, old, next) => {
        const lines = (from: number) => {
          const rest = { start: from, end: period.end };
          return [unused(share(old, period), rest).net + 0, remaining(share(next, period), rest).net];
        };
        assert.deepEqual(lines(period.start), [0 - old, next]);
        assert.deepEqual(lines(period.end), [0, 0]);
      }),
      runs,
    );
  });

  test("however often a price changes, all lines come to what each second cost, but for a cent a change", () => {
    const moves = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 5000 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(short, fc.integer({ min: 0, max: 5000 }), moves, (period, first, given) => {
        const length = period.end - period.start;
        const inTime = given.map(([at, whole]) => [at % length, whole] as const).sort(([one], [other]) => one - other);
        // A row of seconds: each change paints those that are left in its own price.
        const seconds = Array.from({ length }, () => first);
        let [billed, current] = [first, first];
        for (const [at, whole] of inTime) {
          const rest = { start: period.start + at, end: period.end };
          billed += unused(share(current, period), rest).net + remaining(share(whole, period), rest).net;
          current = whole;
          seconds.fill(whole, at);
        }
        const cost = seconds.reduce((sum, each) => sum + each, 0) / length;
        assert.ok(Math.abs(billed - cost) <= inTime.length + 1e-6, `${billed} for ${cost}`);
      }),
      runs,
    );
  });

  test("twice as many at half the price are the same lines, of whole periods and of parts", () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 60 }), ({ period, whole: halves, passed }, quantity) => {
        const rest = restOf(period, passed);
        const at = (unit: number) =>
          ({ scheme: "per_unit", unitAmount: decimal(String(unit)), packages: null }) as const;
        // Half cents on a table: a unit is a pile of them, and half a unit half the pile.
        const piles = Array.from({ length: quantity }, () => Array.from({ length: 2 }, () => halves / 2));
        const onTable = piles.flat().reduce((sum, pile) => sum + pile, 0);
        for (const [unit, count] of [
          [halves, quantity],
          [halves / 2, quantity * 2],
        ] as const) {
          const cost = costOf(at(unit), ratio(count));
          assert.deepEqual(cost, ratio(onTable));
          assert.equal(priced(at(unit), ratio(count))[0]?.amount, onTable);
          const reckoned = { whole: cost, rests: [], period };
          assert.deepEqual(remaining(reckoned, rest), remaining(share(onTable, period), rest));
          assert.deepEqual(unused(reckoned, rest), unused(share(onTable, period), rest));
        }
      }),
      runs,
    );
  });
});

function restOf({ start, end }: Period, passed: number): Period {
  return { start: start + Math.floor((end - start) * passed), end };
}

function percentOf(off: Off): number {
  return off.kind === "percent" ? Number(off.percent.numerator) / Number(off.percent.denominator) / 100 : 0;
}
