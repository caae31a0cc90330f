// A schedule begins: with phases of its own, or on a subscription that is there already.
import { begin } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { text } from "../../kernel/words/params.ts";
import { refuseUnplayed } from "../../kernel/words/unplayed.ts";
import { customers } from "../customers/index.ts";
import { isOver, memoryOf, modeOf, refuseInTrial, type Subscription, subscriptions } from "../subscriptions/index.ts";
import { fileTurn, spanOf } from "./life/enter.ts";
import { beginSubscription } from "./life/start.ts";
import { phaseAsIs } from "./phases/as_is.ts";
import { resolvePhases, startOf } from "./phases/resolve.ts";
import { blankSettings, settingsOf } from "./phases/settings.ts";
import { refuseUntaxedPhases } from "./phases/taxed.ts";
import { rows } from "./refusals.table.ts";
import { type Schedule, scheduleMachine } from "./schedule.ts";

export function createSchedule(unit: Unit, params: Params): Schedule {
  refuseUnplayed(params, [
    ["customer_account", "customers as accounts"],
    ["pause_schedules", "pausing subscriptions"],
  ]);
  const schedule = text(params, "from_subscription") === undefined ? ofPhases(unit, params) : ofOther(unit, params);
  fileTurn(unit, schedule);
  return schedule;
}

type Known = "customer" | "phases" | "status" | "billing_mode";

function blank(unit: Unit, params: Params, known: Pick<Schedule, Known>): Schedule {
  return {
    id: unit.world.ids.after("sub_sched_1", 23),
    object: "subscription_schedule",
    application: null,
    canceled_at: null,
    completed_at: null,
    created: secondOf(unit),
    current_phase: null,
    customer_account: null,
    default_settings: settingsOf(unit, params, blankSettings, known.customer),
    end_behavior: text(params, "end_behavior") ?? "release",
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    pause_schedules: [],
    released_at: null,
    released_subscription: null,
    renewal_interval: null,
    subscription: null,
    test_clock: unit.timeline.id,
    ...known,
  };
}

function ofPhases(unit: Unit, params: Params): Schedule {
  const draft = draftOf(unit, params);
  const [first] = draft.phases as [Schedule["phases"][number]]; // There is one at least.
  if (first.start_date > secondOf(unit)) return begin(unit, scheduleMachine, "create", "not_started", () => draft);
  if (first.end_date <= secondOf(unit)) throw refusal(rows.phaseOver);
  const { id: subscription } = beginSubscription(unit, draft);
  const current_phase = spanOf(first);
  return begin(unit, scheduleMachine, "create", "active", (status) => ({
    ...draft,
    current_phase,
    status,
    subscription,
  }));
}

export function draftOf(unit: Unit, params: Params): Schedule & { readonly status: "not_started" } {
  const named = text(params, "customer");
  if (named === undefined) throw missingParameter("customer");
  const { id: customer } = mustReadParam(unit, customers, named, "customer");
  const billing_mode = modeOf(unit, params);
  const start = startOf(unit, params, secondOf(unit));
  const phases = resolvePhases(unit, params, { customer, currency: undefined, mode: billing_mode.type, start });
  refuseFractions(params, phases[0]?.currency);
  const draft = blank(unit, params, { customer, phases, status: "not_started", billing_mode });
  refuseUntaxedPhases(unit, draft);
  return { ...draft, status: "not_started" };
}

/** What a subscription is becomes the phase that runs, until the end of its period (documented). */
function ofOther(unit: Unit, params: Params): Schedule {
  const id = text(params, "from_subscription") ?? "";
  const other = Object.keys(params).find((name) => !["expand", "from_subscription"].includes(name));
  if (other !== undefined) throw refusal(rows.fromSubscriptionAlone, { param: other }, { param: other });
  const known = mustReadParam(unit, subscriptions, id, "from_subscription");
  if (isOver(known)) throw refusal(rows.scheduledOver, { status: known.status, subscription: id });
  if (known.schedule !== null) throw refusal(rows.scheduledAlready, { subscription: id });
  refuseInTrial(known.items, "schedules of trial offers", "from_subscription");
  const { periodEnd: end_date, periodStart: start_date } = memoryOf(known);
  const phase = phaseAsIs(known, { start_date, end_date: known.cancel_at ?? end_date });
  const { billing_mode, customer } = known;
  const draft = blank(unit, {}, { customer, phases: [phase], status: "active", billing_mode });
  change(unit, subscriptions, known, { schedule: draft.id }, "customer.subscription.updated");
  return begin(unit, scheduleMachine, "create", "active", (status) => ({
    ...draft,
    current_phase: spanOf(phase),
    default_settings: settingsAsIs(draft.default_settings, known),
    end_behavior: known.cancel_at === null ? "release" : "cancel",
    status,
    subscription: mustRead(unit, subscriptions, id).id,
  }));
}

function settingsAsIs(usual: Schedule["default_settings"], subscription: Subscription): Schedule["default_settings"] {
  const { automatic_tax, billing_thresholds, collection_method, days_until_due, default_source } = subscription;
  const { default_payment_method: method, description, invoice_settings } = subscription;
  return {
    ...usual,
    automatic_tax,
    billing_thresholds,
    collection_method,
    default_payment_method: method === null ? null : String(method),
    default_source: default_source === null ? null : String(default_source),
    description,
    invoice_settings: { ...invoice_settings, days_until_due },
  };
}
