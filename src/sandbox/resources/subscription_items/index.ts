// Items of subscriptions. The folder's only door; their addresses are served by subscriptions, which own them.
import { referred, shownAs } from "../../kernel/state/embeds.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { planOf, plans } from "../plans/index.ts";
import { prices } from "../prices/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import { type SubscriptionItem, subscriptionItems } from "./subscription_item.ts";
import { subscriptionItemVersions } from "./versions.ts";

export { type SubscriptionItem, subscriptionItems } from "./subscription_item.ts";

export const subscriptionItemResource = defineResource<SubscriptionItem>({
  noun: subscriptionItems,
  versions: subscriptionItemVersions,
  embeds: [
    referred(subscriptionItems, "price", prices),
    { ...referred(subscriptionItems, "plan", plans), find: plansOf },
    referred(subscriptionItems, "tax_rates", taxRates),
  ],
  routes: [],
});

function plansOf(unit: Unit, item: object): readonly StripeObject[] {
  // An embed is asked for objects of its noun.
  return shownAs(unit, read(unit, prices, (item as SubscriptionItem).price), planOf);
}
