// Subscriptions, as the kernel follows them.
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import { hangsOnClock } from "../remote_fields.ts";
import { keepSubscriptions } from "./keep.ts";
import { belongsTo, type SubscriptionMirror, subscriptionNews, subscriptionRow } from "./subscriptions.ts";

export const subscriptionKind = mirrorKind<SubscriptionMirror>({
  kind: "subscription",
  path: (id) => `/v1/subscriptions/${id}`,
  // Without the status those that are canceled are left out, and those on test clocks unless the customer is named.
  // https://docs.stripe.com/api/subscriptions/list
  list: { path: "/v1/subscriptions", byCustomer: true, showing: "status=all", hidesTestClocks: true },
  lists: [{ field: "items", path: (id) => `/v1/subscription_items?limit=100&subscription=${id}` }],
  belongsTo,
  isOnClock: hangsOnClock,
  row: subscriptionRow,
  facts: subscriptionNews,
  keep: keepSubscriptions,
});
