// Subscriptions: what customers pay for again and again. The folder's only door.
import { searchRoute } from "../../kernel/answer/search.ts";
import { listed, owned, ownedList, referred, shownAs, until } from "../../kernel/state/embeds.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { on, onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, read } from "../../kernel/state/writes.ts";
import { customers, joinsClock } from "../customers/index.ts";
import { discounts } from "../discounts/index.ts";
import { disputeMachine } from "../disputes/index.ts";
import { invoiceMachine, invoices } from "../invoices/index.ts";
import { planOf, plans } from "../plans/index.ts";
import { prices } from "../prices/index.ts";
import { setupIntentMachine } from "../setup_intents/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import { advanceTestClock } from "../test_clocks/index.ts";
import { createSubscriptionItem, deleteSubscriptionItem, updateSubscriptionItem } from "./changes/item_routes.ts";
import { createSubscription } from "./create.ts";
import { subscriptionDefaults } from "./defaults.table.ts";
import { deleteDiscount, letGoOf } from "./discounts.ts";
import { subscriptionExtras } from "./extras.table.ts";
import { payByAside } from "./items/aside.ts";
import { cancelAllOf, cancelSubscription } from "./life/cancel.ts";
import { followDisputed } from "./life/disputed.ts";
import {
  followBilled,
  followExhausted,
  followFailure,
  followOverdue,
  followPaid,
  followSetup,
  followVoided,
  followWrittenOff,
} from "./life/follow.ts";
import { pauseSubscription } from "./life/pause.ts";
import { resumeCollection } from "./life/pause_collection.ts";
import { billPending } from "./life/pending.ts";
import { resumeSubscription } from "./life/resume.ts";
import { tellSubscription } from "./life/tell.ts";
import { sayTrialEnds } from "./life/trial_end.ts";
import { expireIncomplete, sayTurn, turn } from "./life/turn.ts";
import { fileUpcoming, sayUpcoming } from "./life/upcoming.ts";
import { intervalsOn, listSubscriptionItems, listSubscriptions, livingOf, retrieveSubscriptionItem } from "./list.ts";
import { migrateSubscription } from "./mode.ts";
import { oldRoutes } from "./old_routes.ts";
import { expireUpdate } from "./pending/hold.ts";
import { rows } from "./refusals.table.ts";
import { type Subscription, subscriptionMachine, subscriptions } from "./subscription.ts";
import { updateSubscription } from "./update.ts";
import { subscriptionVersions } from "./versions.ts";

export { type BillNow, billLater, billNow } from "./billing/first.ts";
export { createdBy } from "./create.ts";
export { subscriptionDefaults } from "./defaults.table.ts";
export { refuseInTrial } from "./items/clear_trials.ts";
export { usualCurrency } from "./items/currency.ts";
export {
  intervalOf,
  type NamedItem,
  namedItems,
  quantityOf,
  refuseOtherCurrency,
  refuseUnfit,
  refuseUnplayedItem,
  shortestOf,
} from "./items/named.ts";
export { refuseUntaxedItems } from "./items/taxed.ts";
export { itemThresholdsOf, thresholdsOf } from "./items/thresholds.ts";
export { cancelSubscription } from "./life/cancel.ts";
export { fileTurn as fileSubscription, nextBill } from "./life/turn.ts";
export { modeOf } from "./mode.ts";
export { upcomingRoutes } from "./preview/old_routes.ts";
export { createPreview, isRecurring, type Previewed, previewOf, shownAsPreview } from "./preview/preview.ts";
export { recurring } from "./preview/upcoming.ts";
export { rows as subscriptionRefusals } from "./refusals.table.ts";
export { isOver, memoryOf, type Subscription, subscriptionMachine, subscriptions } from "./subscription.ts";
export { updatedBy } from "./update.ts";

const path = "/v1/subscriptions";
const itemPath = "/v1/subscription_items";

const searched = { canceled_at: "number", created: "number", status: "text" } as const;

const isInWorld = ({ test_clock: clock }: Subscription) => clock === null;

export const subscriptionResource = defineResource<Subscription>({
  noun: subscriptions,
  extras: subscriptionExtras,
  defaults: subscriptionDefaults,
  machine: subscriptionMachine,
  refusals: rows,
  versions: subscriptionVersions,
  tells: tellSubscription,
  jobs: {
    billPending: { run: billPending, says: "is billed for what waits" },
    expireUpdate: { run: expireUpdate, says: "its update is given up, if not paid" },
    expireIncomplete: { run: expireIncomplete, says: "expires, if not paid" },
    resumeCollection: { run: resumeCollection, says: "is collected again" },
    sayTrialEnds: { run: sayTrialEnds, says: "its trial ends soon" },
    sayUpcoming: { run: sayUpcoming, says: "its renewal is announced" },
    turn: { run: turn, says: sayTurn },
  },
  reactions: [
    on(invoiceMachine, "mark_uncollectible", followWrittenOff),
    on(invoiceMachine, "pay", followPaid),
    on(invoiceMachine, "void", followVoided),
    onSignal(invoices, "bill", followBilled),
    onSignal(invoices, "fail", followFailure),
    onSignal(invoices, "exhaust", followExhausted),
    onSignal(invoices, "fall_due", followOverdue),
    on(disputeMachine, "create", followDisputed),
    on(disputeMachine, "escalate", followDisputed),
    on(setupIntentMachine, "authenticate", followSetup),
    on(setupIntentMachine, "confirm", followSetup),
    onSignal(customers, "delete", (unit, customer) => cancelAllOf(unit, customer.id)),
    onSignal(discounts, "end", letGoOf),
    onSignal(prices, "stand_aside", payByAside),
    onSignal(subscriptions, "file", fileUpcoming),
    joinsClock(subscriptions),
  ],
  embeds: [
    ownedList(subscriptions, "items", (id) => `${itemPath}?subscription=${id}`),
    owned(subscriptions, "pending_update.subscription_items"),
    { ...referred(subscriptions, "plan", plans), find: plansOf },
    referred(subscriptions, "default_tax_rates", taxRates),
    // The one, if there is one; several stand in the list alone.
    until("basil", { on: subscriptions.object, field: "discount", as: "referred", find: onlyDiscount }),
    listed(customers, "subscriptions", {
      before: "2020-08-27",
      isIncludable: true,
      find: (unit, id) => livingOf(unit, id).reverse(),
      urlOf: (id) => `/v1/customers/${id}/subscriptions`,
    }),
  ],
  routes: [
    searchRoute({ path: `${path}/search`, noun: subscriptions, fields: searched, isListed: isInWorld }),
    { method: "POST", path, run: createSubscription },
    { method: "GET", path, run: listSubscriptions },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, subscriptions, id) },
    { method: "POST", path: `${path}/:id`, run: updateSubscription },
    { method: "DELETE", path: `${path}/:id`, run: cancelSubscription },
    { method: "DELETE", path: `${path}/:id/discount`, run: deleteDiscount },
    { method: "POST", path: `${path}/:id/pause`, run: pauseSubscription },
    { method: "POST", path: `${path}/:id/resume`, run: resumeSubscription },
    { method: "POST", path: `${path}/:id/migrate`, run: migrateSubscription },
    { method: "POST", path: itemPath, run: createSubscriptionItem },
    { method: "GET", path: itemPath, run: listSubscriptionItems },
    { method: "GET", path: `${itemPath}/:id`, run: retrieveSubscriptionItem },
    { method: "POST", path: `${itemPath}/:id`, run: updateSubscriptionItem },
    { method: "DELETE", path: `${itemPath}/:id`, run: deleteSubscriptionItem },
    {
      method: "POST",
      path: "/v1/test_helpers/test_clocks/:id/advance",
      run: (unit, params, id) => advanceTestClock(unit, params, id, intervalsOn(unit, id)),
    },
    ...oldRoutes,
  ],
});

function onlyDiscount(unit: Unit, subscription: object): StripeObject[] {
  const { discounts: ids } = subscription as Subscription; // As below.
  return ids.length === 1 ? ids.flatMap((id) => read(unit, discounts, id) ?? []) : [];
}

/** While it has one item. */
function plansOf(unit: Unit, subscription: object): readonly StripeObject[] {
  // An embed is asked for its own noun.
  return shownAs(unit, read(unit, prices, (subscription as Subscription).plan ?? ""), planOf);
}
