// /v1/orders: create → checkout → paid; capture, cancel, settled. Amounts are given by the server that calls us, never
// by a browser. Commands answer with an outcome: "the payer must act" and "declined" are answers (200), not errors.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  amountMax,
  type CaptureOrder,
  captureModes,
  linesMax,
  methodIdPattern,
  type Order,
  type Outcome,
  orderStatuses,
  quantityMax,
  textMax,
  validForMsMax,
  validForMsMin,
} from "../../api/index.ts";
import * as rest from "./context.ts";
import { strict } from "./strict.ts";

const tags = ["orders"];
const currency = z.string().regex(/^[a-z]{3}$/, "An ISO 4217 code in lower case, for instance eur");
export const AmountSchema = z.int().min(1).max(amountMax).openapi({ description: "Minor units", example: 4200 });
export const MoneySchema = z.object({ amount: z.int(), currency: z.string() }).openapi("Money");

const LineSchema = strict({
  description: z.string().min(1).max(textMax).openapi({ example: "Coffee grinder" }),
  quantity: z.int().min(1).max(quantityMax).openapi({ example: 1 }),
  unitAmount: z.int().min(0).max(amountMax).openapi({ description: "Minor units for one piece", example: 4200 }),
});
const CreateOrderSchema = strict({
  id: rest.IdSchema,
  currency: currency.openapi({ example: "eur" }),
  lines: z.array(LineSchema).min(1).max(linesMax),
  customerId: rest.IdSchema.optional().openapi({ example: "user_42" }),
  capture: z.enum(captureModes).optional(),
  multicapture: z
    .boolean()
    .optional()
    .openapi({ description: "With capture manual: what is held may be taken in parts, where the card offers it" }),
  incrementalAuthorization: z
    .boolean()
    .optional()
    .openapi({ description: "With capture manual: more may be held later, where the card offers it" }),
  metadata: rest.MetadataSchema.optional(),
}).openapi("CreateOrder");

export const MethodIdSchema = z
  .string()
  .regex(methodIdPattern, "Stripe's id of a method, such as pm_1TqK2mFzYw8rJd5v")
  .openapi({ description: "One of the customer's methods; without it their default", example: "pm_1TqK2mFzYw8rJd5v" });

const OrderSchema = z
  .object({
    id: z.string(),
    status: z.enum(orderStatuses),
    total: MoneySchema,
    lines: z.array(z.object({ description: z.string(), quantity: z.int(), unitAmount: z.int() })),
    customerId: z.string().nullable(),
    capture: z.enum(captureModes),
    multicapture: z.boolean(),
    incrementalAuthorization: z.boolean(),
    amountCapturable: z.int().openapi({ description: "What is held and can be captured: minor units" }),
    amountPaid: z.int(),
    paidCurrency: z.string().nullable(),
    amountRefunded: z.int(),
    lastFailure: z.object({ code: z.string(), declineCode: z.string().nullable(), message: z.string() }).nullable(),
    metadata: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
    stripe: z.object({
      paymentIntentId: z.string().nullable(),
      paymentIntent: z.record(z.string(), z.unknown()).nullable(),
    }),
  })
  .openapi("Order");

function orderJson(order: Order): z.infer<typeof OrderSchema> {
  return {
    ...order,
    total: { ...order.total },
    lines: order.lines.map((line) => ({ ...line })),
    metadata: { ...order.metadata },
    createdAt: order.createdAt.toISOString(),
    paidAt: order.paidAt?.toISOString() ?? null,
    stripe: {
      paymentIntentId: order.stripe.paymentIntentId,
      paymentIntent: order.stripe.paymentIntent && rawJson(order.stripe.paymentIntent),
    },
  };
}

/** Stripe's object without its client secret: who may read an order may not thereby pay or confirm it. */
function rawJson(remote: object): Record<string, never> {
  const { client_secret: _secret, ...raw } = remote as { client_secret?: unknown };
  return raw as Record<string, never>;
}

/** What the audit keeps of an order. */
const orderAudit = ({ status, amountPaid, amountRefunded, total }: Order) => ({
  status,
  amountPaid,
  amountRefunded,
  total,
});

export function outcomeSchema<T extends z.ZodType>(value: T) {
  return z.object({
    outcome: z.enum(["done", "processing", "action_required", "declined"]),
    value,
    operationId: z.string().optional().openapi({ description: "With processing" }),
    url: z.string().optional().openapi({ description: "With action_required: where the payer goes" }),
    clientSecret: z.string().optional().openapi({ description: "With action_required: for a page of your own" }),
    reason: z.string().optional().openapi({ description: "With declined: the decline code, else the code" }),
    code: z.string().nullable().optional().openapi({ description: "With declined: Stripe's" }),
    declineCode: z.string().nullable().optional().openapi({ description: "With declined: the bank's" }),
    message: z.string().optional().openapi({ description: "With declined: words for the payer" }),
  });
}

export function outcomeJson<T, J>(outcome: Outcome<T>, json: (value: T) => J) {
  return { ...outcome, value: json(outcome.value) };
}

const OrderOutcome = outcomeSchema(OrderSchema).openapi("OrderOutcome");
const CheckoutSchema = z
  .object({
    orderId: z.string(),
    url: z.url().openapi({ description: "The hosted page: send the payer there" }),
    expiresAt: z.iso.datetime(),
    clientSecret: z.string().openapi({ description: "For a page of your own with Stripe.js" }),
    publishableKey: z.string(),
  })
  .openapi("Checkout");

const createOrder = createRoute({
  operationId: "createOrder",
  method: "post",
  path: "/v1/orders",
  tags,
  summary: "Create an order",
  description: "The id is yours. The same id with the same content is the same order; with other content, 409.",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(CreateOrderSchema, {
      id: "order_9001",
      currency: "eur",
      lines: [{ description: "Coffee grinder", quantity: 1, unitAmount: 4200 }],
    }),
  },
  responses: rest.answers(201, "The order", OrderSchema),
});
const listOrders = createRoute({
  operationId: "listOrders",
  method: "get",
  path: "/v1/orders",
  tags,
  summary: "List orders, newest first",
  request: {
    query: rest.PageQuery.extend({
      status: z.enum(orderStatuses).optional(),
      customerId: rest.FilterSchema,
      email: rest.FilterSchema.openapi({ description: "The customer's, in any case" }),
      stripeId: rest.FilterSchema.openapi({ description: "pi_…, ch_…, py_… or cus_…" }),
      amount: rest.AmountFilterSchema.openapi({ description: "The total, in minor units" }),
      currency: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "A page of orders", rest.pageOf(OrderSchema, "OrderPage")),
});
const getOrder = createRoute({
  operationId: "getOrder",
  method: "get",
  path: "/v1/orders/{id}",
  tags,
  summary: "Read an order",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The order", OrderSchema),
});
const checkoutOrder = createRoute({
  operationId: "checkoutOrder",
  method: "post",
  path: "/v1/orders/{id}/checkout",
  tags,
  summary: "Make a link to the hosted payment page",
  description: "Each call gives a new link, for 24 hours, to the same one payment.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        returnUrl: rest.ReturnUrlSchema,
        savedMethods: z
          .boolean()
          .optional()
          .openapi({
            description:
              "Whether the page offers the customer's saved cards, and to save another one. Only for a payer who has " +
              "signed in: whoever opens the link sees them",
          }),
        attempt: rest.AttemptSchema,
      }).openapi("CheckoutOrder"),
      { returnUrl: "https://shop.example/orders/9001" },
      false,
    ),
  },
  responses: rest.answers(200, "The link", CheckoutSchema),
});
const chargeOrder = createRoute({
  operationId: "chargeOrder",
  method: "post",
  path: "/v1/orders/{id}/charge",
  tags,
  summary: "Charge an order with a saved method of its customer",
  description:
    "With their default, unless `method` names another. `action_required` when the bank wants to hear the payer: " +
    "send them to `url`, where they finish the same payment. What could not be made within `validForMs` is not made " +
    "later.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        method: MethodIdSchema.optional(),
        offSession: z.boolean().optional().openapi({ description: "Whether the payer is away; true without it" }),
        validForMs: z
          .int()
          .min(validForMsMin)
          .max(validForMsMax)
          .optional()
          .openapi({ description: "Milliseconds; without it 24 hours, and 15 minutes while the payer is there" }),
        attempt: rest.AttemptSchema,
      }).openapi("ChargeOrder"),
      { method: "pm_1TqK2mFzYw8rJd5v" },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", OrderOutcome),
});
const captureOrder = createRoute({
  operationId: "captureOrder",
  method: "post",
  path: "/v1/orders/{id}/capture",
  tags,
  summary: "Take the money of an authorized order",
  description:
    "Without id and final: once, and the rest is let go. With either it takes a part, and the rest stays held: the " +
    "same id is the same part, and without one the Idempotency-Key is the part's id. The part that is final, or that " +
    "completes the total, is the last.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        id: rest.IdSchema.optional().openapi({ example: "parcel_1", description: "Of a part: yours" }),
        amount: AmountSchema.optional(),
        final: z.boolean().optional().openapi({ description: "Of a part: nothing follows" }),
        attempt: rest.AttemptSchema,
      }).openapi("CaptureOrder"),
      { id: "parcel_1", amount: 1400 },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", OrderOutcome),
});
const incrementOrder = createRoute({
  operationId: "incrementOrder",
  method: "post",
  path: "/v1/orders/{id}/increment",
  tags,
  summary: "Have more held for an authorized order",
  description: "Its lines and its total grow once the payer's bank has agreed; declined leaves what is held.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        id: rest.IdSchema.optional().openapi({
          example: "minibar",
          description: "Yours. Without it the Idempotency-Key is the id",
        }),
        lines: z.array(LineSchema).min(1).max(linesMax).openapi({ description: "What comes on top" }),
        attempt: rest.AttemptSchema,
      }).openapi("IncrementOrder"),
      { id: "minibar", lines: [{ description: "Minibar", quantity: 1, unitAmount: 1400 }] },
    ),
  },
  responses: rest.answers(200, "What came of it", OrderOutcome),
});
const cancelOrder = createRoute({
  operationId: "cancelOrder",
  method: "post",
  path: "/v1/orders/{id}/cancel",
  tags,
  summary: "Cancel an order that is not paid",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({ reason: z.string().min(1).max(textMax).optional(), attempt: rest.AttemptSchema }).openapi("CancelOrder"),
      { reason: "The customer changed their mind" },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", OrderOutcome),
});
const settledOrder = createRoute({
  operationId: "settledOrder",
  method: "post",
  path: "/v1/orders/{id}/settled",
  tags,
  summary: "Ask Stripe how the order stands now",
  description: "What a return page calls: it does not wait for the webhook.",
  request: { params: rest.IdParams, headers: rest.CommandHeaders },
  responses: rest.answers(200, "The order as it is", OrderSchema),
});

export function mountOrders(app: rest.RestApp, context: rest.RestContext): void {
  const { orders } = context.api;
  app.openapi(listOrders, async (c) => {
    rest.requireScope(c, "read");
    const page = await orders.list(c.req.valid("query"));
    return c.json({ data: page.data.map(orderJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getOrder, async (c) => {
    rest.requireScope(c, "read");
    return c.json(orderJson(await orders.get(c.req.valid("param").id)), 200);
  });
  app.openapi(createOrder, async (c) => {
    rest.requireScope(c, "write");
    const body = c.req.valid("json");
    const order = await rest.runCommand(context, c, {
      verb: "orders.create",
      subject: body.id,
      work: () => orders.create(body),
      after: orderAudit,
    });
    return c.json(orderJson(order), 201);
  });
  app.openapi(settledOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const before = async () => orderAudit(await orders.get(id));
    const work = () => orders.settled(id);
    const order = await rest.runCommand(context, c, {
      verb: "orders.settled",
      subject: id,
      before,
      work,
      after: orderAudit,
    });
    return c.json(orderJson(order), 200);
  });
  mountMoves(app, context);
}

/** A part has an id: the body's, or else the request's own. */
function captureOf(
  c: Context<rest.RestEnv>,
  { id, amount, final, attempt }: { id?: string; amount?: number; final?: boolean; attempt?: number },
): CaptureOrder {
  if (id === undefined && final === undefined) return { amount, attempt };
  return { id: id ?? rest.wishId(c, "part"), amount, final, attempt };
}

function mountMoves(app: rest.RestApp, context: rest.RestContext): void {
  const { orders } = context.api;
  const before = (id: string) => async () => orderAudit(await orders.get(id));
  app.openapi(checkoutOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const { returnUrl, ...options } = c.req.valid("json");
    rest.refuseReturnUrl(context, returnUrl);
    const checkout = await rest.runCommand(context, c, {
      verb: "orders.checkout",
      subject: id,
      before: before(id),
      work: () => orders.checkout(id, { returnUrl, ...options }),
      after: ({ expiresAt }) => ({ expiresAt }),
    });
    return c.json({ ...checkout, expiresAt: checkout.expiresAt.toISOString() }, 200);
  });
  app.openapi(chargeOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const outcome = await rest.runCommand(context, c, {
      verb: "orders.charge",
      subject: id,
      before: before(id),
      work: () => orders.charge(id, c.req.valid("json")),
      after: ({ value }) => orderAudit(value),
    });
    return c.json(outcomeJson(outcome, orderJson), 200);
  });
  app.openapi(captureOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const outcome = await rest.runCommand(context, c, {
      verb: "orders.capture",
      subject: id,
      before: before(id),
      work: () => orders.capture(id, captureOf(c, c.req.valid("json"))),
      after: ({ value }) => orderAudit(value),
    });
    return c.json(outcomeJson(outcome, orderJson), 200);
  });
  app.openapi(incrementOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const wish = { ...body, id: body.id ?? rest.wishId(c, "raise") };
    const outcome = await rest.runCommand(context, c, {
      verb: "orders.increment",
      subject: id,
      before: before(id),
      work: () => orders.increment(id, wish),
      after: ({ value }) => orderAudit(value),
    });
    return c.json(outcomeJson(outcome, orderJson), 200);
  });
  app.openapi(cancelOrder, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const outcome = await rest.runCommand(context, c, {
      verb: "orders.cancel",
      subject: id,
      before: before(id),
      work: () => orders.cancel(id, c.req.valid("json")),
      after: ({ value }) => orderAudit(value),
    });
    return c.json(outcomeJson(outcome, orderJson), 200);
  });
}
