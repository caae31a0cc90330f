import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { costOf, type PriceTerms, priced, type Tier } from "./prices.ts";
import { decimal, decimalText, ratio } from "./rational.ts";

const runs = { numRuns: draws(200, 10_000), seed: 12 };
const tier = (upTo: number | null, unit: string | null, flat: string | null = null): Tier => ({
  upTo,
  unitAmount: unit === null ? null : decimal(unit),
  flatAmount: flat === null ? null : decimal(flat),
});
const amounts = (terms: PriceTerms, quantity: number) => priced(terms, ratio(quantity)).map(({ amount }) => amount);
const sum = (numbers: readonly number[]) => numbers.reduce((whole, one) => whole + one, 0);

suite("what a quantity costs", () => {
  test("by the unit, with decimals, to the nearest cent", () => {
    const at = (unit: string): PriceTerms => ({ scheme: "per_unit", unitAmount: decimal(unit), packages: null });
    assert.deepEqual(amounts(at("1000"), 3), [3000]);
    assert.deepEqual(amounts(at("3.6"), 31), [112]);
    assert.deepEqual(amounts(at("0.5"), 1), [1]);
    assert.deepEqual(amounts(at("0.5"), 0), [0]);
  });

  test("by the package, begun ones whole or not at all", () => {
    const sixties = (round: "up" | "down"): PriceTerms => ({
      scheme: "per_unit",
      unitAmount: ratio(8),
      packages: { of: 60, round },
    });
    assert.deepEqual([amounts(sixties("up"), 9892), amounts(sixties("down"), 9892)], [[1320], [1312]]);
    const [line] = priced(sixties("up"), ratio(9892));
    assert.equal(decimalText(line?.quantity ?? ratio(0)), "9892");
  });

  test("at the border of a tier: by volume all units fall to the new price, graduated only those beyond", () => {
    const tiers = [tier(10_000, "50"), tier(null, "40")];
    const volume: PriceTerms = { scheme: "tiered", mode: "volume", tiers };
    const graduated: PriceTerms = { scheme: "tiered", mode: "graduated", tiers };
    assert.deepEqual([amounts(volume, 10_000), amounts(volume, 10_001)], [[500_000], [400_040]]);
    assert.deepEqual([amounts(graduated, 10_000), amounts(graduated, 10_001)], [[500_000], [500_000, 40]]);
  });

  test("a band's flat fee is a line of its own, of nothing too; a band without one has no such line", () => {
    const tiers = [tier(10, "0", "9900"), tier(20, "995", "0"), tier(null, "900")];
    const lines = priced({ scheme: "tiered", mode: "graduated", tiers }, ratio(22));
    const shown = lines.map((one) => [one.amount, one.quantity && decimalText(one.quantity), one.tier]);
    assert.deepEqual(shown, [
      [0, "10", 1],
      [9900, null, 1],
      [9950, "10", 2],
      [0, null, 2],
      [1800, "2", 3],
    ]);
  });

  test("its lines are rounded each by itself, what it costs is not rounded at all", () => {
    const tiers = [tier(10, "0.3"), tier(null, "0.3")];
    const terms: PriceTerms = { scheme: "tiered", mode: "graduated", tiers };
    assert.deepEqual([amounts(terms, 12), costOf(terms, ratio(12))], [[3, 1], ratio(18, 5)]);
  });

  test("of nothing the first band's fee is due all the same", () => {
    assert.deepEqual(amounts({ scheme: "tiered", mode: "volume", tiers: [tier(null, "10", "500")] }, 0), [0, 500]);
  });

  const bands = fc
    .array(fc.record({ width: fc.integer({ min: 1, max: 9 }), unit: fc.nat(99), flat: fc.option(fc.nat(99)) }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((rows) => {
      let end = 0;
      return rows.map(({ width, unit, flat }, index) => {
        end += width;
        return tier(index === rows.length - 1 ? null : end, String(unit), flat === null ? null : String(flat));
      });
    });

  test("graduated costs what is found by asking of each unit, one after the other, in which band it lies", () => {
    fc.assert(
      fc.property(bands, fc.nat(60), (tiers, quantity) => {
        const seen = new Set<Tier>(tiers.slice(0, 1));
        let cost = 0;
        for (let unit = 1; unit <= quantity; unit++) {
          const own = tiers.find(({ upTo }) => upTo === null || unit <= upTo);
          assert.ok(own);
          seen.add(own);
          cost += Number(own.unitAmount?.numerator);
        }
        const flats = [...seen].map(({ flatAmount }) => Number(flatAmount?.numerator ?? 0));
        assert.equal(sum(amounts({ scheme: "tiered", mode: "graduated", tiers }, quantity)), cost + sum(flats));
      }),
      runs,
    );
  });

  test("graduated never falls with more units, by volume it falls at borders only", () => {
    fc.assert(
      fc.property(bands, fc.nat(60), (tiers, quantity) => {
        const of = (mode: "graduated" | "volume", units: number) =>
          sum(amounts({ scheme: "tiered", mode, tiers }, units));
        assert.ok(of("graduated", quantity + 1) >= of("graduated", quantity));
        const isBorder = tiers.some(({ upTo }) => upTo === quantity);
        assert.ok(isBorder || of("volume", quantity + 1) >= of("volume", quantity));
      }),
      runs,
    );
  });
});
