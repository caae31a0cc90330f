// /v1/audit: who did what through REST.
import { createRoute, z } from "@hono/zod-openapi";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { having, readPage } from "../../resources/pages.ts";
import type { AuditRow } from "../tables.ts";
import * as rest from "./context.ts";

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

const listAudit = createRoute({
  operationId: "listAudit",
  method: "get",
  path: "/v1/audit",
  tags: ["audit"],
  summary: "List commands given through REST, newest first",
  request: {
    query: rest.PageQuery.extend({
      subject: rest.FilterSchema,
      verb: rest.FilterSchema,
      actor: rest.FilterSchema,
      requestId: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "Audit entries", rest.pageOf(AuditSchema, "AuditPage")),
});

const auditJson = (row: AuditRow) => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  actor: row.actor,
  verb: row.verb,
  subject: row.subject,
  operation: row.operation,
  requestId: row.request_id,
  before: JSON.parse(row.before_json ?? "null") as unknown,
  after: JSON.parse(row.after_json ?? "null") as unknown,
  outcome: row.outcome,
});

export function mountAudit(app: rest.RestApp, { core }: rest.RestContext): void {
  app.openapi(listAudit, async (c) => {
    rest.requireScope(c, "admin");
    const { subject, verb, actor, requestId, ...page } = c.req.valid("query");
    const values = { subject, verb, actor, request_id: requestId };
    const from = (reader: BillingReader) => having(reader.selectFrom("audit").selectAll(), values);
    const { data, nextCursor } = await readPage(core, page, { label: "audit.list", at: "at", from, view: auditJson });
    return c.json({ data: [...data], nextCursor }, 200);
  });
}
