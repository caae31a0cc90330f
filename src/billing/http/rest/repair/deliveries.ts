// /v1/deliveries: facts on their way to handlers (endpoints are handlers called `url:<endpoint id>`), with attempts,
// the last error and the dead letters; and the way back for a dead one, once its receiver is mended.
import { createRoute, z } from "@hono/zod-openapi";
import { type Delivery, deliveryStates, filterMax } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";

const tags = ["deliveries"];
const DeliverySchema = z
  .object({
    factId: z.string(),
    handler: z.string().openapi({ example: "url:ep_1" }),
    type: z.string().openapi({ example: "order.paid" }),
    subject: z.string().openapi({ example: "order_9001" }),
    state: z.enum(deliveryStates),
    attempts: z.int(),
    error: z.string().nullable().openapi({ description: "Why the last attempt failed" }),
    occurredAt: z.iso.datetime(),
    nextAt: z.iso.datetime().nullable().openapi({ description: "The next attempt of an open delivery" }),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi("Delivery");

const listDeliveries = createRoute({
  operationId: "listDeliveries",
  method: "get",
  path: "/v1/deliveries",
  tags,
  summary: "List deliveries of facts, newest first",
  request: {
    query: rest.PageQuery.extend({
      state: z.enum(deliveryStates).optional(),
      handler: rest.FilterSchema,
      type: rest.FilterSchema.openapi({ example: "order.paid" }),
      subject: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "Deliveries", rest.pageOf(DeliverySchema, "DeliveryPage")),
});
const retryDelivery = createRoute({
  operationId: "retryDelivery",
  method: "post",
  path: "/v1/deliveries/retry",
  tags,
  summary: "Try a dead or waiting delivery again, now",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        factId: rest.IdSchema.openapi({ example: "fact_5xJ2pQ" }),
        handler: z.string().min(1).max(filterMax),
      }).openapi("RetryDelivery"),
      { factId: "fact_5xJ2pQ", handler: "url:ep_2Rk9WmZt6Hd1XcV4uB8s" },
    ),
  },
  responses: rest.answers(202, "It will be tried", DeliverySchema),
});

const deliveryAudit = ({ handler, state, attempts, error }: Delivery) => ({ handler, state, attempts, error });
const deliveryJson = (delivery: Delivery) => ({
  ...delivery,
  occurredAt: delivery.occurredAt.toISOString(),
  nextAt: rest.isoOrNull(delivery.nextAt),
  endedAt: rest.isoOrNull(delivery.endedAt),
});

export function mountDeliveries(app: rest.RestApp, context: rest.RestContext): void {
  const { deliveries } = context.api;
  app.openapi(listDeliveries, async (c) => {
    rest.requireScope(c, "read");
    const page = await deliveries.list(c.req.valid("query"));
    return c.json({ data: page.data.map(deliveryJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(retryDelivery, async (c) => {
    rest.requireScope(c, "admin");
    const { factId, handler } = c.req.valid("json");
    const delivery = await rest.runCommand(context, c, {
      verb: "deliveries.retry",
      subject: factId,
      before: async () => deliveryAudit(await deliveries.get({ factId, handler })),
      work: () => deliveries.retry({ factId, handler }),
      after: deliveryAudit,
    });
    return c.json(deliveryJson(delivery), 202);
  });
}
