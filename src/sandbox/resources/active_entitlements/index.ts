// Active entitlements: what customers may use now. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { on, onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { customers, isDeletedCustomer } from "../customers/index.ts";
import { subscriptionMachine, subscriptions } from "../subscriptions/index.ts";
import { type ActiveEntitlement, activeEntitlements } from "./active_entitlement.ts";
import { entitlementDefaults } from "./defaults.table.ts";
import { follow } from "./follow.ts";

const path = "/v1/entitlements/active_entitlements";

export const activeEntitlementResource = defineResource<ActiveEntitlement>({
  noun: activeEntitlements,
  defaults: entitlementDefaults,
  reactions: [
    // A beginning, a change, a renewal, a resumption: each knows when its next turn is due.
    onSignal(subscriptions, "file", follow),
    onSignal(subscriptions, "suspend", follow),
    on(subscriptionMachine, "activate", follow),
    on(subscriptionMachine, "expire", follow),
    on(subscriptionMachine, "fall_due", follow),
    on(subscriptionMachine, "give_up", follow),
    on(subscriptionMachine, "cancel", follow),
  ],
  routes: [
    { method: "GET", path, run: listEntitlements },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, activeEntitlements, id) },
  ],
});

/** A customer who is deleted may use nothing. */
function listEntitlements(unit: Unit, params: Params): object {
  const customer = text(params, "customer");
  if (customer === undefined) throw missingParameter("customer");
  if (!isDeletedCustomer(unit, customer)) mustReadParam(unit, customers, customer, "customer");
  return list(unit, activeEntitlements, params, { url: path, filters: { "hidden.customer": customer } });
}
