import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { nextPart } from "./credits.ts";

/** Nothing but whole numbers: so many halves of a cent, of which each full two are one. */
function counted(whole: number, credited: number, of: number): number {
  const halves = 2n * BigInt(whole) * BigInt(credited) * (of < 0 ? -1n : 1n);
  const divisor = 2n * BigInt(Math.abs(of));
  const raised = halves + BigInt(Math.abs(of));
  let cents = raised / divisor;
  while (cents * divisor > raised) cents -= 1n;
  return Number(cents);
}

const plans = fc.record({
  whole: fc.integer({ min: -99_999, max: 99_999 }),
  of: fc.integer({ min: 1, max: 9_999 }),
  cuts: fc.array(fc.nat(9_999), { maxLength: 6 }),
});

suite("what is given back in parts", () => {
  test("an odd cent goes where a half is reached, and the last part takes the rest", () => {
    const parts = [0, 33, 67].map((before, nth) => nextPart(100, { credited: nth + 1, of: 3, before }));
    assert.deepEqual(parts, [33, 34, 33]);
    assert.equal(nextPart(5, { credited: 1, of: 2, before: 0 }), 3);
    assert.equal(nextPart(-5, { credited: 1, of: 2, before: 0 }), -2);
    assert.equal(nextPart(19, { credited: -50, of: -100, before: 0 }), 10);
  });

  test("nothing is a part of nothing", () => {
    assert.equal(nextPart(7, { credited: 0, of: 0, before: 0 }), 0);
  });

  test("in whatever steps, all that is gone is what a count of half cents says, and the whole in the end", () => {
    fc.assert(
      fc.property(plans, ({ whole, of, cuts }) => {
        let before = 0;
        const steps = [...cuts.map((cut) => cut % of).sort((one, other) => one - other), of];
        for (const credited of steps) {
          const part = nextPart(whole, { credited, of, before });
          assert.ok(whole < 0 ? part <= 0 : part >= 0);
          before += part;
          assert.equal(before, counted(whole, credited, of));
        }
        assert.equal(before, whole);
      }),
      { numRuns: draws(200, 20_000), seed: 3 },
    );
  });

  test("what was taken back in between is given again, and never more than the whole", () => {
    const taken = fc.array(fc.record({ units: fc.integer({ min: 1, max: 5 }), isTakenBack: fc.boolean() }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 20 }), taken, (whole, of, wishes) => {
        const standing: { units: number; part: number }[] = [];
        const sum = (name: "units" | "part") => standing.reduce((all, one) => all + one[name], 0);
        const give = (units: number) => {
          const part = nextPart(whole, { credited: sum("units") + units, of, before: sum("part") });
          standing.push({ units, part });
        };
        for (const { units, isTakenBack } of wishes) {
          if (isTakenBack) standing.shift();
          else if (sum("units") + units <= of) give(units);
          assert.ok(sum("part") <= whole);
        }
        if (sum("units") < of) give(of - sum("units"));
        if (sum("units") === of) assert.ok(sum("part") <= whole);
      }),
      { numRuns: draws(200, 20_000), seed: 4 },
    );
  });
});
