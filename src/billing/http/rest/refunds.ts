// /v1/refunds. Two refunds of 5 € are legal, a repeated one is not a second: so a refund needs an id of the caller's,
// its own or else the Idempotency-Key.
import { createRoute, z } from "@hono/zod-openapi";
import { type CreateRefund, invoiceIdPattern, type Refund, refundReasons, refundStatuses } from "../../api/index.ts";
import * as rest from "./context.ts";
import { AmountSchema, MoneySchema, outcomeJson, outcomeSchema } from "./orders.ts";
import { strict } from "./strict.ts";

const tags = ["refunds"];
const RefundSchema = z
  .object({
    id: z.string(),
    orderId: z.string().nullable().openapi({ description: "Null: of an invoice, or of a payment of neither" }),
    invoiceId: z.string().nullable().openapi({ description: "Stripe's, in_…" }),
    amount: MoneySchema,
    status: z.enum(refundStatuses),
    reason: z.string().nullable(),
    createdAt: z.iso.datetime(),
    stripe: z.object({ refundId: z.string().nullable() }),
  })
  .openapi("Refund");
const CreateRefundSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "refund_1",
    description: "Yours. Without it the Idempotency-Key is the id",
  }),
  orderId: rest.IdSchema.optional().openapi({ description: "What was paid: an order, or an invoice" }),
  invoiceId: z
    .string()
    .regex(invoiceIdPattern, "Stripe's id of an invoice, such as in_1TqK2mFzYw8r")
    .optional()
    .openapi({
      example: "in_1TqK2mFzYw8rJd5v",
      description: "Stripe's, one-off or of a subscription",
    }),
  amount: AmountSchema.optional().openapi({ description: "Minor units. Without it: all that is left" }),
  reason: z.enum(refundReasons).optional(),
  attempt: rest.AttemptSchema.openapi({
    description: "2 after Stripe refused the first: with the id in the body, for a key proves the same request",
  }),
}).openapi("CreateRefund");

const createRefund = createRoute({
  operationId: "createRefund",
  method: "post",
  path: "/v1/refunds",
  tags,
  summary: "Give money back",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(CreateRefundSchema, { id: "refund_1", orderId: "order_9001", amount: 500 }),
  },
  responses: rest.answers(200, "What came of it", outcomeSchema(RefundSchema).openapi("RefundOutcome")),
});
const listRefunds = createRoute({
  operationId: "listRefunds",
  method: "get",
  path: "/v1/refunds",
  tags,
  summary: "List refunds, newest first",
  request: {
    query: rest.PageQuery.extend({
      orderId: rest.FilterSchema,
      invoiceId: rest.FilterSchema.openapi({ description: "in_…" }),
      status: z.enum(refundStatuses).optional(),
      stripeId: rest.FilterSchema.openapi({ description: "re_…" }),
      amount: rest.AmountFilterSchema,
    }),
  },
  responses: rest.answers(200, "A page of refunds", rest.pageOf(RefundSchema, "RefundPage")),
});
const getRefund = createRoute({
  operationId: "getRefund",
  method: "get",
  path: "/v1/refunds/{id}",
  tags,
  summary: "Read a refund",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The refund", RefundSchema),
});

const refundJson = (refund: Refund) => ({
  ...refund,
  amount: { ...refund.amount },
  stripe: { ...refund.stripe },
  createdAt: refund.createdAt.toISOString(),
});

export function mountRefunds(app: rest.RestApp, context: rest.RestContext): void {
  const { refunds } = context.api;
  app.openapi(createRefund, async (c) => {
    rest.requireScope(c, "refund");
    const body = c.req.valid("json");
    const id = body.id ?? rest.wishId(c, "refund");
    const outcome = await rest.runCommand(context, c, {
      verb: "refunds.create",
      subject: id,
      // Neither and both are refused there.
      work: () => refunds.create({ ...body, id } as CreateRefund),
      after: ({ value: { status, amount, orderId, invoiceId } }) => ({ status, amount, orderId, invoiceId }),
    });
    return c.json(outcomeJson(outcome, refundJson), 200);
  });
  app.openapi(listRefunds, async (c) => {
    rest.requireScope(c, "read");
    const page = await refunds.list(c.req.valid("query"));
    return c.json({ data: page.data.map(refundJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getRefund, async (c) => {
    rest.requireScope(c, "read");
    return c.json(refundJson(await refunds.get(c.req.valid("param").id)), 200);
  });
}
