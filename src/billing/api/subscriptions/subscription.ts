// A subscription: what a customer pays again and again, as Stripe knows it.
import type Stripe from "stripe";

/** As Stripe spells them. https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export const subscriptionStatuses = [
  "incomplete",
  "incomplete_expired",
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "paused",
  "canceled",
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** As it was last seen. Instants of one on a test clock are that clock's. */
export interface Subscription {
  /** `sub_…` */
  readonly id: string;
  /** null when its Customer is nobody's here. */
  readonly customerId: string | null;
  /** Yours, of the start that made it; null for one that was made elsewhere. */
  readonly startId: string | null;
  readonly status: SubscriptionStatus;
  readonly currency: string;
  readonly items: readonly SubscriptionItem[];
  readonly createdAt: Date;
  /** Since when it runs: before `createdAt` where it was dated back. */
  readonly startedAt: Date;
  /** When it will end, by whoever's wish: a date, or the end of the period. null when that is not planned. */
  readonly cancelAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  /** When its end was wished; `endedAt` is when it came. */
  readonly canceledAt: Date | null;
  readonly endedAt: Date | null;
  readonly cancellation: {
    readonly reason: string | null;
    readonly feedback: string | null;
    readonly comment: string | null;
  };
  /** Its invoices are made and not collected. */
  readonly pauseCollection: { readonly behavior: string; readonly resumesAt: Date | null } | null;
  readonly trialStart: Date | null;
  readonly trialEnd: Date | null;
  /** `pm_…`; null: the customer's. */
  readonly defaultMethodId: string | null;
  readonly latestInvoiceId: string | null;
  /** A change that was asked for and waits for its payment. `items` is null where it is about something else. */
  readonly pendingUpdate: { readonly expiresAt: Date; readonly items: readonly SoldQuantity[] | null } | null;
  /** What it becomes at a date, whoever planned that. */
  readonly scheduledChange: { readonly changesAt: Date; readonly items: readonly SoldQuantity[] } | null;
  /** charge_automatically or send_invoice. */
  readonly collectionMethod: string;
  readonly daysUntilDue: number | null;
  /** classic or flexible. */
  readonly billingMode: string;
  readonly scheduleId: string | null;
  readonly testClockId: string | null;
  /** Stripe's object, without its list of items. */
  readonly stripe: { readonly subscription: Omit<Stripe.Subscription, "items"> };
}

/** null: what is metered has no quantity. */
export interface SoldQuantity {
  readonly priceId: string;
  readonly quantity: number | null;
}

export interface SubscriptionItem {
  readonly id: string;
  readonly priceId: string;
  readonly lookupKey: string | null;
  readonly productId: string | null;
  /** What the catalog calls it; null for what no catalog of yours sells or has sold. */
  readonly sold: SoldAs | null;
  /** null: what is metered has none. */
  readonly quantity: number | null;
  readonly currentPeriodStart: Date;
  readonly currentPeriodEnd: Date;
}

export const soldKinds = ["plan", "addOn"] as const;

/** A name of a catalog that was applied. */
export interface SoldAs {
  readonly namespace: string;
  readonly kind: (typeof soldKinds)[number];
  readonly name: string;
  /** `month`, `3 months`, `once`; null for a price that was made for the plan by hand. */
  readonly every: string | null;
}
