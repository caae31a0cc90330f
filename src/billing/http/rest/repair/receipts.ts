// /v1/receipts: the inbox of Stripe's events, for whoever must see and repair.
import { createRoute, z } from "@hono/zod-openapi";
import { type Receipt, receiptStates } from "../../../api/index.ts";
import * as rest from "../context.ts";

const tags = ["receipts"];
const ReceiptSchema = z
  .object({
    id: z.string().openapi({ description: "The event's id at Stripe", example: "evt_1Q2w3e" }),
    type: z.string(),
    state: z.enum(receiptStates),
    objectId: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    attempts: z.int(),
    error: z.string().nullable(),
  })
  .openapi("Receipt");
const listReceipts = createRoute({
  operationId: "listReceipts",
  method: "get",
  path: "/v1/receipts",
  tags,
  summary: "List received events, newest first",
  request: {
    query: rest.PageQuery.extend({
      state: z.enum(receiptStates).optional(),
      type: rest.FilterSchema.openapi({ example: "charge.refunded" }),
      objectId: rest.FilterSchema.openapi({ description: "pi_…, ch_…, cus_…" }),
    }),
  },
  responses: rest.answers(200, "Receipts", rest.pageOf(ReceiptSchema, "ReceiptPage")),
});
const replayReceipt = createRoute({
  operationId: "replayReceipt",
  method: "post",
  path: "/v1/receipts/{id}/replay",
  tags,
  summary: "Work a received event again",
  description: "Safe at any time: the object is fetched from Stripe as it is now.",
  request: { params: rest.IdParams, headers: rest.CommandHeaders },
  responses: rest.answers(202, "It will be worked", ReceiptSchema),
});
const catchUp = createRoute({
  operationId: "catchUp",
  method: "post",
  path: "/v1/receipts/catch_up",
  tags,
  summary: "Fetch events that were lost on the way",
  request: { headers: rest.CommandHeaders },
  responses: rest.answers(200, "How many were new", z.object({ found: z.int() }).openapi("CaughtUp")),
});
const getReceipt = createRoute({
  operationId: "getReceipt",
  method: "get",
  path: "/v1/receipts/{id}",
  tags,
  summary: "Read what became of a received event",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The receipt", ReceiptSchema),
});

const receiptAudit = ({ state, attempts, error }: Receipt) => ({ state, attempts, error });
const receiptJson = (receipt: Receipt) => ({ ...receipt, receivedAt: receipt.receivedAt.toISOString() });

export function mountReceipts(app: rest.RestApp, context: rest.RestContext): void {
  const { inbox } = context.api;
  app.openapi(listReceipts, async (c) => {
    rest.requireScope(c, "read");
    const page = await inbox.list(c.req.valid("query"));
    return c.json({ data: page.data.map(receiptJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getReceipt, async (c) => {
    rest.requireScope(c, "read");
    return c.json(receiptJson(await inbox.get(c.req.valid("param").id)), 200);
  });
  app.openapi(replayReceipt, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const receipt = await rest.runCommand(context, c, {
      verb: "inbox.replay",
      subject: id,
      before: async () => receiptAudit(await inbox.get(id)),
      work: () => inbox.replay(id),
      after: receiptAudit,
    });
    return c.json(receiptJson(receipt), 202);
  });
  app.openapi(catchUp, async (c) => {
    rest.requireScope(c, "admin");
    const work = () => inbox.catchUp();
    const after = ({ found }: { found: number }) => ({ found });
    const { found } = await rest.runCommand(context, c, { verb: "inbox.catchUp", subject: "inbox", work, after });
    return c.json({ found }, 200);
  });
}
