// That a schedule ends is said seven days before. https://docs.stripe.com/api/events/types
import { secondMs } from "#kit/clock.ts";
import { emit } from "../../../kernel/state/emit.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { scheduleDefaults } from "../defaults.table.ts";
import { isOpen, lastPhase, type Schedule, schedules } from "../schedule.ts";

/** The instant of it lies ahead, or it has been said already. */
export function fileExpiring(unit: Unit, schedule: Schedule): void {
  const at = saidAt(schedule);
  if (isOpen(schedule) && at > unit.now) laterAt(unit, at, sayExpiring, schedule.id);
}

function saidAt(schedule: Schedule): number {
  return lastPhase(schedule).end_date * secondMs - scheduleDefaults.expiresSoonMs.value;
}

export function sayExpiring(unit: Unit, id: string): void {
  const schedule = read(unit, schedules, id);
  if (schedule && isOpen(schedule) && saidAt(schedule) <= unit.now)
    emit(unit, "subscription_schedule.expiring", schedule);
}
