// READ FIRST: what Stripe knows of a subscription's schedule: what the subscription is to become, and when. Everything
// here is pure. Instants are Stripe's seconds; of a subscription on a test clock they are that clock's.
// https://docs.stripe.com/billing/subscriptions/subscription-schedules
import { idOf } from "../../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../../kernel/contract/reacting.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import { marksOf } from "../../marks.ts";
import { fieldsOf, numberOrNull, textOrNull } from "../../remote_fields.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different; `before` is null when it was not known. */
    "schedule.seen": { readonly before: ScheduleMirror | null; readonly after: ScheduleMirror };
  }
}

/** How much of what. Whatever is metered has no quantity. */
export interface Quantity {
  readonly price: string;
  readonly quantity: number | null;
}

export interface Phase {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Quantity[];
}

export interface ScheduleMirror extends MirroredRow {
  readonly status: string;
  readonly created: number;
  /** The one that it manages, or has managed. */
  readonly subscription: string | null;
  /** Where the phase begins that runs; null before the first and after the last one. */
  readonly currentStart: number | null;
  readonly phases: readonly Phase[];
  /** When it let go of its subscription, ended with it or was given up. */
  readonly endedAt: number | null;
  readonly testClock: string | null;
}

export const belongsTo = (remote: Fields): Belonging => ({
  customer: idOf(remote.customer),
  parent: idOf(remote.subscription) ?? textOrNull(remote.released_subscription),
});

const open: readonly string[] = ["not_started", "active"];

export function scheduleRow(remote: Remote): ScheduleMirror | undefined {
  if (!Array.isArray(remote.phases)) return undefined;
  const status = String(remote.status);
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: !open.includes(status),
    status,
    created: numberOrNull(remote.created) ?? 0,
    subscription: belongsTo(remote).parent,
    currentStart: numberOrNull(fieldsOf(remote.current_phase).start_date),
    phases: remote.phases.map(phaseOf),
    endedAt: numberOrNull(remote.released_at) ?? numberOrNull(remote.canceled_at) ?? numberOrNull(remote.completed_at),
    testClock: idOf(remote.test_clock),
  };
}

function phaseOf(remote: unknown): Phase {
  const { start_date, end_date, items } = fieldsOf(remote);
  return {
    start: numberOrNull(start_date) ?? 0,
    end: numberOrNull(end_date) ?? 0,
    items: (Array.isArray(items) ? items : []).map((item) => quantityOf(fieldsOf(item))),
  };
}

export function quantityOf({ price, quantity }: Fields): Quantity {
  return { price: idOf(price) ?? "", quantity: numberOrNull(quantity) };
}

/** Whichever item came first. */
export function isSameSold(one: readonly Quantity[], other: readonly Quantity[]): boolean {
  return textOf(one) === textOf(other);
}

function textOf(items: readonly Quantity[]): string {
  return items
    .map(({ price, quantity }) => JSON.stringify([price, quantity]))
    .toSorted()
    .join();
}

export function scheduleNews(
  before: ScheduleMirror | null,
  after: ScheduleMirror,
  version: number,
): News<"schedule.seen">[] {
  if (before !== null && canonicalJson(before) === canonicalJson(after)) return [];
  const transition = `${after.id}@${version}`;
  return [{ type: "schedule.seen", subject: after.id, transition, data: { before, after } }];
}

export interface Planned {
  /** When it becomes another one. */
  readonly at: number;
  readonly items: readonly Quantity[];
}

/** What the subscription becomes next, where that is something else than it is; null when nothing is planned. */
export function plannedOf(schedule: ScheduleMirror | null): Planned | null {
  const { status, currentStart, phases } = schedule ?? { status: "", currentStart: null, phases: [] };
  const current = phases.find(({ start }) => start === currentStart);
  if (status !== "active" || !current) return null;
  const next = phases.find(({ start, items }) => start > current.start && !isSameSold(items, current.items));
  return next ? { at: next.start, items: next.items } : null;
}

/** It has done what it was made for: the phase that runs is its last. */
export function isThrough({ status, currentStart, phases }: ScheduleMirror): boolean {
  return status === "active" && phases.length > 1 && phases.at(-1)?.start === currentStart;
}

/** What was planned will not come: it is another plan now, or none, and its time had not come. */
export function isWithdrawn(planned: Planned, after: ScheduleMirror): boolean {
  const next = plannedOf(after);
  if (next !== null) return next.at !== planned.at && (after.currentStart ?? 0) < planned.at;
  return after.isFinal ? (after.endedAt ?? 0) < planned.at : (after.currentStart ?? 0) < planned.at;
}
