import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { anchorOf, boundary, type Cycle, type Interval, periodAt, wholeFrom } from "./periods.ts";

const runs = { numRuns: draws(300, 10_000), seed: 12 };
const secondOf = (text: string): number => Date.parse(text) / 1000;
const textOf = (second: number): string => new Date(second * 1000).toISOString().slice(0, 19);
const every = (count: number, interval: Interval["interval"]): Interval => ({ interval, interval_count: count });

suite("periods", () => {
  test("what is anchored on the 31st ends on the last day of shorter months, and on the 31st again", () => {
    const cycle = { ...every(1, "month"), anchor: secondOf("2027-01-31T10:20:30Z") };
    const days = [-2, -1, 0, 1, 2, 3, 13].map((nth) => textOf(boundary(cycle, nth)));
    assert.deepEqual(days, [
      "2026-11-30T10:20:30",
      "2026-12-31T10:20:30",
      "2027-01-31T10:20:30",
      "2027-02-28T10:20:30",
      "2027-03-31T10:20:30",
      "2027-04-30T10:20:30",
      "2028-02-29T10:20:30",
    ]);
  });

  test("a year that begins on the 29th of February ends on the 28th until there is a 29th again", () => {
    const cycle = { ...every(1, "year"), anchor: secondOf("2028-02-29T00:00:00Z") };
    const ends = [1, 2, 3, 4].map((nth) => textOf(boundary(cycle, nth)).slice(0, 10));
    assert.deepEqual(ends, ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
  });

  test("a boundary belongs to the period that it begins", () => {
    const cycle = { ...every(1, "week"), anchor: secondOf("2026-11-27T12:00:00Z") };
    const { start, end } = periodAt(cycle, cycle.anchor);
    assert.deepEqual([start, end], [cycle.anchor, cycle.anchor + 7 * 86_400]);
    assert.equal(periodAt(cycle, end - 1).start, start);
    assert.equal(periodAt(cycle, end).start, end);
  });

  test("an interval that begins on the 15th of February has 28 days", () => {
    const { start, end } = wholeFrom(every(1, "month"), secondOf("2027-02-15T00:00:00Z"));
    assert.equal((end - start) / 86_400, 28);
  });

  test("the period of any second is the one that a walk through the calendar comes to", () => {
    const cycles = fc.record({
      anchor: fc.integer({ min: secondOf("2020-01-01T00:00:00Z"), max: secondOf("2032-12-31T23:59:59Z") }),
      interval: fc.constantFrom("day", "week", "month", "year"),
      interval_count: fc.integer({ min: 1, max: 12 }),
    });
    const ahead = fc.integer({ min: 0, max: 10 * 366 * 86_400 });
    const near = fc.constantFrom(-1, 0, 1);
    fc.assert(
      fc.property(cycles, ahead, near, (cycle, seconds, offset) => {
        const walked = walkTo(cycle, cycle.anchor + seconds);
        assert.deepEqual(periodAt(cycle, cycle.anchor + seconds), walked);
        // The seconds around a boundary are where models part.
        const around = Math.max(cycle.anchor, walked.end + offset);
        assert.deepEqual(periodAt(cycle, around), walkTo(cycle, around));
      }),
      runs,
    );
  });

  test("a second before the anchor lies in a period that ends at or before it", () => {
    const before = fc.integer({ min: 1, max: 5 * 366 * 86_400 });
    const interval = fc.constantFrom<Interval["interval"]>("day", "week", "month", "year");
    fc.assert(
      fc.property(before, interval, fc.integer({ min: 1, max: 6 }), (seconds, unit, count) => {
        const cycle = { ...every(count, unit), anchor: secondOf("2027-08-31T08:00:00Z") };
        const { start, end } = periodAt(cycle, cycle.anchor - seconds);
        assert.ok(start <= cycle.anchor - seconds && cycle.anchor - seconds < end && end <= cycle.anchor);
      }),
      runs,
    );
  });
});

suite("the anchor that a configuration means", () => {
  const blank = { hour: null, minute: null, month: null, second: null };

  test("is the next such day, at the time of the creation", () => {
    const created = secondOf("2026-11-27T12:34:56Z");
    assert.equal(textOf(anchorOf({ ...blank, day_of_month: 1 }, every(1, "month"), created)), "2026-12-01T12:34:56");
    assert.equal(textOf(anchorOf({ ...blank, day_of_month: 27 }, every(1, "month"), created)), "2026-11-27T12:34:56");
    const early = { ...blank, day_of_month: 27, hour: 8, minute: 0, second: 0 };
    assert.equal(textOf(anchorOf(early, every(1, "month"), created)), "2026-12-27T08:00:00");
  });

  test("has the very day, though the first boundary has not", () => {
    const created = secondOf("2027-02-10T09:00:00Z");
    const cycle = every(2, "month");
    const anchor = anchorOf({ ...blank, day_of_month: 31 }, cycle, created);
    assert.equal(textOf(anchor), "2027-08-31T09:00:00");
    assert.equal(textOf(periodAt({ ...cycle, anchor }, created).end), "2027-02-28T09:00:00");
  });

  test("is in the month that is named, within one interval", () => {
    const created = secondOf("2027-05-10T09:00:00Z");
    const january = { ...blank, day_of_month: 15, month: 1 };
    assert.equal(textOf(anchorOf(january, every(1, "year"), created)), "2028-01-15T09:00:00");
    assert.equal(textOf(anchorOf(january, every(3, "month"), created)), "2027-07-15T09:00:00");
    const leap = { ...blank, day_of_month: 29, month: 2 };
    assert.equal(textOf(anchorOf(leap, every(1, "year"), created)), "2028-02-29T09:00:00");
    const never = { ...blank, day_of_month: 31, month: 2 };
    assert.equal(textOf(anchorOf(never, every(1, "year"), created)), "2028-02-29T09:00:00");
  });
});

/** Day by day or month by month, with every date asked for whether it is there. */
function walkTo({ anchor, interval, interval_count: count }: Cycle, second: number): { start: number; end: number } {
  let start = anchor;
  for (let nth = 1; ; nth++) {
    const end = interval === "day" ? start + count * 86_400 : interval === "week" ? start + count * 604_800 : 0;
    const next = end || inMonths(anchor, nth * count * (interval === "year" ? 12 : 1));
    if (next > second) return { start, end: next };
    start = next;
  }
}

function inMonths(anchor: number, count: number): number {
  const [date = "", time = ""] = textOf(anchor).split("T");
  let [year = 0, month = 0] = date.split("-").map(Number);
  for (let passed = 0; passed < count; passed++) [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  for (let day = Number(date.slice(8)); ; day--) {
    const written = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T${time}`;
    const found = Date.parse(`${written}Z`) / 1000;
    if (Number.isFinite(found) && textOf(found) === written) return found;
  }
}
