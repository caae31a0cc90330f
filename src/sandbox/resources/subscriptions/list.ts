// Lists of subscriptions and of their items.
import { list, listAmong, rangeOf } from "../../kernel/answer/lists.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { isWithin } from "../../kernel/store/store.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import type { Interval } from "../../reckoning/periods.ts";
import { customers } from "../customers/index.ts";
import { prices } from "../prices/index.ts";
import { type SubscriptionItem, subscriptionItems } from "../subscription_items/index.ts";
import { testClocks } from "../test_clocks/index.ts";
import { intervalOf } from "./items/named.ts";
import { rows } from "./refusals.table.ts";
import { isOver, memoryOf, type Subscription, subscriptions } from "./subscription.ts";

/** Those that are canceled are left out unless somebody asks for them; so are those on a test clock. */
export function listSubscriptions(unit: Unit, params: Params): object {
  const { collection_method, customer, test_clock: clock } = params;
  const status = text(params, "status");
  if (typeof clock === "string") mustReadParam(unit, testClocks, clock, "test_clock");
  const price = text(params, "price") ?? text(params, "plan");
  const taxed = boolean(hash(params, "automatic_tax") ?? {}, "enabled");
  const [start, end] = [rangeOf(params, "current_period_start"), rangeOf(params, "current_period_end")];
  const where = (subscription: Subscription): boolean => {
    const { periodEnd, periodStart } = memoryOf(subscription);
    return (
      hasStatus(subscription, status) &&
      (customer !== undefined || subscription.test_clock === (clock ?? null)) &&
      (taxed === undefined || subscription.automatic_tax.enabled === taxed) &&
      (price === undefined || subscription.items.some((item) => item.price === price)) &&
      (start === undefined || isWithin(start, periodStart)) &&
      (end === undefined || isWithin(end, periodEnd))
    );
  };
  return list(unit, subscriptions, params, {
    url: "/v1/subscriptions",
    filters: { customer, collection_method },
    where,
  });
}

function hasStatus(subscription: Subscription, status: string | undefined): boolean {
  if (status === undefined) return subscription.status !== "canceled";
  if (status === "ended") return isOver(subscription);
  return status === "all" || subscription.status === status;
}

/** Those of a customer that are not over, oldest first. */
export function livingOf(unit: Unit, customer: string): Subscription[] {
  return among(unit, subscriptions, "customer", customer).filter((one) => !isOver(one));
}

/** At which intervals those on a test clock are billed, item by item. */
export function intervalsOn(unit: Unit, clock: string): Interval[] {
  const living = among(unit, customers, "test_clock", clock).flatMap(({ id }) => livingOf(unit, id));
  return living.flatMap(({ items }) => items.map(({ price }) => intervalOf(mustRead(unit, prices, price))));
}

/** Oldest first, and not counted (recorded). */
export function listSubscriptionItems(unit: Unit, params: Params): object {
  const id = text(params, "subscription");
  if (id === undefined) throw missingParameter("subscription");
  const { items } = mustReadParam(unit, subscriptions, id, "subscription");
  return listAmong(items, params, { url: "/v1/subscription_items", noun: subscriptionItems });
}

/** Through the subscription that owns it. */
function ownerOf(unit: Unit, item: string): Subscription | undefined {
  return among(unit, subscriptions, "items.id", item)[0];
}

export function retrieveSubscriptionItem(unit: Unit, _params: Params, id: string): SubscriptionItem {
  return mustReadItem(unit, id);
}

/** In words of its own where it is not there (recorded). */
export function mustReadItem(unit: Unit, id: string): SubscriptionItem {
  const item = ownerOf(unit, id)?.items.find((one) => one.id === id);
  if (!item) throw refusal(rows.itemInvalid, { id });
  return item;
}
