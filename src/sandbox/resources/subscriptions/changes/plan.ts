// What a change of items, of the anchor or of a trial comes to: what the subscription holds afterwards, what waits for
// its next invoice, and whether an invoice is made at once. https://docs.stripe.com/billing/subscriptions/prorations
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { given, hash, integer, text } from "../../../kernel/words/params.ts";
import type { Billing } from "../../line_items/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { linesOf, showsUsage, trialLinesOf } from "../billing/lines.ts";
import { hasBeside } from "../items/beside.ts";
import { refuseUnclearTrials } from "../items/clear_trials.ts";
import { endAmong } from "../items/ends.ts";
import { reachOf } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import { holding, memoryOf, type Subscription } from "../subscription.ts";
import { anchorAfter, type Turn, turnOf, withPeriods } from "./calendar.ts";
import { isChanged, namedPairs, type Pair } from "./pairs.ts";
import { type Changing, debit, giveBack, prorate } from "./prorate.ts";

export interface Plan {
  readonly turn: Turn;
  readonly changes: Partial<Omit<Subscription, "id" | "object" | "status">> & { readonly status?: never };
  /** What is billed at once beside what waits; null: nothing is. */
  readonly lines: readonly Billing[] | null;
}

type Behavior = "always_invoice" | "create_prorations" | "none";

interface Asked {
  readonly pairs: readonly Pair[];
  readonly turn: Turn;
  readonly behavior: Behavior;
  /** The second from which prorations are reckoned. */
  readonly from: number;
  /** Something is billed beside its items. */
  readonly hasMore: boolean;
}

/** Prorations have been made when it comes back. */
export function plan(unit: Unit, before: Subscription, params: Params): Plan {
  const named = namedPairs(unit, before, params);
  const turn = turnOf(unit, before, params, named);
  const behavior = (text(params, "proration_behavior") ?? "create_prorations") as Behavior; // Its schema says so.
  const turning = { turn, isProrated: behavior !== "none" };
  const end = endAfter(before, params, withPeriods(unit, { ...before, cancel_at: null }, turning, named));
  const pairs = withPeriods(unit, { ...before, ...end }, turning, named);
  const items = itemsAfter(pairs);
  const asked = { pairs, turn, behavior, from: momentOf(unit, before, params), hasMore: hasBeside(params) };
  const trial = turn.kind === "trial" && { trial_end: turn.end, trial_start: trialStart(unit, before) };
  const changes = {
    ...holding(items),
    ...end,
    billing_cycle_anchor: anchorAfter(unit, before, turn),
    ...trial,
    ...(turn.kind === "trial_ended" && { trial_end: secondOf(unit) }),
  };
  refuseUnclearTrials(unit, { ...before, ...changes });
  return { turn, changes, lines: billed(unit, { ...before, ...changes }, before, asked) };
}

/**
 * An end that is chosen by the ends of periods is by those that follow from the same call; one at the period's end goes
 * with whatever becomes of that (documented).
 */
function endAfter(before: Subscription, params: Params, natural: readonly Pair[]) {
  const cancel_at = endAmong(params, before.cancel_at_period_end, itemsAfter(natural));
  return given({ cancel_at });
}

/** Of the trial that runs; else a classic subscription shows its first one, a flexible one its newest (documented). */
function trialStart(unit: Unit, { billing_mode: mode, status, trial_start: first }: Subscription): number {
  const isKept = first !== null && (status === "trialing" || mode.type === "classic");
  return isKept ? first : secondOf(unit);
}

/** In the period that runs, or in the time that lies behind the first one; nothing is prorated before or after it. */
function momentOf(unit: Unit, before: Subscription, params: Params): number {
  const sent = integer(params, "proration_date");
  if (sent === undefined) return secondOf(unit);
  if (text(hash(params, "billing_cycle_anchor") ?? {}, "type") === "now") throw refusal(rows.prorationDateAnchored);
  const first = Math.max(...before.items.map((item) => reachOf(before, item)));
  if (sent < first || sent > memoryOf(before).periodEnd) throw refusal(rows.prorationDateOutside);
  return sent;
}

function billed(unit: Unit, after: Subscription, before: Subscription, asked: Asked): readonly Billing[] | null {
  const { pairs, turn, behavior, hasMore } = asked;
  if (before.status === "paused") return null;
  const isProrated = behavior !== "none";
  const items = itemsAfter(pairs);
  if (turn.kind === "trial_ended") return linesOf(unit, after, shown(after, items));
  if (turn.kind === "trial" || before.status === "trialing") {
    if (turn.kind === "none" && !pairs.some(isChanged)) return hasMore ? [] : null; // Never free (documented).
    if (before.status !== "trialing" && isProrated) giveAllBack(unit, before, before.items, asked.from);
    return isProrated ? trialLinesOf(unit, after, inTrial(after, asked)) : null;
  }
  if (turn.kind === "reset") return restarted(unit, after, before, asked);
  const billedPairs = pairs.filter((pair) => isChanged(pair) || isMoved(pair));
  if (isProrated) for (const pair of billedPairs) reckonPair(unit, { before, after }, pair, asked.from);
  return behavior === "always_invoice" && billedPairs.length > 0 ? [] : null;
}

/** Its period ends earlier or later than before. */
function isMoved({ before, after }: Pair): boolean {
  return before?.current_period_end !== after?.current_period_end;
}

function reckonPair(unit: Unit, changing: Changing, pair: Pair, from: number): void {
  if (isChanged(pair)) prorate(unit, changing, pair, from);
  else reckonEnd(unit, changing, pair);
}

/** Of what stays as it is: asks for the time by which it is prolonged, or gives back that by which it is cut short. */
function reckonEnd(unit: Unit, changing: Changing, { before, after }: Pair): void {
  if (!before || !after) return;
  const [old, next] = [before.current_period_end, after.current_period_end];
  if (next > old) debit(unit, changing.after, after, old);
  else if (next < old) giveBack(unit, changing.before, { item: before, from: next });
}

/** A classic subscription shows all that is free again, a flexible one what has changed (documented). */
function inTrial({ billing_mode: mode }: Subscription, { pairs, turn }: Asked): SubscriptionItem[] {
  const isAll = turn.kind === "trial" || mode.type === "classic";
  return itemsAfter(pairs.filter((pair) => isAll || isChanged(pair)));
}

/**
 * All begin anew. A classic subscription is billed for it at once. Of a flexible one what has not changed is billed for
 * the time that it is prolonged by only, and nothing is billed at once unless somebody asks for it (recorded). Where a
 * month that begins now is shorter than the one that ran, the time between their ends is given back.
 */
function restarted(unit: Unit, after: Subscription, before: Subscription, asked: Asked): readonly Billing[] | null {
  const { pairs, behavior, from } = asked;
  const isFlexible = after.billing_mode.type === "flexible";
  const isAtOnce = !isFlexible || behavior === "always_invoice";
  const isAnew = (pair: Pair) => !isFlexible || isChanged(pair);
  if (behavior === "none") return isFlexible ? null : linesOf(unit, after, shown(after, itemsAfter(pairs)));
  for (const pair of pairs) {
    if (!isAnew(pair)) reckonEnd(unit, { before, after }, pair);
    else if (isAtOnce) giveAllBack(unit, before, itemsBefore([pair]), from);
    else prorate(unit, { before, after }, pair, from);
  }
  return isAtOnce ? linesOf(unit, after, shown(after, itemsAfter(pairs.filter(isAnew)))) : null;
}

function giveAllBack(unit: Unit, before: Subscription, items: readonly SubscriptionItem[], from: number): void {
  for (const item of items) giveBack(unit, before, { item, from });
}

function itemsBefore(pairs: readonly Pair[]): SubscriptionItem[] {
  return pairs.flatMap(({ before }) => before ?? []);
}

function itemsAfter(pairs: readonly Pair[]): SubscriptionItem[] {
  return pairs.flatMap(({ after }) => after ?? []);
}

function shown(subscription: Subscription, items: readonly SubscriptionItem[]): SubscriptionItem[] {
  return items.filter((item) => showsUsage(subscription, item));
}
