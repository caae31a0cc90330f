// What a change does to the periods of a subscription: nothing, as a rule; or all begin anew, or a trial runs first.
// https://docs.stripe.com/billing/subscriptions/billing-cycle
import { dayMs, secondMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, hash, integer, text } from "../../../kernel/words/params.ts";
import { type Period, wholeFrom } from "../../../reckoning/periods.ts";
import { costOf } from "../../../reckoning/prices.ts";
import { ratio } from "../../../reckoning/rational.ts";
import { prices, termsIn } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { intervalOf } from "../items/named.ts";
import { alignedPeriod, cutShort, during } from "../items/periods.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { trialEndOf } from "../trial.ts";
import type { Pair } from "./pairs.ts";

/** Periods stay; all begin now; a trial ends now, so that all begin now; all begin when a trial ends. */
export type Turn =
  | { readonly kind: "none" | "reset" | "trial_ended" }
  | { readonly kind: "trial"; readonly end: number };

export function turnOf(unit: Unit, before: Subscription, params: Params, pairs: readonly Pair[]): Turn {
  const isTrialing = before.status === "trialing";
  const end = chosenEnd(unit, params, pairs);
  if (end !== undefined && end > secondOf(unit)) {
    refuseLong(unit, end);
    return { kind: "trial", end };
  }
  const isEnded = end !== undefined || text(params, "trial_end") === "now";
  if (isEnded && isTrialing) return { kind: "trial_ended" };
  const isAsked = text(hash(params, "billing_cycle_anchor") ?? {}, "type") === "now";
  if (isAsked && isTrialing) return { kind: "trial_ended" };
  if (isAsked || (!isTrialing && isForced(unit, before, pairs))) return { kind: "reset" };
  return { kind: "none" };
}

/** Named, or so far ahead as the longest trial of a price that is billed afterwards. */
function chosenEnd(unit: Unit, params: Params, pairs: readonly Pair[]): number | undefined {
  if (boolean(params, "trial_from_plan") !== true) return integer(params, "trial_end");
  const list = pairs.flatMap(({ after }) => (after ? mustRead(unit, prices, after.price) : []));
  return trialEndOf(unit, params, list) ?? undefined;
}

function refuseLong(unit: Unit, end: number): void {
  const most = secondOf(unit) + (subscriptionDefaults.trialDaysMax.value * dayMs) / secondMs;
  if (end > most) throw refusal(rows.trialTooLong, { days: subscriptionDefaults.trialDaysMax.value });
}

/** Before it was flexible a subscription began anew with another interval, and when it was paid for the first time. */
function isForced(unit: Unit, { billing_mode: mode, currency }: Subscription, pairs: readonly Pair[]): boolean {
  if (mode.type === "flexible") return false;
  const lengths = (items: readonly (SubscriptionItem | null)[]) =>
    items.flatMap((item) => (item ? JSON.stringify(intervalOf(mustRead(unit, prices, item.price))) : []));
  const [old, next] = [lengths(pairs.map(({ before }) => before)), lengths(pairs.map(({ after }) => after))];
  const costs = (item: SubscriptionItem | null) => item !== null && isPaidFor(unit, item, currency);
  const isFirstPaid = !pairs.some(({ before }) => costs(before)) && pairs.some(({ after }) => costs(after));
  return isFirstPaid || next.some((length) => !old.includes(length));
}

function isPaidFor(unit: Unit, { price, quantity = 0 }: SubscriptionItem, currency: string): boolean {
  return costOf(termsIn(mustRead(unit, prices, price), currency), ratio(quantity)).numerator > 0n;
}

/** The anchor after the change. */
export function anchorAfter(unit: Unit, { billing_cycle_anchor: anchor }: Subscription, turn: Turn): number {
  if (turn.kind === "trial") return turn.end;
  return turn.kind === "none" ? anchor : secondOf(unit);
}

export interface Turning {
  readonly turn: Turn;
  readonly isProrated: boolean;
}

/** The items with the periods that they are in after the change. */
export function withPeriods(
  unit: Unit,
  before: Subscription,
  turning: Turning,
  pairs: readonly Pair[],
): readonly Pair[] {
  return pairs.map((pair) =>
    pair.after ? { ...pair, after: during(pair.after, periodAfter(unit, before, turning, pair)) } : pair,
  );
}

/** An end that is named cuts it short where prorations are wanted (documented). */
function periodAfter(
  unit: Unit,
  subscription: Subscription,
  { turn, isProrated }: Turning,
  { before, after }: Pair,
): Period {
  const second = secondOf(unit);
  const price = mustRead(unit, prices, after?.price ?? "");
  const { current_period_start: start, current_period_end: end } = (before ?? after)!; // One of both is there.
  const { billing_cycle_anchor: anchor, status } = subscription;
  const cut = (period: Period) => (isProrated ? cutShort(subscription, period) : period);
  if (turn.kind === "trial") return { start: status === "trialing" ? start : second, end: turn.end };
  if (turn.kind !== "none") return cut(wholeFrom(intervalOf(price), second));
  if (end <= second) return { start, end }; // It is over: the next one begins with the turn that is due.
  const isAsBefore = before !== null && isSameLength(unit, before.price, price.id);
  const isKept = isAsBefore && !isProrated;
  if (isKept || status === "trialing" || status === "paused") return { start, end };
  const whole = alignedPeriod(unit, anchor, { price: price.id }, isAsBefore ? start : second);
  return cut(isAsBefore ? { start, end: whole.end } : whole);
}

function isSameLength(unit: Unit, one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => intervalOf(mustRead(unit, prices, id))) as [Interval, Interval]; // Of two.
  return a.interval === b.interval && a.interval_count === b.interval_count;
}

type Interval = ReturnType<typeof intervalOf>;
