// READ FIRST. That a customer may use a feature, as long as one of their subscriptions grants it: the newest of those
// that have it. Nobody makes one by a call. https://docs.stripe.com/api/entitlements/active-entitlement
import type Stripe from "stripe";
import { defineNoun, type hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among } from "../../kernel/state/writes.ts";

/** What is remembered of it: whose it is, and which subscriptions grant it. */
interface Memory {
  readonly customer: string;
  readonly subscriptions: readonly string[];
}

export type ActiveEntitlement = Stored<Stripe.Entitlements.ActiveEntitlement> & {
  readonly [hidden]: Memory & Readonly<Record<string, unknown>>;
};

export const activeEntitlements = defineNoun<ActiveEntitlement>({
  object: "entitlements.active_entitlement",
  prefixes: ["ent"],
  indices: ["hidden.customer", "hidden.subscriptions"],
  expandable: { feature: "entitlements.feature" },
  label: "active entitlement",
});

/** Newest first. */
export function entitlementsOf(unit: Unit, customer: string): ActiveEntitlement[] {
  return among(unit, activeEntitlements, "hidden.customer", customer).reverse();
}
