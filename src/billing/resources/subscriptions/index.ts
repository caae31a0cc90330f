// Subscriptions: what customers pay again and again, as Stripe knows it. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkKey } from "../input.ts";
import type { OpenInvoiceLink } from "../invoices/index.ts";
import { markReadIn } from "../read_once.ts";
import { changeReactions, changeVerbs, changing } from "./change/index.ts";
import { cancel, cancelSubscription, undo, undoCancel } from "./ends/index.ts";
import { subscriptionsFacts } from "./facts.table.ts";
import { onClockReady, onSubscriptionSeen } from "./follow.ts";
import { heldKind, onCustomerHas, onCustomerLinked } from "./held.ts";
import { onSubscriptionGone } from "./keep.ts";
import { subscriptionKind } from "./kind.ts";
import { pause, pauseSubscription, resume, resumeSubscription } from "./pause/index.ts";
import { getSubscription, listSubscriptions } from "./read.ts";
import { onScheduleSeen, scheduleEvents, scheduleKind } from "./schedules/index.ts";
import { endUnpaid, onSlotGone, onSlotsMoved, onStartSeen, start, startSubscription } from "./start/index.ts";
import { subscriptionsTables } from "./tables.ts";
import { discount, discountSubscription, setMethod, setSubscriptionMethod } from "./terms/index.ts";
import { trialEnding } from "./trials.ts";
import { onEndSeen, onPaidSeen } from "./unseen.ts";

export { plannedEnd } from "./happened.ts";
export type { SubscriptionMirror } from "./subscriptions.ts";

export function createSubscriptions(core: BillingCore, openLink: OpenInvoiceLink): Billing["subscriptions"] {
  return {
    get: async (id) => getSubscription(core, checkKey("id", id)),
    start: (input) => core.command(async () => startSubscription(core, openLink, input)),
    list: (options) => core.command(async () => listSubscriptions(core, options ?? {})),
    cancel: (id, options) => core.command(async () => cancelSubscription(core, id, options)),
    undo: (id, options) => core.command(async () => undoCancel(core, id, options)),
    pause: (id, options) => core.command(async () => pauseSubscription(core, id, options)),
    resume: (id, options) => core.command(async () => resumeSubscription(core, openLink, { id, options })),
    discount: (id, options) => core.command(async () => discountSubscription(core, id, options)),
    setMethod: (id, options) => core.command(async () => setSubscriptionMethod(core, id, options)),
    ...changing(core, openLink),
  };
}

export const subscriptionsManifest: Manifest = {
  name: "subscriptions",
  tables: subscriptionsTables,
  facts: subscriptionsFacts,
  kinds: [subscriptionKind, scheduleKind, heldKind],
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
  verbs: [start, endUnpaid, ...changeVerbs, cancel, undo, pause, resume, discount, setMethod],
  reactions: [
    onSubscriptionGone,
    onSlotGone,
    onSlotsMoved,
    onSubscriptionSeen,
    onEndSeen,
    onPaidSeen,
    onStartSeen,
    onScheduleSeen,
    ...changeReactions,
    onClockReady,
    onCustomerLinked,
    onCustomerHas,
  ],
  timers: [trialEnding],
  allRead: (tx, read) => markReadIn(tx, "subscriptions_read", read),
};
