// What happened to a subscription between two looks at it, each exactly defined by the two. Pure.
import type { Facts, FactType, SubscriptionStatus } from "../../api/index.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import { isoOf, isoOrNull } from "../instants.ts";
import { isSameSold, type Quantity } from "./schedules/index.ts";
import { isOver, type PendingUpdate, type SubscriptionMirror } from "./subscriptions.ts";

/** Those that two looks at the subscription define; of its schedule and of its bill others tell. */
type SubscriptionFact = Exclude<
  Extract<FactType, `subscription.${string}`>,
  | "subscription.change_scheduled"
  | "subscription.change_withdrawn"
  | "subscription.change_failed"
  | "subscription.change_reverted"
  | "subscription.change_differs"
>;

/** A fact without what only the database knows: whose it is. `transition` makes it the same one when seen again. */
export type Happened<Type extends FactType = SubscriptionFact> = {
  readonly [One in Type]: {
    readonly type: One;
    readonly transition: string;
    readonly data: Omit<Facts[One], "customerId">;
  };
}[Type];

/**
 * @param before what was known; null is as one that has not started.
 * @param seen names what is different now, for what may happen again: an id and a version.
 */
export function whatHappened(
  before: SubscriptionMirror | null,
  after: SubscriptionMirror,
  seen: string,
): readonly Happened[] {
  const from = before ?? notStarted(after);
  const once = after.id;
  const common = { subscriptionId: after.id, status: after.status };
  const items = soldOf(after);
  const [rested, rests] = [isResting(from), isResting(after)];
  const [endedAt, endsAt] = [plannedEnd(from), plannedEnd(after)];
  const hasStarted = isStarted(from);
  const facts: (Happened | false)[] = [
    !hasStarted && isStarted(after) && started(after),
    after.status === "active" &&
      beforeActive.has(from.status) && { type: "subscription.activated", transition: once, data: { ...common, items } },
    hasStarted &&
      isStarted(after) &&
      textOf(soldOf(from)) !== textOf(items) && {
        type: "subscription.changed",
        transition: seen,
        data: { ...common, items, previousItems: soldOf(from) },
      },
    unpaid.has(after.status) &&
      from.status !== after.status && {
        type: "subscription.past_due",
        transition: seen,
        data: { ...common, invoiceId: after.latestInvoice },
      },
    unpaid.has(from.status) &&
      paid.has(after.status) && { type: "subscription.recovered", transition: seen, data: common },
    rests &&
      !rested && {
        type: "subscription.paused",
        transition: seen,
        data: {
          ...common,
          isCollectionPaused: after.status !== "paused",
          resumesAt: isoOrNull(after.pauseCollection?.resumesAt ?? null),
        },
      },
    rested && !rests && isStarted(after) && { type: "subscription.resumed", transition: seen, data: common },
    endsAt !== null &&
      endsAt !== endedAt && {
        type: "subscription.cancel_scheduled",
        transition: seen,
        data: { ...common, cancelAt: isoOf(endsAt) },
      },
    endedAt !== null &&
      endsAt === null &&
      isStarted(after) && { type: "subscription.cancel_withdrawn", transition: seen, data: common },
    ...pendingFacts(from, after, seen),
    hasStarted && isOver(after.status) && ended(after),
  ];
  return facts.filter((one) => one !== false);
}

/** Of one that had started and is over, between two looks. */
export function wholeLife(after: SubscriptionMirror): readonly Happened[] {
  return [started(after), ended(after)];
}

export function wasStarted(before: SubscriptionMirror | null): boolean {
  return before !== null && isStarted(before);
}

function started(after: SubscriptionMirror): Happened {
  const { id, status } = after;
  const data = { subscriptionId: id, status, items: soldOf(after), trialEnd: isoOrNull(after.trialEnd) };
  return { type: "subscription.started", transition: id, data };
}

function ended({ id, status, endedAt, cancellation }: SubscriptionMirror): Happened {
  const data = { subscriptionId: id, status, endedAt: isoOrNull(endedAt), reason: cancellation.reason };
  return { type: "subscription.ended", transition: id, data };
}

/** A fact, as it is told of whoever has the subscription. */
export function newsOf({ type, transition, data }: Happened, subject: string, customerId: string | null): News {
  return { type, transition, subject, data: { ...data, customerId } } as News;
}

/** What waits for its payment is asked for, takes the place of another, is paid and applied, or given up. */
function pendingFacts(from: SubscriptionMirror, after: SubscriptionMirror, seen: string): (Happened | false)[] {
  const [was, is] = [changeOf(from), changeOf(after)];
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  const common = { subscriptionId: after.id, status: after.status };
  const isApplied = was !== null && isSameSold(was.items, after.items);
  return [
    was !== null &&
      is === null && {
        type: isApplied ? "subscription.change_applied" : "subscription.change_expired",
        transition: seen,
        data: { ...common, items: namedOf(was.items) },
      },
    was !== null &&
      is !== null && {
        type: "subscription.change_replaced",
        transition: seen,
        data: { ...common, items: namedOf(was.items) },
      },
    is !== null && {
      type: "subscription.change_pending",
      transition: seen,
      data: {
        ...common,
        items: namedOf(is.items),
        expiresAt: isoOf(is.expiresAt),
        invoiceId: after.latestInvoice,
      },
    },
  ];
}

/** What is pending may be about something else: that a paused subscription goes on. */
function changeOf({
  pendingUpdate: pending,
}: SubscriptionMirror): (PendingUpdate & { items: readonly Quantity[] }) | null {
  const items = pending?.items ?? null;
  return pending === null || items === null ? null : { ...pending, items };
}

function namedOf(items: readonly Quantity[]) {
  return items.map(({ price, quantity }) => ({ priceId: price, quantity }));
}

const beforeActive: ReadonlySet<SubscriptionStatus> = new Set(["incomplete", "trialing"]);
const unpaid: ReadonlySet<SubscriptionStatus> = new Set(["past_due", "unpaid"]);
const paid: ReadonlySet<SubscriptionStatus> = new Set(["active", "trialing"]);

function notStarted(after: SubscriptionMirror): SubscriptionMirror {
  return { ...after, status: "incomplete" };
}

function isStarted({ status }: SubscriptionMirror): boolean {
  return status !== "incomplete" && !isOver(status);
}

function isResting(subscription: SubscriptionMirror): boolean {
  return isStarted(subscription) && (subscription.status === "paused" || subscription.pauseCollection !== null);
}

/** In Stripe's seconds. The portal of flexible billing sets the date and not the flag. */
export function plannedEnd(subscription: SubscriptionMirror): number | null {
  if (!isStarted(subscription)) return null;
  const { cancelAt, cancelAtPeriodEnd, items } = subscription;
  if (cancelAt !== null || !cancelAtPeriodEnd) return cancelAt;
  return Math.max(...items.map(({ currentPeriodEnd }) => currentPeriodEnd));
}

function soldOf({ items }: SubscriptionMirror): Facts["subscription.started"]["items"] {
  return items.map(({ price, lookupKey, quantity }) => ({ priceId: price, lookupKey, quantity }));
}

/** The same whichever item came first. A price's lookup key may move to another price: that sells nothing else. */
function textOf(items: Facts["subscription.started"]["items"]): string {
  const texts = items.map(({ priceId, quantity }) => JSON.stringify([priceId, quantity]));
  return texts.toSorted().join();
}
