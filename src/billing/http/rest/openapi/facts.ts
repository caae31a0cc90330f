// The webhooks of OpenAPI: what an endpoint of yours receives, one for each fact.
import { z } from "@hono/zod-openapi";
import { inWords } from "#kit/words.ts";
import type { FactType } from "../../../api/index.ts";
import { facts, factTypes } from "../../../resources/index.ts";
import { restWords } from "../../words.ts";
import type { RestApp } from "../context.ts";

export function describeFacts(app: RestApp): void {
  for (const type of factTypes) {
    app.openAPIRegistry.registerWebhook({
      method: "post",
      path: type,
      operationId: `on${schemaName(type)}`,
      tags: ["facts"],
      security: [], // Ours is the signature; the key is for those who call us.
      summary: docOf(type),
      description: "At least once, with the same webhook-id; signed as https://www.standardwebhooks.com says.",
      request: { body: { required: true, content: { "application/json": { schema: bodyOf(type) } } } },
      responses: { 200: { description: "Any 2xx: it is stored. Everything else is tried again" } },
    });
  }
}

function bodyOf(type: FactType) {
  const { data, example } = facts[type];
  return z
    .object({ type: z.literal(type), timestamp: z.iso.datetime().openapi({ description: "When it happened" }), data })
    .openapi(schemaName(type), {
      description: docOf(type),
      example: { type, timestamp: "2026-01-31T12:00:00.000Z", data: example },
    });
}

function docOf(type: FactType): string {
  return inWords(facts[type].doc, restWords);
}

/** "order.action_required" is described as OrderActionRequiredFact. */
export function schemaName(type: FactType): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Fact`;
}
