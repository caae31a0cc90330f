// Items at addresses of their own: each call is a change of the subscription that owns the item.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustReadParam } from "../../../kernel/state/writes.ts";
import { missingParameter, StripeError } from "../../../kernel/words/errors.ts";
import { given, text } from "../../../kernel/words/params.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { mustReadItem } from "../list.ts";
import { type Subscription, subscriptions } from "../subscription.ts";
import { updateSubscription } from "../update.ts";

export function createSubscriptionItem(unit: Unit, params: Params): SubscriptionItem {
  const id = text(params, "subscription");
  if (id === undefined) throw missingParameter("subscription");
  mustReadParam(unit, subscriptions, id, "subscription");
  const { items, pending_update: update } = changed(unit, id, params);
  const isHeld = text(params, "payment_behavior") === "pending_if_incomplete" && update?.subscription_items;
  const all = (isHeld || items) as unknown as readonly SubscriptionItem[]; // Stored alike.
  return all.at(-1)!; // It has just been added.
}

export function updateSubscriptionItem(unit: Unit, params: Params, id: string): SubscriptionItem {
  const { subscription } = mustReadItem(unit, id);
  changed(unit, subscription, { ...params, id });
  return mustReadItem(unit, id);
}

export function deleteSubscriptionItem(unit: Unit, params: Params, id: string): object {
  const { subscription } = mustReadItem(unit, id);
  changed(unit, subscription, { ...params, id, deleted: true });
  return { id, object: "subscription_item", deleted: true };
}

function changed(unit: Unit, subscription: string, item: Params): Subscription {
  const { off_session, payment_behavior, proration_behavior, proration_date } = item;
  const ofAll = given({ off_session, payment_behavior, proration_behavior, proration_date });
  try {
    return updateSubscription(unit, { ...ofAll, items: [item] }, subscription);
  } catch (error) {
    throw error instanceof StripeError ? asNamed(error) : error;
  }
}

/** What was sent stood nowhere inside: `discounts[0][coupon]`, not `items[0][discounts][0][coupon]`. */
function asNamed(error: StripeError): StripeError {
  const { fields, status } = error;
  const bare = (text: string) => text.replace(/items\[0\]\[([^\]]+)\]/, "$1");
  const said = given({ message: fields.message && bare(fields.message), param: fields.param && bare(fields.param) });
  return new StripeError(status, { ...fields, ...said }, error);
}
