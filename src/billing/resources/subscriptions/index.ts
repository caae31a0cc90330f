// Subscriptions: what customers pay again and again, as Stripe knows it. The folder's only door.
import type { Manifest } from "../../kernel/contract/manifest.ts";
import { onSubscriptionGone } from "./keep.ts";
import { subscriptionKind } from "./kind.ts";
import { subscriptionsTables } from "./tables.ts";

export const subscriptionsManifest: Manifest = {
  name: "subscriptions",
  tables: subscriptionsTables,
  facts: {},
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
  reactions: [onSubscriptionGone],
  timers: [],
};
