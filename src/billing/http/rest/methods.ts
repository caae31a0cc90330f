// /v1/customers/{id}/methods: the cards and accounts of a customer.
import { createRoute, z } from "@hono/zod-openapi";
import type { Method } from "../../api/index.ts";
import * as rest from "./context.ts";

const MethodSchema = z
  .object({
    id: z.string(),
    customerId: z.string(),
    type: z.string(),
    last4: z.string().nullable(),
    card: z.object({ brand: z.string(), expMonth: z.int(), expYear: z.int() }).nullable(),
    isDefault: z.boolean(),
    createdAt: z.iso.datetime(),
    stripe: z.object({ paymentMethod: z.record(z.string(), z.unknown()) }),
  })
  .openapi("Method");

const listMethods = createRoute({
  operationId: "listMethods",
  method: "get",
  path: "/v1/customers/{id}/methods",
  tags: ["customers"],
  summary: "List what a customer pays with, newest first",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "All of them", z.object({ data: z.array(MethodSchema) }).openapi("Methods")),
});

function methodJson(method: Method): z.infer<typeof MethodSchema> {
  const { card, createdAt, stripe } = method;
  return {
    ...method,
    card: card && { ...card },
    createdAt: createdAt.toISOString(),
    stripe: { paymentMethod: { ...stripe.paymentMethod } },
  };
}

export function mountMethods(app: rest.RestApp, context: rest.RestContext): void {
  app.openapi(listMethods, async (c) => {
    rest.requireScope(c, "read");
    const methods = await context.api.methods.list(c.req.valid("param").id);
    return c.json({ data: methods.map(methodJson) }, 200);
  });
}
