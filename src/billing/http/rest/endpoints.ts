// /v1/endpoints: URLs of yours that receive facts, signed as https://www.standardwebhooks.com says.
import { createRoute, z } from "@hono/zod-openapi";
import { problem } from "#kit/problems.ts";
import { textMax, urlMax } from "../../api/index.ts";
import { factTypes } from "../../resources/index.ts";
import { type Endpoint, overlapMaxMs } from "../outgoing/endpoints.ts";
import * as rest from "./context.ts";
import { strict } from "./strict.ts";

const tags = ["endpoints"];
const EndpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    types: z.array(z.string()).openapi({ description: "Fact types, or * for all", example: ["order.paid"] }),
    description: z.string(),
    createdAt: z.iso.datetime(),
    previousSecretUntil: z.iso
      .datetime()
      .nullable()
      .openapi({ description: "After a rotation: until then the secret before signs as well" }),
    disabledAt: z.iso.datetime().nullable(),
    disabledReason: z.string().nullable(),
  })
  .openapi("Endpoint");
const NewEndpointSchema = EndpointSchema.extend({
  secret: z.string().openapi({ description: "whsec_…: verify every delivery with it. Shown once" }),
}).openapi("NewEndpoint");
const CreateEndpointSchema = strict({
  url: z.string().min(1).max(urlMax).openapi({ example: "https://shop.example/bursar" }),
  types: z
    .array(z.enum(["*", ...factTypes]))
    .min(1)
    .max(factTypes.length + 1),
  description: z.string().max(textMax).optional(),
}).openapi("CreateEndpoint");

const createEndpoint = createRoute({
  operationId: "createEndpoint",
  method: "post",
  path: "/v1/endpoints",
  tags,
  summary: "Register a URL for facts",
  description: "Deliveries carry webhook-id (the fact's id, stable), webhook-timestamp and webhook-signature.",
  request: { body: rest.jsonBody(CreateEndpointSchema, { url: "https://shop.example/bursar", types: ["order.paid"] }) },
  responses: rest.answers(201, "The endpoint and its secret", NewEndpointSchema),
});
const listEndpoints = createRoute({
  operationId: "listEndpoints",
  method: "get",
  path: "/v1/endpoints",
  tags,
  summary: "List endpoints, oldest first",
  responses: rest.answers(200, "All endpoints", rest.pageOf(EndpointSchema, "EndpointPage")),
});
const overlapSecondsMax = overlapMaxMs / 1_000;
const rotateEndpoint = createRoute({
  operationId: "rotateEndpoint",
  method: "post",
  path: "/v1/endpoints/{id}/rotate",
  tags,
  summary: "Give an endpoint a new secret",
  description:
    "While both are good, webhook-signature carries two signatures; a receiver accepts a delivery when one of them " +
    "fits. A second rotation ends the overlap of the first. Not repeatable: each call makes another secret.",
  request: {
    params: rest.IdParams,
    body: rest.jsonBody(
      strict({
        overlapSeconds: z
          .int()
          .min(0)
          .max(overlapSecondsMax)
          .optional()
          .openapi({ description: "How long the secret before signs as well. Default: a day. 0 when it has leaked" }),
      }).openapi("RotateEndpoint"),
      { overlapSeconds: 3600 },
      false,
    ),
  },
  responses: rest.answers(200, "The endpoint and its new secret", NewEndpointSchema),
});
const disableEndpoint = createRoute({
  operationId: "disableEndpoint",
  method: "delete",
  path: "/v1/endpoints/{id}",
  tags,
  summary: "Stop deliveries to an endpoint",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The disabled endpoint", EndpointSchema),
});

const endpointJson = (endpoint: Endpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  types: [...endpoint.types],
  description: endpoint.description,
  createdAt: endpoint.createdAt.toISOString(),
  previousSecretUntil: rest.isoOrNull(endpoint.previousSecretUntil),
  disabledAt: rest.isoOrNull(endpoint.disabledAt),
  disabledReason: endpoint.disabledReason,
});

export function mountEndpoints(app: rest.RestApp, context: rest.RestContext): void {
  app.openapi(createEndpoint, async (c) => {
    rest.requireScope(c, "admin");
    const body = c.req.valid("json");
    const made = await rest.runCommand(context, c, {
      verb: "endpoints.create",
      subject: URL.parse(body.url)?.origin ?? "unreadable",
      work: () => context.endpoints.create(body),
      after: ({ id, types }) => ({ id, types }),
    });
    return c.json({ ...endpointJson(made), secret: made.secret }, 201);
  });
  app.openapi(listEndpoints, async (c) => {
    rest.requireScope(c, "read");
    return c.json({ data: (await context.endpoints.list()).map(endpointJson), nextCursor: null }, 200);
  });
  app.openapi(rotateEndpoint, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const { overlapSeconds = overlapSecondsMax } = c.req.valid("json");
    const rotated = await rest.runCommand(context, c, {
      verb: "endpoints.rotate",
      subject: id,
      before: async () => secretAudit(await known(context, id)),
      work: async () =>
        (await context.endpoints.rotate(id, { overlapMs: overlapSeconds * 1_000 })) ?? refuseDisabled(id),
      after: secretAudit,
    });
    return c.json({ ...endpointJson(rotated), secret: rotated.secret }, 200);
  });
  app.openapi(disableEndpoint, async (c) => {
    rest.requireScope(c, "admin");
    const { id } = c.req.valid("param");
    const endpoint = await rest.runCommand(context, c, {
      verb: "endpoints.disable",
      subject: id,
      before: async () => endpointAudit(await known(context, id)),
      work: async () => (await context.endpoints.disable(id, "by request")) as Endpoint,
      after: endpointAudit,
    });
    return c.json(endpointJson(endpoint), 200);
  });
}

const endpointAudit = ({ disabledAt }: Endpoint) => ({ disabledAt });
const secretAudit = ({ previousSecretUntil }: Endpoint) => ({ previousSecretUntil });

async function known(context: rest.RestContext, id: string): Promise<Endpoint> {
  const endpoint = await context.endpoints.get(id);
  if (endpoint) return endpoint;
  throw problem("not_found", `There is no endpoint ${id}`, { hint: "GET /v1/endpoints lists them" });
}

function refuseDisabled(id: string): never {
  throw problem("wrong_state", `Endpoint ${id} is disabled`, { hint: "Make another one with POST /v1/endpoints" });
}
