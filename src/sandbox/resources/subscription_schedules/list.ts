// Lists of schedules.
import { list, rangeOf } from "../../kernel/answer/lists.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { isWithin } from "../../kernel/store/store.ts";
import { boolean } from "../../kernel/words/params.ts";
import { type Schedule, schedules } from "./schedule.ts";

const instants = ["canceled_at", "completed_at", "released_at"] as const;

/** Those on a test clock are left out unless their customer is named; `scheduled`: that have not begun. */
export function listSchedules(unit: Unit, params: Params): object {
  const { customer } = params;
  const ranges = instants.map((name) => [name, rangeOf(params, name)] as const);
  const scheduled = boolean(params, "scheduled") === true;
  const isWithinAll = (schedule: Schedule) =>
    ranges.every(([name, range]) => {
      const second = schedule[name];
      return range === undefined || (second !== null && isWithin(range, second));
    });
  const where = (schedule: Schedule) =>
    (customer !== undefined || schedule.test_clock === null) &&
    (!scheduled || schedule.status === "not_started") &&
    isWithinAll(schedule);
  return list(unit, schedules, params, { url: "/v1/subscription_schedules", filters: { customer }, where });
}
