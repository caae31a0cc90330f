// What a customer may use follows from what they subscribe to: the features of its products. What a subscription
// grants is decided when it begins, with each of its periods, and when its items or its status change; a feature that
// is attached or detached in between waits for the next period.
// https://docs.stripe.com/billing/entitlements
import { emitAfterwards } from "../../kernel/state/emit.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, atFirst, change, erase, isUnused, mustRead } from "../../kernel/state/writes.ts";
import { features } from "../features/index.ts";
import { prices } from "../prices/index.ts";
import { featuresOf, productFeatures } from "../product_features/index.ts";
import { type Subscription, subscriptions } from "../subscriptions/index.ts";
import { type ActiveEntitlement, activeEntitlements, entitlementsOf } from "./active_entitlement.ts";
import { entitlementDefaults } from "./defaults.table.ts";
import { summaryOf } from "./summary.ts";

export function follow(unit: Unit, _before: unknown, subscription: Subscription): void {
  if (isUnused(unit, productFeatures) && isUnused(unit, activeEntitlements)) return;
  const before = atFirst(unit, subscriptions, subscription);
  if (!before || decidedBy(before) !== decidedBy(subscription)) provide(unit, subscription);
}

/** As long as that is the same, so is what it grants. */
function decidedBy(subscription: Subscription): string {
  const items = subscription.items.map((item) => [item.price, item.current_period_start]);
  return JSON.stringify([isGranting(subscription), items]);
}

const granting: readonly string[] = entitlementDefaults.grantingStatuses.value;

function isGranting({ status }: Subscription): boolean {
  return granting.includes(status);
}

/** One event tells of all that has changed for the customer. */
function provide(unit: Unit, subscription: Subscription): void {
  const { customer } = subscription;
  const granted = new Set(isGranting(subscription) ? grantedBy(unit, subscription) : []);
  const kept = among(unit, activeEntitlements, "hidden.subscriptions", subscription.id);
  const before = entitlementsOf(unit, customer);
  for (const one of kept) if (!granted.delete(one.feature)) revoke(unit, one, subscription.id);
  for (const feature of granted) grant(unit, feature, subscription);
  const after = entitlementsOf(unit, customer);
  const [was, is] = [before, after].map((all) => all.map(({ id }) => id).join());
  const [shownBefore, shown] = [summaryOf(customer, before), summaryOf(customer, after)];
  // Of no request, as it was recorded.
  if (was !== is) emitAfterwards(unit, "entitlements.active_entitlement_summary.updated", shown, shownBefore);
}

function grantedBy(unit: Unit, { items }: Subscription): string[] {
  const sold = items.map(({ price }) => mustRead(unit, prices, price).product);
  return sold.flatMap((product) => featuresOf(unit, product).map((attached) => attached.entitlement_feature));
}

/** Another of the customer's subscriptions may grant it already. */
function grant(unit: Unit, feature: string, { id, customer }: Subscription): void {
  const known = entitlementsOf(unit, customer).find((one) => one.feature === feature);
  if (known) {
    const memory = known[hidden];
    const subscriptionsOf = { ...memory, subscriptions: [...memory.subscriptions, id] };
    change(unit, activeEntitlements, known, { [hidden]: subscriptionsOf }, null);
    return;
  }
  const entitlement: ActiveEntitlement = {
    id: unit.world.ids.after("ent_test_61", 30),
    object: "entitlements.active_entitlement",
    feature,
    livemode: false,
    lookup_key: mustRead(unit, features, feature).lookup_key,
    [hidden]: { customer, subscriptions: [id] },
  };
  add(unit, activeEntitlements, entitlement, null);
}

function revoke(unit: Unit, entitlement: ActiveEntitlement, subscription: string): void {
  const memory = entitlement[hidden];
  const left = memory.subscriptions.filter((id) => id !== subscription);
  if (left.length === 0) erase(unit, activeEntitlements, entitlement, null);
  else change(unit, activeEntitlements, entitlement, { [hidden]: { ...memory, subscriptions: left } }, null);
}
