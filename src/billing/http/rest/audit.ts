// /v1/audit: who did what through REST.
import { createRoute, z } from "@hono/zod-openapi";
import { filterMax } from "../../api/index.ts";
import { pageLimit, pageOf, parseCursor } from "../../resources/pages.ts";
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
  method: "get",
  path: "/v1/audit",
  tags: ["audit"],
  summary: "List commands given through REST, newest first",
  request: {
    query: rest.PageQuery.extend({ subject: z.string().min(1).max(filterMax).optional() }),
  },
  responses: rest.answers(200, "Audit entries", rest.pageOf(AuditSchema)),
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
    const { subject, ...page } = c.req.valid("query");
    const limit = pageLimit(page.limit);
    const after = parseCursor(page.cursor);
    const rows = await core.sql.read("audit.list", (reader) => {
      let query = reader.selectFrom("audit").selectAll();
      if (subject !== undefined) query = query.where("subject", "=", subject);
      if (after) query = query.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(...after)));
      return query
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
    });
    return c.json(pageOf(rows, { limit, view: auditJson, place: (row) => [row.at, row.id] }), 200);
  });
}
