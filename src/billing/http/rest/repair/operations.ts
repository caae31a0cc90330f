// /v1/operations: the journal of what is wished at Stripe. A command that answers `processing` names its operation;
// what is parked waits here for a human.
import { createRoute, z } from "@hono/zod-openapi";
import { type Operation, operationStates, textMax } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";

const tags = ["operations"];
const OperationSchema = z
  .object({
    id: z.string(),
    verb: z.string().openapi({ example: "refunds.create" }),
    subject: z.string(),
    attempt: z.int(),
    state: z.enum(operationStates),
    error: z.string().nullable().openapi({ description: "What Stripe, or the human who ended it, said" }),
    tries: z.int().openapi({ description: "How often its last call was sent" }),
    nextAt: z.iso.datetime().nullable().openapi({ description: "When an open one is carried on" }),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi("Operation");

const listOperations = createRoute({
  operationId: "listOperations",
  method: "get",
  path: "/v1/operations",
  tags,
  summary: "List operations, newest first",
  request: {
    query: rest.PageQuery.extend({
      state: z.enum(operationStates).optional(),
      verb: rest.FilterSchema,
      subject: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "A page of operations", rest.pageOf(OperationSchema, "OperationPage")),
});
const getOperation = createRoute({
  operationId: "getOperation",
  method: "get",
  path: "/v1/operations/{id}",
  tags,
  summary: "Read an operation",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The operation", OperationSchema),
});
const retryOperation = createRoute({
  operationId: "retryOperation",
  method: "post",
  path: "/v1/operations/{id}/retry",
  tags,
  summary: "Carry a parked operation on",
  description: "Looks for what it made at Stripe, and only if there is nothing sends it anew, under a fresh key.",
  request: { params: rest.IdParams, headers: rest.CommandHeaders },
  responses: rest.answers(202, "It will be carried on", OperationSchema),
});
const endOperation = createRoute({
  operationId: "endOperation",
  method: "post",
  path: "/v1/operations/{id}/end",
  tags,
  summary: "End a parked operation as failed",
  description: "Gives back what it had reserved. First see at Stripe that it made nothing: the next attempt makes it.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(strict({ reason: z.string().min(1).max(textMax) }).openapi("EndOperation"), {
      reason: "Stripe's Dashboard shows no such refund",
    }),
  },
  responses: rest.answers(200, "The ended operation", OperationSchema),
});

const operationAudit = ({ state, error }: Operation) => ({ state, error });
const operationJson = (operation: Operation) => ({
  ...operation,
  createdAt: operation.createdAt.toISOString(),
  nextAt: rest.isoOrNull(operation.nextAt),
  endedAt: rest.isoOrNull(operation.endedAt),
});

export function mountOperations(app: rest.RestApp, context: rest.RestContext): void {
  const { operations } = context.api;
  const moving = (id: string) => ({
    subject: id,
    operation: id,
    before: async () => operationAudit(await operations.get(id)),
    after: operationAudit,
  });
  app.openapi(listOperations, async (c) => {
    rest.requireScope(c, "read");
    const page = await operations.list(c.req.valid("query"));
    return c.json({ data: page.data.map(operationJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getOperation, async (c) => {
    rest.requireScope(c, "read");
    return c.json(operationJson(await operations.get(c.req.valid("param").id)), 200);
  });
  app.openapi(retryOperation, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const command = { ...moving(id), verb: "operations.retry", work: () => operations.retry(id) };
    return c.json(operationJson(await rest.runCommand(context, c, command)), 202);
  });
  app.openapi(endOperation, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const command = { ...moving(id), verb: "operations.end", work: () => operations.end(id, { reason }) };
    return c.json(operationJson(await rest.runCommand(context, c, command)), 200);
  });
}
