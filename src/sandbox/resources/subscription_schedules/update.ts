// What callers change of a schedule: phases that have not begun freely, the one that runs but for its beginning, those
// that are over not at all. "You need to pass in all current and future phases."
// https://docs.stripe.com/billing/subscriptions/subscription-schedules#updating
import { assertMay, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { given, text } from "../../kernel/words/params.ts";
import { refuseUnplayed } from "../../kernel/words/unplayed.ts";
import { type BillNow, billLater, billNow } from "../subscriptions/index.ts";
import { applyPhase, fileTurn, spanOf } from "./life/enter.ts";
import { listAt } from "./phases/items.ts";
import type { Phase } from "./phases/phase.ts";
import { resolvePhases, startOf } from "./phases/resolve.ts";
import { settingsOf } from "./phases/settings.ts";
import { refuseUntaxedPhases } from "./phases/taxed.ts";
import { rows } from "./refusals.table.ts";
import { isOpen, type Schedule, scheduleMachine, schedules, subscriptionIn } from "./schedule.ts";

export function updateSchedule(unit: Unit, params: Params, id: string): Schedule {
  return revisedBy(unit, params, id, billNow);
}

/** `bill`: how what is due at once is billed; a preview does it in another way. */
export function revisedBy(unit: Unit, params: Params, id: string, bill: BillNow): Schedule {
  const before = mustRead(unit, schedules, id);
  assertMay(scheduleMachine, before, "update");
  refuseFractions(params, before.phases[0]?.currency);
  refuseUnplayed(params, [["pause_schedules", "pausing subscriptions"]]);
  const phases = params.phases === undefined ? before.phases : phasesAfter(unit, params, before);
  const current = before.status === "active" ? runningOf(phases, secondOf(unit)) : undefined;
  const changes = {
    ...(current && { current_phase: spanOf(current) }),
    default_settings: settingsOf(unit, params, before.default_settings, before.customer),
    end_behavior: text(params, "end_behavior") ?? before.end_behavior,
    metadata: { ...mergeMetadata(before.metadata ?? {}, params.metadata) },
    phases,
  };
  refuseUntaxedPhases(unit, { ...before, ...changes });
  const status = before.status === "active" ? "active" : "not_started"; // It may be updated, so it is one of these.
  const after = move(unit, scheduleMachine, before, "update", status, changes);
  if (current && isAboutSubscription(params)) {
    const entering = current.start_date !== before.current_phase?.start_date;
    const behavior = entering
      ? current.proration_behavior
      : (text(params, "proration_behavior") ?? "create_prorations");
    applyPhase(unit, after, current, { bill: entering ? billLater : bill, entering, behavior });
  }
  const stored = mustRead(unit, schedules, id);
  if (isOpen(stored)) fileTurn(unit, stored);
  return stored;
}

function isAboutSubscription({ default_settings, end_behavior, phases }: Params): boolean {
  return [default_settings, end_behavior, phases].some((sent) => sent !== undefined);
}

function runningOf(phases: readonly Phase[], second: number): Phase | undefined {
  return phases.findLast(({ start_date: start }) => start <= second);
}

/** Those that are over stay, whether they were sent or not. */
function phasesAfter(unit: Unit, params: Params, before: Schedule): readonly Phase[] {
  const { billing_mode, current_phase: current, customer, phases } = before;
  const over = phases.filter(({ end_date: end }) => current !== null && end <= current.start_date);
  const isOver = (sent: Params) => over.some(({ start_date: start }) => start === sent.start_date);
  const sent = listAt(params, "phases").filter((one) => !isOver(one));
  const [first] = sent;
  if (!sent.some(({ start_date: start }) => start !== undefined)) throw refusal(rows.startUnanchored);
  const usual = current?.start_date ?? phases[0]?.start_date ?? secondOf(unit);
  const start = startOf(unit, first ?? {}, usual);
  if (current !== null && start !== current.start_date) throw refusal(rows.currentStartFixed);
  const anchor = subscriptionIn(unit, before)?.billing_cycle_anchor;
  const known = { ...given({ anchor }), currency: phases[0]?.currency };
  const resolving = { customer, mode: billing_mode.type, start, ...known };
  const named = resolvePhases(unit, { phases: sent }, resolving);
  refuseEnd(unit, named, before);
  return [...over, ...named];
}

/** The phase that runs may end now, if another one begins. */
function refuseEnd(unit: Unit, [first, next]: readonly Phase[], { current_phase: current }: Schedule): void {
  const second = secondOf(unit);
  const isPast = first !== undefined && (first.end_date < second || (first.end_date === second && !next));
  if (current !== null && isPast) throw refusal(rows.currentEndPast);
}
