// Subscriptions: what customers pay again and again, as Stripe knows it. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkKey } from "../input.ts";
import { markReadIn } from "../read_once.ts";
import { subscriptionsFacts } from "./facts.table.ts";
import { onClockReady, onSubscriptionSeen } from "./follow.ts";
import { onSubscriptionGone } from "./keep.ts";
import { subscriptionKind } from "./kind.ts";
import { getSubscription, listSubscriptions } from "./read.ts";
import { onScheduleSeen, scheduleEvents, scheduleKind } from "./schedules/index.ts";
import { subscriptionsTables } from "./tables.ts";
import { trialEnding } from "./trials.ts";

export function createSubscriptions(core: BillingCore): Billing["subscriptions"] {
  return {
    get: async (id) => getSubscription(core, checkKey("id", id)),
    list: (options) => core.command(async () => listSubscriptions(core, options ?? {})),
  };
}

export const subscriptionsManifest: Manifest = {
  name: "subscriptions",
  tables: subscriptionsTables,
  facts: subscriptionsFacts,
  kinds: [subscriptionKind, scheduleKind],
  events: [
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    ...scheduleEvents,
  ],
  verbs: [],
  reactions: [onSubscriptionGone, onSubscriptionSeen, onScheduleSeen, onClockReady],
  timers: [trialEnding],
  allRead: (tx, read) => markReadIn(tx, "subscriptions_read", read),
};
