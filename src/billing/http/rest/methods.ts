// /v1/customers/{id}/methods: the cards and accounts of a customer.
import { createRoute, z } from "@hono/zod-openapi";
import {
  attemptMax,
  type Collection,
  collectionStatuses,
  type Method,
  methodIdPattern,
  methodUsages,
} from "../../api/index.ts";
import * as rest from "./context.ts";
import { outcomeJson, outcomeSchema } from "./orders.ts";
import { strict } from "./strict.ts";

const tags = ["customers"];

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
  tags,
  summary: "List what a customer pays with, newest first",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "All of them", z.object({ data: z.array(MethodSchema) }).openapi("Methods")),
});

const MethodOutcome = outcomeSchema(MethodSchema).openapi("MethodOutcome");
const MethodParams = rest.IdParams.extend({
  methodId: z
    .string()
    .regex(methodIdPattern, "Stripe's id of a method")
    .openapi({ param: { name: "methodId", in: "path" }, example: "pm_1TqK2mFzYw8rJd5v" }),
});

const CollectionStateSchema = z
  .object({
    id: z.string(),
    customerId: z.string(),
    status: z.enum(collectionStatuses),
    methodId: z.string().nullable().openapi({ description: "What was saved, once it was" }),
    lastFailure: z
      .object({ code: z.string(), declineCode: z.string().nullable() })
      .nullable()
      .openapi({ description: "Why the last attempt failed, in Stripe's codes" }),
    setupIntentId: z.string(),
  })
  .openapi("CollectionState");
const CollectionSchema = CollectionStateSchema.extend({
  url: z.url().openapi({ description: "The hosted page: send the customer there" }),
  expiresAt: z.iso.datetime(),
  clientSecret: z.string().openapi({ description: "For a page of your own with Stripe.js" }),
  publishableKey: z.string(),
}).openapi("Collection");
const CollectSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "card_1",
    description: "Yours, of this wish. Without it the Idempotency-Key is the id",
  }),
  returnUrl: rest.ReturnUrlSchema,
  usage: z
    .enum(methodUsages)
    .optional()
    .openapi({ description: "off_session unless named: paid while its owner is away" }),
  setAsDefault: z.boolean().optional().openapi({ description: "What is saved becomes the default" }),
  attempt: rest.AttemptSchema.openapi({
    description: "2 after Stripe refused the first: with the id in the body, for a key proves the same request",
  }),
}).openapi("CollectMethod");

const collectMethod = createRoute({
  operationId: "collectMethod",
  method: "post",
  path: "/v1/customers/{id}/methods",
  tags,
  summary: "Make a link to the hosted page that saves a card or an account",
  description: "The same id is the same wish: it answers how it stands, with a new link for 24 hours.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(CollectSchema, { id: "card_1", returnUrl: "https://shop.example/cards", setAsDefault: true }),
  },
  responses: rest.answers(200, "How it stands, and the link", CollectionSchema),
});
const settledCollection = createRoute({
  operationId: "settledCollection",
  method: "post",
  path: "/v1/customers/{id}/collections/{collectionId}/settled",
  tags,
  summary: "Ask Stripe how the collecting of a method stands now",
  description: "What a return page of yours calls: it does not wait for the webhook.",
  request: {
    params: rest.IdParams.extend({
      collectionId: rest.IdSchema.openapi({ param: { name: "collectionId", in: "path" }, example: "card_1" }),
    }),
    headers: rest.CommandHeaders,
  },
  responses: rest.answers(200, "How it stands", CollectionStateSchema),
});
const setDefaultMethod = createRoute({
  operationId: "setDefaultMethod",
  method: "post",
  path: "/v1/customers/{id}/methods/{methodId}/default",
  tags,
  summary: "Choose what a customer's invoices are paid with",
  description: "The same id is the same wish. Two cards may be the default by turns: each time is a wish of its own.",
  request: {
    params: MethodParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        id: rest.IdSchema.optional().openapi({
          example: "choice_1",
          description: "Yours, of this wish. Without it the Idempotency-Key is the id",
        }),
        attempt: rest.AttemptSchema.openapi({
          description: "2 after Stripe refused the first: with the id in the body, for a key proves the same request",
        }),
      }).openapi("SetDefaultMethod"),
      { id: "choice_1" },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", MethodOutcome),
});
const removeMethod = createRoute({
  operationId: "removeMethod",
  method: "delete",
  path: "/v1/customers/{id}/methods/{methodId}",
  tags,
  summary: "Take a method off its customer, for ever",
  description: "One that is gone already is `done`. When it was the default, the customer has none from then on.",
  request: {
    params: MethodParams,
    query: z.object({
      attempt: z.coerce
        .number()
        .int()
        .min(1)
        .max(attemptMax)
        .optional()
        .openapi({ description: "2 after Stripe refused the first, and so on" }),
    }),
  },
  responses: rest.answers(200, "What came of it", MethodOutcome),
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
  app.openapi(collectMethod, async (c) => {
    rest.requireScope(c, "write");
    const { id: customerId } = c.req.valid("param");
    const { id = rest.wishId(c, "wish"), ...options } = c.req.valid("json");
    rest.refuseReturnUrl(context, options.returnUrl);
    const collection = await rest.runCommand(context, c, {
      verb: "methods.collect",
      subject: customerId,
      work: () => context.api.methods.collect(customerId, { id, ...options }),
      after: collectionAudit,
    });
    return c.json({ ...collection, expiresAt: collection.expiresAt.toISOString() }, 200);
  });
  app.openapi(settledCollection, async (c) => {
    rest.requireScope(c, "write");
    const { id: customerId, collectionId } = c.req.valid("param");
    const state = await rest.runCommand(context, c, {
      verb: "methods.settled",
      subject: customerId,
      work: () => context.api.methods.settled(customerId, collectionId),
      after: ({ id, status, methodId }) => ({ id, status, methodId }),
    });
    return c.json(state, 200);
  });
  app.openapi(setDefaultMethod, async (c) => {
    rest.requireScope(c, "write");
    const { id: customerId, methodId } = c.req.valid("param");
    const { attempt, id = rest.wishId(c, "choice") } = c.req.valid("json");
    const outcome = await rest.runCommand(context, c, {
      verb: "methods.setDefault",
      subject: customerId,
      work: () => context.api.methods.setDefault(customerId, methodId, { id, attempt }),
      after: ({ value }) => methodAudit(value),
    });
    return c.json(outcomeJson(outcome, methodJson), 200);
  });
  app.openapi(removeMethod, async (c) => {
    rest.requireScope(c, "write");
    const { id: customerId, methodId } = c.req.valid("param");
    const { attempt } = c.req.valid("query");
    const outcome = await rest.runCommand(context, c, {
      verb: "methods.remove",
      subject: customerId,
      work: () => context.api.methods.remove(customerId, methodId, { attempt }),
      after: ({ value }) => methodAudit(value),
    });
    return c.json(outcomeJson(outcome, methodJson), 200);
  });
}

/** What the audit keeps of a method. */
const methodAudit = ({ id, type, isDefault }: Method) => ({ methodId: id, type, isDefault });

const collectionAudit = ({ id, status, methodId, expiresAt }: Collection) => ({ id, status, methodId, expiresAt });
