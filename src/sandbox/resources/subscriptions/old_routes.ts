// The subscriptions of a customer, as they were asked for before they had an address of their own. What a customer
// shows of them still says to ask there.
import { list } from "../../kernel/answer/lists.ts";
import type { Route } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { customers } from "../customers/index.ts";
import { createSubscription } from "./create.ts";
import { deleteDiscount, retrieveDiscount } from "./discounts.ts";
import { cancelSubscription } from "./life/cancel.ts";
import { isOver, type Subscription, subscriptions } from "./subscription.ts";
import { updateSubscription } from "./update.ts";

const path = "/v1/customers/:id/subscriptions";

export const oldRoutes: readonly Route[] = [
  { method: "POST", path, run: (unit, params, customer) => createSubscription(unit, { ...params, customer }) },
  {
    method: "GET",
    path,
    run(unit, params, customer) {
      mustRead(unit, customers, customer);
      const where = (one: Subscription) => !isOver(one);
      return list(unit, subscriptions, params, { url: path.replace(":id", customer), filters: { customer }, where });
    },
  },
  { method: "GET", path: `${path}/:id`, run: (unit, _params, customer, id) => subscriptionOf(unit, customer, id) },
  {
    method: "POST",
    path: `${path}/:id`,
    run: (unit, params, customer, id) => updateSubscription(unit, params, subscriptionOf(unit, customer, id).id),
  },
  {
    method: "DELETE",
    path: `${path}/:id`,
    run: (unit, params, customer, id) => cancelSubscription(unit, params, subscriptionOf(unit, customer, id).id),
  },
  {
    method: "GET",
    path: `${path}/:id/discount`,
    // https://github.com/stripe/openapi
    undeclared: {
      why: "no SDK declares it, Stripe's specification of its API does",
      params: { object: {} },
      evidence: "documented",
    },
    run: (unit, params, customer, id) => retrieveDiscount(unit, params, subscriptionOf(unit, customer, id).id),
  },
  {
    method: "DELETE",
    path: `${path}/:id/discount`,
    run: (unit, params, customer, id) => deleteDiscount(unit, params, subscriptionOf(unit, customer, id).id),
  },
];

function subscriptionOf(unit: Unit, customer: string, id: string): Subscription {
  const subscription = mustRead(unit, subscriptions, id);
  if (subscription.customer !== customer) throw noSuch(subscriptions, id, { inPath: true });
  return subscription;
}
