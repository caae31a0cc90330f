// Phases whose taxes nobody names: that they can be reckoned is known before any of them begins (inferred: of a
// subscription it is documented, and there is nobody to tell once a phase begins by itself).
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { refuseUntaxedItems } from "../../subscriptions/index.ts";
import type { Schedule } from "../schedule.ts";
import { isTaxed } from "./terms.ts";

export function refuseUntaxedPhases(unit: Unit, schedule: Schedule): void {
  const ahead = schedule.phases.filter(({ end_date: end }) => end > secondOf(unit));
  for (const { default_tax_rates, items } of ahead.filter((phase) => isTaxed(schedule, phase))) {
    refuseUntaxedItems(unit, { customer: schedule.customer, default_tax_rates, items });
  }
}
