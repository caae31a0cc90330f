import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { endOf, isBankingDay } from "./settlement.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const end = (wait: Parameters<typeof endOf>[0], from: string): string =>
  new Date(endOf(wait, Date.parse(from))).toISOString();

suite("how long banks take", () => {
  test("banking days are neither weekends nor the holidays of the euro", () => {
    const year = Array.from({ length: 365 }, (_, nth) => day("2027-01-01") + nth * dayMs);
    const closed = year.filter((one) => !isBankingDay(one) && ![0, 6].includes(new Date(one).getUTCDay()));
    // Easter 2027 is the 28th of March; the first of May and Christmas fall on a Saturday.
    assert.deepEqual(
      closed.map((one) => new Date(one).toISOString().slice(0, 10)),
      ["2027-01-01", "2027-03-26", "2027-03-29"],
    );
    const easterMondays = ["2024-04-01", "2025-04-21", "2026-04-06", "2028-04-17", "2038-04-26", "2049-04-19"];
    assert.deepEqual(
      easterMondays.filter((text) => isBankingDay(day(text))),
      [],
    );
    const goodFridays = ["2024-03-29", "2025-04-18", "2026-04-03", "2028-04-14", "2038-04-23", "2049-04-16"];
    assert.deepEqual(
      goodFridays.filter((text) => isBankingDay(day(text))),
      [],
    );
  });

  test("six banking days from a Monday morning end on the Tuesday after next", () => {
    assert.equal(end({ bankingDays: 6 }, "2026-11-02T09:00:00Z"), "2026-11-10T00:00:00.000Z");
  });

  test("what comes after the cut-off, or at the weekend, counts from the next banking day", () => {
    const next = "2026-11-11T00:00:00.000Z";
    assert.equal(end({ bankingDays: 6 }, "2026-11-02T09:30:00Z"), "2026-11-10T00:00:00.000Z");
    assert.equal(end({ bankingDays: 6 }, "2026-11-02T09:30:01Z"), next);
    assert.equal(end({ bankingDays: 6 }, "2026-11-03T00:00:00Z"), next);
    assert.equal(end({ bankingDays: 1 }, "2026-11-07T08:00:00Z"), "2026-11-10T00:00:00.000Z");
    assert.equal(end({ bankingDays: 1 }, "2026-12-24T08:00:00Z"), "2026-12-28T00:00:00.000Z");
  });

  test("other waits are plain: some time, or some midnights", () => {
    assert.equal(end({ ms: hourMs }, "2026-11-02T09:00:00Z"), "2026-11-02T10:00:00.000Z");
    assert.equal(end({ midnights: 7 }, "2026-11-02T09:00:00Z"), "2026-11-09T00:00:00.000Z");
  });
});
