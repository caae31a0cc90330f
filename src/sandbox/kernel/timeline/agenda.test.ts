import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { createAgenda } from "./agenda.ts";

const filings = fc.array(fc.record({ at: fc.nat(20), isRemoved: fc.boolean() }), { maxLength: 60 });

suite("agenda", () => {
  test("what stands there comes out in the order of time, then of filing; what was removed does not", () => {
    fc.assert(
      fc.property(filings, (all) => {
        const agenda = createAgenda<(typeof all)[number]>();
        for (const one of all) agenda.add(one);
        for (const one of all) if (one.isRemoved) assert.equal(agenda.remove(one), true);
        const left: (typeof all)[number][] = [];
        for (let first = agenda.first(); first; first = agenda.first()) {
          left.push(first);
          agenda.remove(first);
        }
        const expected = all.filter(({ isRemoved }) => !isRemoved).sort((a, b) => a.at - b.at); // A stable sort.
        assert.equal(left.length, expected.length);
        for (const [n, one] of expected.entries()) assert.equal(left[n], one);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test("taking what is due looks at no more of what stands behind it than its logarithm", () => {
    const looks = [100, 100_000].map((size) => {
      let count = 0;
      const agenda = createAgenda<{ readonly at: number }>();
      const entry = (at: number) => ({
        get at() {
          count++;
          return at;
        },
      });
      for (let n = 0; n < size; n++) agenda.add(entry(1_000 + n));
      const due = Array.from({ length: 10 }, (_, n) => entry(n));
      count = 0;
      for (const one of due) agenda.add(one);
      for (const one of due) agenda.remove(one);
      return count;
    });
    const [few = 0, many = 0] = looks;
    assert.ok(many <= few * 4, `${few} looks, ${many} looks`);
  });
});
