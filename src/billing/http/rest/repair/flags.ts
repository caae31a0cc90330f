// /v1/flags: what a human should look at.
import { createRoute, z } from "@hono/zod-openapi";
import { type Flag, flagStates } from "../../../api/index.ts";
import * as rest from "../context.ts";

const tags = ["flags"];
const FlagSchema = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ example: "operation_parked" }),
    subject: z.string().openapi({ description: "The id of what it is about" }),
    detail: z.string(),
    createdAt: z.iso.datetime(),
    resolvedAt: z.iso.datetime().nullable(),
  })
  .openapi("Flag");

const listFlags = createRoute({
  operationId: "listFlags",
  method: "get",
  path: "/v1/flags",
  tags,
  summary: "List what a human should look at, newest first",
  request: {
    query: rest.PageQuery.extend({
      state: z.enum(flagStates).optional(),
      kind: rest.FilterSchema,
      subject: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "A page of flags", rest.pageOf(FlagSchema, "FlagPage")),
});
const resolveFlag = createRoute({
  operationId: "resolveFlag",
  method: "post",
  path: "/v1/flags/{id}/resolve",
  tags,
  summary: "Say that somebody has seen to it",
  description: "It is flagged again when it happens again.",
  request: { params: rest.IdParams, headers: rest.CommandHeaders },
  responses: rest.answers(200, "The resolved flag", FlagSchema),
});

const flagAudit = ({ kind, subject, resolvedAt }: Flag) => ({ kind, subject, resolvedAt });
const flagJson = (flag: Flag) => ({
  ...flag,
  createdAt: flag.createdAt.toISOString(),
  resolvedAt: rest.isoOrNull(flag.resolvedAt),
});

export function mountFlags(app: rest.RestApp, context: rest.RestContext): void {
  const { flags } = context.api;
  app.openapi(listFlags, async (c) => {
    rest.requireScope(c, "read");
    const page = await flags.list(c.req.valid("query"));
    return c.json({ data: page.data.map(flagJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(resolveFlag, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const flag = await rest.runCommand(context, c, {
      verb: "flags.resolve",
      subject: id,
      before: async () => flagAudit(await flags.get(id)),
      work: () => flags.resolve(id),
      after: flagAudit,
    });
    return c.json(flagJson(flag), 200);
  });
}
