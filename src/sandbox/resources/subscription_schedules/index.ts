// Schedules of subscriptions: what they are to be from when to when. The folder's only door.
import { referred } from "../../kernel/state/embeds.ts";
import { on, onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { customers, joinsClock } from "../customers/index.ts";
import {
  type Subscription,
  shownAsPreview,
  subscriptionMachine,
  subscriptions,
  upcomingRoutes,
} from "../subscriptions/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import { createSchedule } from "./create.ts";
import { scheduleDefaults } from "./defaults.table.ts";
import { scheduleExtras } from "./extras.table.ts";
import { cancelAllOf, cancelSchedule, followDispute, followEnd, openOf, releaseSchedule } from "./life/end.ts";
import { turn } from "./life/enter.ts";
import { sayExpiring } from "./life/expiring.ts";
import { splitPhase } from "./life/split.ts";
import { listSchedules } from "./list.ts";
import { previewInvoice } from "./preview.ts";
import { rows } from "./refusals.table.ts";
import { type Schedule, scheduleMachine, schedules } from "./schedule.ts";
import { updateSchedule } from "./update.ts";
import { scheduleVersions } from "./versions.ts";

const path = "/v1/subscription_schedules";

export const scheduleResource = defineResource<Schedule>({
  noun: schedules,
  machine: scheduleMachine,
  defaults: scheduleDefaults,
  extras: scheduleExtras,
  refusals: rows,
  versions: scheduleVersions,
  jobs: {
    sayExpiring: { run: sayExpiring, says: "ends soon" },
    turn: { run: turn, says: "goes on to its next phase" },
  },
  reactions: [
    on(subscriptionMachine, "cancel", followEnd),
    on(subscriptionMachine, "expire", followEnd),
    onSignal(subscriptions, "come_due", turnOf),
    onSignal(subscriptions, "dispute", followDispute),
    onSignal(subscriptions, "revise", splitPhase),
    onSignal(customers, "delete", (unit, customer) => cancelAllOf(unit, customer.id)),
    joinsClock(schedules),
  ],
  embeds: [
    referred(schedules, "phases.default_tax_rates", taxRates),
    referred(schedules, "phases.items.tax_rates", taxRates),
    referred(schedules, "phases.add_invoice_items.tax_rates", taxRates),
  ],
  routes: [
    { method: "POST", path, run: createSchedule },
    { method: "GET", path, run: listSchedules },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, schedules, id) },
    { method: "POST", path: `${path}/:id`, run: updateSchedule },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelSchedule },
    { method: "POST", path: `${path}/:id/release`, run: releaseSchedule },
    { method: "POST", path: "/v1/invoices/create_preview", run: previewInvoice, preview: shownAsPreview },
    ...upcomingRoutes(previewInvoice),
  ],
});

/** What is planned for it until now comes first. */
function turnOf(unit: Unit, subscription: Subscription): void {
  const schedule = openOf(unit, subscription);
  if (schedule) turn(unit, schedule.id);
}
