// /v1/subscriptions: what customers pay again and again.
import { createRoute, z } from "@hono/zod-openapi";
import { subscriptionStatuses } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { SubscriptionSchema, subscriptionJson } from "./subscription.ts";
import { mountSubscriptionStart } from "./subscription_start.ts";

const tags = ["subscriptions"];
const listSubscriptions = createRoute({
  operationId: "listSubscriptions",
  method: "get",
  path: "/v1/subscriptions",
  tags,
  summary: "List subscriptions, newest first",
  request: {
    query: rest.PageQuery.extend({
      customerId: rest.FilterSchema,
      status: z.enum(subscriptionStatuses).optional(),
      startId: rest.FilterSchema.openapi({ description: "The one that this start of yours has made" }),
    }),
  },
  responses: rest.answers(200, "A page of subscriptions", rest.pageOf(SubscriptionSchema, "SubscriptionPage")),
});
const getSubscription = createRoute({
  operationId: "getSubscription",
  method: "get",
  path: "/v1/subscriptions/{id}",
  tags,
  summary: "Read a subscription, by Stripe's id",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The subscription", SubscriptionSchema),
});

export function mountSubscriptions(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  mountSubscriptionStart(app, context);
  app.openapi(listSubscriptions, async (c) => {
    rest.requireScope(c, "read");
    const page = await subscriptions.list(c.req.valid("query"));
    return c.json({ data: page.data.map(subscriptionJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getSubscription, async (c) => {
    rest.requireScope(c, "read");
    return c.json(subscriptionJson(await subscriptions.get(c.req.valid("param").id)), 200);
  });
}
