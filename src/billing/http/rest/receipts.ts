// /v1/receipts: the inbox of Stripe's events, for whoever must see and repair. /v1/audit: who did what through REST.
import { createRoute, z } from "@hono/zod-openapi";
import type { Receipt } from "../../api.ts";
import * as rest from "./context.ts";

const tags = ["receipts"];
const ReceiptSchema = z
  .object({
    id: z.string().openapi({ description: "The event's id at Stripe", example: "evt_1Q2w3e" }),
    type: z.string(),
    state: z.string(),
    objectId: z.string().nullable(),
    receivedAt: z.iso.datetime(),
    attempts: z.int(),
    error: z.string().nullable(),
  })
  .openapi("Receipt");
const AuditSchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string(),
    verb: z.string(),
    subject: z.string(),
    operation: z.string().nullable(),
    requestId: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    outcome: z
      .string()
      .openapi({ description: "begun, done, processing, action_required, declined, or an error's code" }),
  })
  .openapi("AuditEntry");

const listReceipts = createRoute({
  method: "get",
  path: "/v1/receipts",
  tags,
  summary: "List received events, newest first",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).optional(),
      state: z.string().min(1).max(40).optional(),
    }),
  },
  responses: rest.answers(200, "Receipts", rest.pageOf(ReceiptSchema)),
});
const replayReceipt = createRoute({
  method: "post",
  path: "/v1/receipts/{id}/replay",
  tags,
  summary: "Work a received event again",
  description: "Safe at any time: the object is fetched from Stripe as it is now.",
  request: { params: rest.IdParams, headers: rest.CommandHeaders },
  responses: rest.answers(202, "It will be worked", z.object({ id: z.string() })),
});
const catchUp = createRoute({
  method: "post",
  path: "/v1/receipts/catch_up",
  tags,
  summary: "Fetch events that were lost on the way",
  request: { headers: rest.CommandHeaders },
  responses: rest.answers(200, "How many were new", z.object({ found: z.int() })),
});
const listAudit = createRoute({
  method: "get",
  path: "/v1/audit",
  tags: ["audit"],
  summary: "List commands given through REST, newest first",
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).optional(),
      subject: z.string().max(200).optional(),
    }),
  },
  responses: rest.answers(200, "Audit entries", rest.pageOf(AuditSchema)),
});

const receiptJson = (receipt: Receipt) => ({ ...receipt, receivedAt: receipt.receivedAt.toISOString() });
const limitDefault = 20;

export function mountReceipts(app: rest.RestApp, context: rest.RestContext): void {
  const { inbox } = context.api;
  app.openapi(listReceipts, async (c) => {
    rest.requireScope(c, "read");
    const page = await inbox.list(c.req.valid("query"));
    return c.json({ data: page.data.map(receiptJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(replayReceipt, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const work = () => inbox.replay(id);
    await rest.runCommand(context, c, { verb: "inbox.replay", subject: id, work, after: () => null });
    return c.json({ id }, 202);
  });
  app.openapi(catchUp, async (c) => {
    rest.requireScope(c, "admin");
    const work = () => inbox.catchUp();
    const after = ({ found }: { found: number }) => ({ found });
    const { found } = await rest.runCommand(context, c, { verb: "inbox.catchUp", subject: "inbox", work, after });
    return c.json({ found }, 200);
  });
  app.openapi(listAudit, async (c) => {
    rest.requireScope(c, "admin");
    const { limit, subject } = c.req.valid("query");
    const rows = await context.core.sql.read("audit.list", (reader) => {
      const newest = reader.selectFrom("audit").selectAll().orderBy("at", "desc").orderBy("id", "desc");
      return (subject === undefined ? newest : newest.where("subject", "=", subject))
        .limit(limit ?? limitDefault)
        .execute();
    });
    const data = rows.map((row) => ({
      id: row.id,
      at: new Date(row.at).toISOString(),
      actor: row.actor,
      verb: row.verb,
      subject: row.subject,
      operation: row.operation,
      requestId: row.request_id,
      before: JSON.parse(row.before_json ?? "null"),
      after: JSON.parse(row.after_json ?? "null"),
      outcome: row.outcome,
    }));
    return c.json({ data, nextCursor: null }, 200);
  });
}
