// /v1/subscriptions: what customers pay again and again.
import { createRoute, z } from "@hono/zod-openapi";
import { type Subscription, soldKinds, subscriptionStatuses } from "../../../api/index.ts";
import * as rest from "../context.ts";

const tags = ["subscriptions"];
const instant = z.iso.datetime();
const ItemSchema = z
  .object({
    id: z.string(),
    priceId: z.string(),
    lookupKey: z.string().nullable(),
    productId: z.string().nullable(),
    sold: z
      .object({
        namespace: z.string(),
        kind: z.enum(soldKinds),
        name: z.string(),
        every: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "What the catalog calls it; null for what no catalog of yours sells or has sold" }),
    quantity: z.int().nullable(),
    currentPeriodStart: instant,
    currentPeriodEnd: instant,
  })
  .openapi("SubscriptionItem");
export const SubscriptionSchema = z
  .object({
    id: z.string().openapi({ description: "Stripe's" }),
    customerId: z.string().nullable(),
    status: z.enum(subscriptionStatuses),
    currency: z.string(),
    items: z.array(ItemSchema),
    createdAt: instant,
    startedAt: instant,
    cancelAt: instant.nullable().openapi({ description: "When it will end, by whoever's wish" }),
    cancelAtPeriodEnd: z.boolean(),
    canceledAt: instant.nullable().openapi({ description: "When its end was wished" }),
    endedAt: instant.nullable(),
    cancellation: z.object({
      reason: z.string().nullable(),
      feedback: z.string().nullable(),
      comment: z.string().nullable(),
    }),
    pauseCollection: z.object({ behavior: z.string(), resumesAt: instant.nullable() }).nullable(),
    trialStart: instant.nullable(),
    trialEnd: instant.nullable(),
    defaultMethodId: z.string().nullable(),
    latestInvoiceId: z.string().nullable(),
    pendingUpdateExpiresAt: instant.nullable(),
    collectionMethod: z.string(),
    daysUntilDue: z.int().nullable(),
    billingMode: z.string(),
    scheduleId: z.string().nullable(),
    testClockId: z.string().nullable(),
    stripe: z.object({ subscription: z.record(z.string(), z.unknown()) }),
  })
  .openapi("Subscription");

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

export function subscriptionJson(subscription: Subscription): z.infer<typeof SubscriptionSchema> {
  const { items, pauseCollection, stripe } = subscription;
  return {
    ...subscription,
    ...rest.datesAsText(subscription),
    items: items.map((item) => ({ ...item, ...rest.datesAsText(item) })),
    cancellation: { ...subscription.cancellation },
    pauseCollection: pauseCollection && { ...pauseCollection, resumesAt: rest.isoOrNull(pauseCollection.resumesAt) },
    stripe: { subscription: { ...stripe.subscription } },
  };
}

export function mountSubscriptions(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
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
