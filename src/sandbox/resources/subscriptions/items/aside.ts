// A plan that was deleted, and whose id another one has now, is still what its subscribers pay by.
// https://docs.stripe.com/api/plans/delete
import type { Unit } from "../../../kernel/state/unit.ts";
import { all, change } from "../../../kernel/state/writes.ts";
import type { Price } from "../../prices/index.ts";
import { holding, type Subscription, subscriptions } from "../subscription.ts";

export function payByAside(unit: Unit, { id: before }: Price, { id: price }: Price): void {
  for (const subscription of all(unit, subscriptions)) {
    if (!isBilling(subscription, before)) continue;
    const items = subscription.items.map((item) => (item.price === before ? { ...item, price, plan: price } : item));
    change(unit, subscriptions, subscription, holding(items), null);
  }
}

function isBilling({ items }: Subscription, id: string): boolean {
  return items.some(({ price }) => price === id);
}
