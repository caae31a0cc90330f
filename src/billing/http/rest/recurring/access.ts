// /v1/access and /v1/customers/{id}/access: what customers may use. A user whom nobody knows yet has nothing, and that
// is an answer: hosts ask for everybody who is logged in.
import { createRoute, z } from "@hono/zod-openapi";
import { type Access, type AccessGrant, accessReasons, checksMax } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";

const tags = ["access"];
const LimitSchema = z.union([z.number(), z.literal("unlimited")]);
const FeatureSchema = z.string().min(1).max(100).openapi({ example: "projects" });
const AccessSchema = z
  .object({
    customerId: z.string(),
    feature: z.string(),
    allowed: z.boolean(),
    reason: z.enum(accessReasons),
    limit: LimitSchema.nullable().openapi({ description: "null for a feature that is there or not" }),
    until: z.iso.datetime().nullable().openapi({ description: "When it ends as things stand" }),
    nextChangeAt: z.iso.datetime().nullable().openapi({
      description: "When this answer will be another one although nothing else happens: keep it no longer",
    }),
  })
  .openapi("Access");
const AccessListSchema = z.object({ data: z.array(AccessSchema) }).openapi("AccessList");
const said = z.string().min(1).max(500);
const BySchema = said.openapi({ example: "ada", description: "Who has decided it" });
const AccessGrantSchema = z
  .object({
    id: z.string(),
    customerId: z.string(),
    feature: z.string(),
    limit: LimitSchema.nullable(),
    until: z.iso.datetime().nullable().openapi({ description: "null: for ever" }),
    reason: z.string(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    revoked: z.object({ at: z.iso.datetime(), reason: z.string(), by: z.string() }).nullable(),
  })
  .openapi("AccessGrant");
const CheckManySchema = strict({
  customerIds: z.array(rest.IdSchema).min(1).max(checksMax),
  feature: FeatureSchema,
}).openapi("CheckAccess");
const GrantSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "gift_1",
    description: "Yours. Without it the Idempotency-Key is the id",
  }),
  customerId: rest.IdSchema.openapi({ example: "user_42" }),
  feature: FeatureSchema,
  limit: LimitSchema.optional().openapi({
    example: 10,
    description: "Of a number, how many or unlimited; of seats, how many more",
  }),
  until: z.iso.datetime({ offset: true }).optional().openapi({ description: "Without it, for ever" }),
  reason: said.openapi({ example: "The import took a week" }),
  by: BySchema,
}).openapi("GrantAccess");
const RevokeSchema = strict({ reason: said.openapi({ example: "The import is done" }), by: BySchema }).openapi(
  "RevokeAccess",
);
const FeatureParams = rest.IdParams.extend({
  feature: FeatureSchema.openapi({ param: { name: "feature", in: "path" } }),
});

const listAccess = createRoute({
  operationId: "listAccess",
  method: "get",
  path: "/v1/customers/{id}/access",
  tags,
  summary: "Read what a customer may use",
  description: "All features of the catalogs that were applied, by name.",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The features", AccessListSchema),
});
const checkAccess = createRoute({
  operationId: "checkAccess",
  method: "get",
  path: "/v1/customers/{id}/access/{feature}",
  tags,
  summary: "Ask whether a customer may use a feature",
  request: { params: FeatureParams },
  responses: rest.answers(200, "The answer", AccessSchema),
});
const checkMany = createRoute({
  operationId: "checkAccessOfMany",
  method: "post",
  path: "/v1/access/check",
  tags,
  summary: "Ask whether many customers may use a feature",
  description: "The answers come in the order of the ids.",
  request: { body: rest.jsonBody(CheckManySchema, { customerIds: ["user_42"], feature: "projects" }) },
  responses: rest.answers(200, "The answers", AccessListSchema),
});
const listGrants = createRoute({
  operationId: "listAccessGrants",
  method: "get",
  path: "/v1/customers/{id}/access_grants",
  tags,
  summary: "Read what a customer was given by hand",
  description: "Newest first; what was taken back, too.",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The grants", z.object({ data: z.array(AccessGrantSchema) }).openapi("AccessGrantList")),
});
const grantAccess = createRoute({
  operationId: "grantAccess",
  method: "post",
  path: "/v1/access/grants",
  tags,
  summary: "Give a feature by hand",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(GrantSchema, {
      id: "gift_1",
      customerId: "user_42",
      feature: "projects",
      limit: 10,
      reason: "The import took a week",
      by: "ada",
    }),
  },
  responses: rest.answers(200, "The grant", AccessGrantSchema),
});
const revokeAccess = createRoute({
  operationId: "revokeAccess",
  method: "post",
  path: "/v1/access/grants/{id}/revoke",
  tags,
  summary: "Take a grant back",
  description: "One that was taken back stays as it was.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(RevokeSchema, { reason: "The import is done", by: "ada" }),
  },
  responses: rest.answers(200, "The grant", AccessGrantSchema),
});

function accessJson({ until, nextChangeAt, ...access }: Access): z.infer<typeof AccessSchema> {
  return { ...access, until: rest.isoOrNull(until), nextChangeAt: rest.isoOrNull(nextChangeAt) };
}

function grantJson({ until, createdAt, revoked, ...grant }: AccessGrant): z.infer<typeof AccessGrantSchema> {
  return {
    ...grant,
    until: rest.isoOrNull(until),
    createdAt: createdAt.toISOString(),
    revoked: revoked && { ...revoked, at: revoked.at.toISOString() },
  };
}

export function mountAccess(app: rest.RestApp, context: rest.RestContext): void {
  mountChecks(app, context);
  mountGrants(app, context);
}

function mountChecks(app: rest.RestApp, { api: { access } }: rest.RestContext): void {
  app.openapi(listAccess, async (c) => {
    rest.requireScope(c, "read");
    const answers = await access.list(c.req.valid("param").id);
    return c.json({ data: answers.map(accessJson) }, 200);
  });
  app.openapi(checkAccess, async (c) => {
    rest.requireScope(c, "read");
    const { id, feature } = c.req.valid("param");
    return c.json(accessJson(await access.check(id, feature)), 200);
  });
  app.openapi(checkMany, async (c) => {
    rest.requireScope(c, "read");
    const { customerIds, feature } = c.req.valid("json");
    const answers = await access.checkMany(customerIds, feature);
    return c.json({ data: answers.map(accessJson) }, 200);
  });
}

function mountGrants(app: rest.RestApp, context: rest.RestContext): void {
  const { access } = context.api;
  app.openapi(listGrants, async (c) => {
    rest.requireScope(c, "read");
    const grants = await access.grants(c.req.valid("param").id);
    return c.json({ data: grants.map(grantJson) }, 200);
  });
  app.openapi(grantAccess, async (c) => {
    rest.requireScope(c, "write");
    const { id: given, until, ...body } = c.req.valid("json");
    const id = given ?? rest.wishId(c, "grant");
    const end = until === undefined ? {} : { until: new Date(until) };
    const grant = await rest.runCommand(context, c, {
      verb: "access.grant",
      subject: body.customerId,
      work: () => access.grant({ ...body, ...end, id }),
      after: auditOf,
    });
    return c.json(grantJson(grant), 200);
  });
  app.openapi(revokeAccess, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const grant = await rest.runCommand(context, c, {
      verb: "access.revoke",
      subject: id,
      work: () => access.revoke(id, body),
      after: auditOf,
    });
    return c.json(grantJson(grant), 200);
  });
}

/** Why stands in the grant itself, and goes with it. */
function auditOf({ id, customerId, feature, limit, until, by, revoked }: AccessGrant) {
  return { grantId: id, customerId, feature, limit, until: rest.isoOrNull(until), by, isRevoked: revoked !== null };
}
