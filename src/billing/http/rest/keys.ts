// /v1/keys: who may call. A key is shown once, in the answer that makes it.
import { createRoute, z } from "@hono/zod-openapi";
import { problem } from "#kit/problems.ts";
import { type ApiKey, scopes } from "../keys/keys.ts";
import * as rest from "./context.ts";
import { strict } from "./strict.ts";

const tags = ["keys"];
const ApiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    mode: z.enum(["test", "live"]),
    scopes: z.array(z.enum(scopes)),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .openapi("ApiKey");
const CreateKeySchema = strict({
  name: z.string().min(1).max(100).openapi({ example: "shop backend" }),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
}).openapi("CreateApiKey");
const NewKeySchema = ApiKeySchema.extend({
  key: z.string().openapi({ description: "Shown once. Only its SHA-256 is kept", example: "bk_test_…" }),
}).openapi("NewApiKey");

const createKey = createRoute({
  operationId: "createKey",
  method: "post",
  path: "/v1/keys",
  tags,
  summary: "Make an API key",
  request: { body: rest.jsonBody(CreateKeySchema, { name: "shop backend", scopes: ["read", "write"] }) },
  responses: rest.answers(201, "The key, shown once", NewKeySchema),
});
const listKeys = createRoute({
  operationId: "listKeys",
  method: "get",
  path: "/v1/keys",
  tags,
  summary: "List API keys, oldest first",
  responses: rest.answers(200, "All keys, revoked ones too", rest.pageOf(ApiKeySchema, "ApiKeyPage")),
});
const revokeKey = createRoute({
  operationId: "revokeKey",
  method: "delete",
  path: "/v1/keys/{id}",
  tags,
  summary: "Revoke an API key",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The revoked key", ApiKeySchema),
});

const keyJson = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  mode: key.mode,
  scopes: [...key.scopes],
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
});

export function mountKeys(app: rest.RestApp, context: rest.RestContext): void {
  app.openapi(createKey, async (c) => {
    rest.requireScope(c, "admin");
    const body = c.req.valid("json");
    const made = await rest.runCommand(context, c, {
      verb: "keys.create",
      subject: body.name,
      work: () => context.keys.create(body),
      after: ({ id, scopes: held }) => ({ id, scopes: held }),
    });
    return c.json({ ...keyJson(made), key: made.key }, 201);
  });
  app.openapi(listKeys, async (c) => {
    rest.requireScope(c, "admin");
    return c.json({ data: (await context.keys.list()).map(keyJson), nextCursor: null }, 200);
  });
  app.openapi(revokeKey, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const key = await rest.runCommand(context, c, {
      verb: "keys.revoke",
      subject: id,
      work: async () => {
        const revoked = await context.keys.revoke(id);
        if (!revoked) throw problem("not_found", `There is no key ${id}`, { hint: "GET /v1/keys lists them" });
        return revoked;
      },
      after: ({ revokedAt }) => ({ revokedAt }),
    });
    return c.json(keyJson(key), 200);
  });
}
