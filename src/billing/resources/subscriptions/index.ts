// Subscriptions: what customers pay again and again, as Stripe knows it. The folder's only door.
import type { Manifest } from "../../kernel/contract/manifest.ts";
import { subscriptionsFacts } from "./facts.table.ts";
import { onClockReady, onSubscriptionSeen } from "./follow.ts";
import { onSubscriptionGone } from "./keep.ts";
import { subscriptionKind } from "./kind.ts";
import { subscriptionsTables } from "./tables.ts";
import { trialEnding } from "./trials.ts";

export const subscriptionsManifest: Manifest = {
  name: "subscriptions",
  tables: subscriptionsTables,
  facts: subscriptionsFacts,
  kinds: [subscriptionKind],
  events: [
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
  ],
  verbs: [],
  reactions: [onSubscriptionGone, onSubscriptionSeen, onClockReady],
  timers: [trialEnding],
};
