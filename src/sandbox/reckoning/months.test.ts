import assert from "node:assert/strict";
import { test } from "node:test";
import { monthsAfter } from "./months.ts";

const secondOf = (text: string): number => Date.parse(text) / 1000;
const textOf = (second: number): string => new Date(second * 1000).toISOString();

test("a month later is the same day and second, or the last day of a month that has no such day", () => {
  const cases: readonly [string, number, string][] = [
    ["2026-01-31T10:00:00.000Z", 1, "2026-02-28T10:00:00.000Z"],
    ["2028-01-31T23:59:59.000Z", 1, "2028-02-29T23:59:59.000Z"],
    ["2028-02-29T00:00:00.000Z", 12, "2029-02-28T00:00:00.000Z"],
    ["2026-11-30T08:27:07.000Z", 3, "2027-02-28T08:27:07.000Z"],
    ["2026-11-02T09:00:00.000Z", 24, "2028-11-02T09:00:00.000Z"],
    ["1969-12-31T12:00:00.000Z", 2, "1970-02-28T12:00:00.000Z"],
  ];
  for (const [from, months, to] of cases) assert.equal(textOf(monthsAfter(secondOf(from), months)), to, from);
});
