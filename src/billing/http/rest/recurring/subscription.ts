// A subscription, as REST shows it.
import { z } from "@hono/zod-openapi";
import { type Subscription, soldKinds, subscriptionStatuses } from "../../../api/index.ts";
import * as rest from "../context.ts";

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
const QuantitySchema = z.object({ priceId: z.string(), quantity: z.int().nullable() });
export const SubscriptionSchema = z
  .object({
    id: z.string().openapi({ description: "Stripe's" }),
    customerId: z.string().nullable(),
    startId: z.string().nullable().openapi({ description: "Yours, of the start that made it" }),
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
    pendingUpdate: z
      .object({ expiresAt: instant, items: z.array(QuantitySchema).nullable() })
      .nullable()
      .openapi({ description: "A change that waits for its payment" }),
    scheduledChange: z
      .object({ changesAt: instant, items: z.array(QuantitySchema) })
      .nullable()
      .openapi({ description: "What it becomes at a date" }),
    collectionMethod: z.string(),
    daysUntilDue: z.int().nullable(),
    billingMode: z.string(),
    scheduleId: z.string().nullable(),
    testClockId: z.string().nullable(),
    stripe: z.object({ subscription: z.record(z.string(), z.unknown()) }),
  })
  .openapi("Subscription");

export function subscriptionJson(subscription: Subscription): z.infer<typeof SubscriptionSchema> {
  const { items, pauseCollection, pendingUpdate, scheduledChange, stripe } = subscription;
  return {
    ...subscription,
    ...rest.datesAsText(subscription),
    items: items.map((item) => ({ ...item, ...rest.datesAsText(item) })),
    cancellation: { ...subscription.cancellation },
    pendingUpdate: pendingUpdate && {
      expiresAt: pendingUpdate.expiresAt.toISOString(),
      items: pendingUpdate.items?.map((item) => ({ ...item })) ?? null,
    },
    scheduledChange: scheduledChange && {
      changesAt: scheduledChange.changesAt.toISOString(),
      items: scheduledChange.items.map((item) => ({ ...item })),
    },
    pauseCollection: pauseCollection && { ...pauseCollection, resumesAt: rest.isoOrNull(pauseCollection.resumesAt) },
    stripe: { subscription: { ...stripe.subscription } },
  };
}
