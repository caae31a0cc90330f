// What happens to a test clock: made, advanced, arrived, deleted with what hangs on it.

import { dayMs, secondMs } from "#kit/clock.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { afterwards, type Unit } from "../../kernel/state/unit.ts";
import { erase, mustRead, read, readById } from "../../kernel/state/writes.ts";
import { bringAlong } from "../../kernel/time/bring_along.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { integer, text } from "../../kernel/words/params.ts";
import { monthsAfter } from "../../reckoning/months.ts";
import { boundary, type Interval } from "../../reckoning/periods.ts";
import { testClockDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { type DeletedTestClock, type TestClock, testClockMachine, testClocks } from "./test_clock.ts";

export function createTestClock(unit: Unit, params: Params): TestClock {
  const frozenTime = integer(params, "frozen_time");
  if (frozenTime === undefined) throw missingParameter("frozen_time");
  const id = unit.world.ids.after("clock_1", 23);
  const deletesAfter = unit.created + (testClockDefaults.lifeDays.value * dayMs) / 1000;
  const customer = customerOf(unit, params, frozenTime);
  const open = (clock: string): void => {
    unit.world.timelines.open(clock, frozenTime * secondMs);
    if (customer !== null) bringAlong(unit.world, unit.account, clock);
  };
  afterwards(unit, open, id);
  const clock = begin(
    unit,
    testClockMachine,
    "create",
    "ready",
    (status): TestClock => ({
      id,
      object: "test_helpers.test_clock",
      created: unit.created,
      deletes_after: deletesAfter,
      frozen_time: frozenTime,
      livemode: false,
      name: text(params, "name") ?? null,
      status,
      status_details: {},
      [hidden]: { customer },
    }),
  );
  laterAt(inWorld(unit), deletesAfter * 1000, expireTestClock, id);
  return clock;
}

/**
 * Answered before it is there: from one due instant to the next, and ready at the end. How far it goes at once is said
 * by the shortest of the intervals at which anything on it is billed.
 */
export function advanceTestClock(unit: Unit, params: Params, id: string, intervals: readonly Interval[]): TestClock {
  const clock = mustRead(unit, testClocks, id, "test_clock");
  assertMay(testClockMachine, clock, "advance");
  const target = integer(params, "frozen_time");
  if (target === undefined) throw missingParameter("frozen_time");
  const frozen = instantText(clock.frozen_time);
  if (target <= clock.frozen_time) throw refusal(rows.clockBackwards, { time: instantText(target), frozen });
  const furthest = furthestFrom(clock.frozen_time, intervals);
  if (unit.world.billing.testClocks === "limited" && target > furthest)
    throw refusal(rows.clockTooFar, { frozen, furthest: instantText(furthest) });
  const details = { status_details: { advancing: { target_frozen_time: target } } };
  const advancing = move(unit, testClockMachine, clock, "advance", "advancing", details);
  const isStruck = unit.world.faults.strikeAdvance() !== undefined;
  const until = isStruck ? unit.now : target * secondMs;
  laterAt(unit, until, isStruck ? failAdvance : arrive, id);
  afterwards(unit, () => void unit.timeline.advanceTo(until));
  return advancing;
}

/** Calendar intervals, from where the clock stands: the time of day stays (recorded). */
function furthestFrom(frozen: number, intervals: readonly Interval[]): number {
  const { advanceIntervals, advanceMonths } = testClockDefaults;
  if (intervals.length === 0) return monthsAfter(frozen, advanceMonths.value);
  return Math.min(...intervals.map((interval) => boundary({ ...interval, anchor: frozen }, advanceIntervals.value)));
}

/** A fault that was asked for: what was due on the way is still due. */
export function failAdvance(unit: Unit, id: string): void {
  const clock = read(unit, testClocks, id);
  if (clock?.status === "advancing")
    move(unit, testClockMachine, clock, "fail", "internal_failure", { status_details: {} });
}

/** The last of what is due at the instant it was advanced to. */
export function arrive(unit: Unit, id: string): void {
  const clock = read(unit, testClocks, id);
  if (clock?.status !== "advancing") return;
  const next = unit.timeline.nextAt();
  if (next !== undefined && next <= unit.now) {
    laterAt(unit, unit.now, arrive, id);
    return;
  }
  const there = { frozen_time: Math.floor(unit.now / 1000), status_details: {} };
  move(unit, testClockMachine, clock, "arrive", "ready", there);
}

/** What hangs on it goes with it; what was paid stays. */
export function deleteTestClock(unit: Unit, _params: Params, id: string): DeletedTestClock {
  const clock = mustRead(unit, testClocks, id, "test_clock");
  signal(unit, testClocks, "delete", clock, clock);
  erase(unit, testClocks, clock, "test_helpers.test_clock.deleted");
  afterwards(unit, () => unit.world.timelines.close(id));
  return { id, object: "test_helpers.test_clock", deleted: true };
}

export function expireTestClock(unit: Unit, id: string): void {
  if (read(unit, testClocks, id)) deleteTestClock(unit, {}, id);
}

/** One that is there already is put on the clock, which does not go back behind what they have lived through. */
function customerOf(unit: Unit, params: Params, frozenTime: number): string | null {
  const id = text(params, "customer");
  if (id === undefined) return null;
  const customer = readById(unit, id);
  if (customer?.object !== "customer") throw noSuch({ label: "customer" }, id, { inPath: false, param: "customer" });
  if ("test_clock" in customer && customer.test_clock !== null) throw refusal(rows.customerOnClock, { customer: id });
  if (frozenTime < unit.created) throw refusal(rows.clockInPast, { customer: id });
  return id;
}

/** `1762590427 (2025-11-08 08:27:07 UTC)` */
function instantText(second: number): string {
  const [day, time = ""] = new Date(second * 1000).toISOString().split("T");
  return `${second} (${day} ${time.slice(0, 8)} UTC)`;
}
