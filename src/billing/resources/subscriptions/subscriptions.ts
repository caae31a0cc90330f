// READ FIRST: what Stripe knows of a subscription, as the fields we live by. Everything here is pure. Instants are
// Stripe's seconds; of a subscription on a test clock they are that clock's.
import type { SubscriptionStatus } from "../../api/index.ts";
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import { marksOf } from "../marks.ts";
import { fieldsOf, idsOf, itemsOf, number, numberOrNull, textOrNull } from "../remote_fields.ts";
import { type Quantity, quantityOf } from "./schedules/index.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different; `before` is null when it was not known. */
    "subscription.seen": { readonly before: SubscriptionMirror | null; readonly after: SubscriptionMirror };
  }
}

export interface SubscriptionMirror extends MirroredRow {
  readonly status: SubscriptionStatus;
  readonly currency: string;
  readonly created: number;
  readonly startDate: number;
  /** In the order in which they were added. */
  readonly items: readonly SubscriptionItemMirror[];
  readonly billingCycleAnchor: number;
  /** When it will end, whoever decided that: the portal sets this alone where the billing mode is flexible. */
  readonly cancelAt: number | null;
  readonly cancelAtPeriodEnd: boolean;
  /** When somebody wished that it ends; `endedAt` is when it did. */
  readonly canceledAt: number | null;
  readonly endedAt: number | null;
  readonly cancellation: {
    readonly reason: string | null;
    readonly feedback: string | null;
    readonly comment: string | null;
  };
  readonly pauseCollection: { readonly behavior: string; readonly resumesAt: number | null } | null;
  readonly trialStart: number | null;
  readonly trialEnd: number | null;
  readonly defaultMethod: string | null;
  readonly latestInvoice: string | null;
  /** What has been asked for and waits for its payment. */
  readonly pendingUpdate: PendingUpdate | null;
  readonly collectionMethod: string;
  readonly daysUntilDue: number | null;
  /** classic or flexible. */
  readonly billingMode: string;
  readonly schedule: string | null;
  readonly discounts: readonly string[];
  readonly testClock: string | null;
}

/** https://docs.stripe.com/billing/subscriptions/pending-updates */
export interface PendingUpdate {
  /** Until then it may be paid. */
  readonly expiresAt: number;
  /** All of the items that there are to be; null where it is about something else. */
  readonly items: readonly Quantity[] | null;
}

export interface SubscriptionItemMirror {
  readonly id: string;
  readonly price: string;
  readonly lookupKey: string | null;
  readonly product: string | null;
  /** null: what is metered has none. */
  readonly quantity: number | null;
  readonly currentPeriodStart: number;
  readonly currentPeriodEnd: number;
}

export const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: null });

export function subscriptionRow(remote: Remote): SubscriptionMirror | undefined {
  const items = itemsOf(remote.items)?.map(itemRow);
  if (!items?.every((item) => item !== undefined)) return undefined;
  const status = remote.status as SubscriptionStatus;
  const cancellation = fieldsOf(remote.cancellation_details);
  const pause = remote.pause_collection ? fieldsOf(remote.pause_collection) : null;
  const pending = remote.pending_update ? fieldsOf(remote.pending_update) : null;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: isOver(status),
    status,
    currency: String(remote.currency),
    created: number(remote.created),
    startDate: number(remote.start_date),
    items: items.toSorted(byAge).map(({ created: _created, ...item }) => item),
    billingCycleAnchor: number(remote.billing_cycle_anchor),
    cancelAt: numberOrNull(remote.cancel_at),
    cancelAtPeriodEnd: remote.cancel_at_period_end === true,
    canceledAt: numberOrNull(remote.canceled_at),
    endedAt: numberOrNull(remote.ended_at),
    cancellation: {
      reason: textOrNull(cancellation.reason),
      feedback: textOrNull(cancellation.feedback),
      comment: textOrNull(cancellation.comment),
    },
    pauseCollection: pause && { behavior: String(pause.behavior), resumesAt: numberOrNull(pause.resumes_at) },
    trialStart: numberOrNull(remote.trial_start),
    trialEnd: numberOrNull(remote.trial_end),
    defaultMethod: idOf(remote.default_payment_method),
    latestInvoice: idOf(remote.latest_invoice),
    pendingUpdate: pending && pendingOf(pending),
    collectionMethod: String(remote.collection_method),
    daysUntilDue: numberOrNull(remote.days_until_due),
    // Versions before that of the flexible mode know no other than this.
    billingMode: textOrNull(fieldsOf(remote.billing_mode).type) ?? "classic",
    schedule: idOf(remote.schedule),
    discounts: idsOf(remote.discounts),
    testClock: idOf(remote.test_clock),
  };
}

function pendingOf({ expires_at, subscription_items: items }: Fields): PendingUpdate {
  const sold = Array.isArray(items) ? items.map((item) => quantityOf(fieldsOf(item))) : null;
  return { expiresAt: number(expires_at), items: sold };
}

/** Undefined where it has no period of its own: versions before basil have one for all. */
function itemRow(item: Fields): (SubscriptionItemMirror & { readonly created: number }) | undefined {
  const price = fieldsOf(item.price);
  const [id, priceId] = [idOf(item), idOf(price)];
  if (id === null || priceId === null || typeof item.current_period_end !== "number") return undefined;
  return {
    id,
    price: priceId,
    lookupKey: textOrNull(price.lookup_key),
    product: idOf(price.product),
    quantity: numberOrNull(item.quantity),
    currentPeriodStart: number(item.current_period_start),
    currentPeriodEnd: number(item.current_period_end),
    created: number(item.created),
  };
}

/** Stripe shows them in one order inside a subscription and in another in their list. */
function byAge(a: { created: number; id: string }, b: { created: number; id: string }): number {
  return a.created - b.created || (a.id < b.id ? -1 : 1);
}

export function isOver(status: SubscriptionStatus): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

export function subscriptionNews(
  before: SubscriptionMirror | null,
  after: SubscriptionMirror,
  version: number,
): News<"subscription.seen">[] {
  if (before !== null && canonicalJson(before) === canonicalJson(after)) return [];
  const transition = `${after.id}@${version}`;
  return [{ type: "subscription.seen", subject: after.id, transition, data: { before, after } }];
}
