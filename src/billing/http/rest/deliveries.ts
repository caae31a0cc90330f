// /v1/deliveries: facts on their way to handlers (endpoints are handlers called `url:<endpoint id>`), with attempts,
// the last error and the dead letters; and the way back for a dead one, once its receiver is mended.
import { createRoute, z } from "@hono/zod-openapi";
import { problem } from "#kit/problems.ts";
import * as rest from "./context.ts";

const tags = ["deliveries"];
const states = ["open", "done", "dead"] as const;
const DeliverySchema = z
  .object({
    factId: z.string(),
    handler: z.string().openapi({ example: "url:ep_1" }),
    type: z.string().openapi({ example: "order.paid" }),
    subject: z.string().openapi({ example: "order_9001" }),
    state: z.enum(states),
    attempts: z.int(),
    error: z.string().nullable().openapi({ description: "Why the last attempt failed" }),
    occurredAt: z.iso.datetime(),
    nextAt: z.iso.datetime().nullable().openapi({ description: "The next attempt of an open delivery" }),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi("Delivery");

const listDeliveries = createRoute({
  method: "get",
  path: "/v1/deliveries",
  tags,
  summary: "List deliveries of facts, newest first",
  request: {
    query: z.object({
      state: z.enum(states).optional(),
      handler: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
  },
  responses: rest.answers(200, "Deliveries", rest.pageOf(DeliverySchema)),
});
const retryDelivery = createRoute({
  method: "post",
  path: "/v1/deliveries/retry",
  tags,
  summary: "Try a dead or waiting delivery again, now",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      z.strictObject({ factId: rest.IdSchema, handler: z.string().min(1).max(200) }).openapi("RetryDelivery"),
    ),
  },
  responses: rest.answers(202, "It will be tried", z.object({ factId: z.string(), handler: z.string() })),
});

const limitDefault = 20;
const isoOrNull = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

export function mountDeliveries(app: rest.RestApp, context: rest.RestContext): void {
  const { sql, ports } = context.core;
  app.openapi(listDeliveries, async (c) => {
    rest.requireScope(c, "read");
    const { state, handler, limit } = c.req.valid("query");
    const rows = await sql.read("deliveries.list", (reader) => {
      let query = reader
        .selectFrom("deliveries")
        .innerJoin("facts", "facts.id", "deliveries.fact")
        .select([
          "fact",
          "handler",
          "type",
          "subject",
          "state",
          "attempts",
          "error",
          "occurred_at",
          "next_at",
          "ended_at",
        ])
        .orderBy("occurred_at", "desc")
        .orderBy("fact")
        .orderBy("handler");
      if (state !== undefined) query = query.where("state", "=", state);
      if (handler !== undefined) query = query.where("handler", "=", handler);
      return query.limit(limit ?? limitDefault).execute();
    });
    const data = rows.map((row) => ({
      factId: row.fact,
      handler: row.handler,
      type: row.type,
      subject: row.subject,
      state: row.state,
      attempts: row.attempts,
      error: row.error,
      occurredAt: new Date(row.occurred_at).toISOString(),
      nextAt: row.state === "open" ? isoOrNull(row.next_at) : null,
      endedAt: isoOrNull(row.ended_at),
    }));
    return c.json({ data, nextCursor: null }, 200);
  });
  app.openapi(retryDelivery, async (c) => {
    rest.requireScope(c, "admin");
    const { factId, handler } = c.req.valid("json");
    const work = async () => {
      const now = ports.clock.now();
      const again = await sql.write("deliveries.retry", (tx) =>
        tx
          .updateTable("deliveries")
          .set({ state: "open", attempts: 0, next_at: now, ended_at: null })
          .where("fact", "=", factId)
          .where("handler", "=", handler)
          .where("state", "!=", "done")
          // Not while a worker holds it: its result would be written over.
          .where("until", "<=", now)
          .executeTakeFirst(),
      );
      if (again.numUpdatedRows === 0n) {
        throw problem("not_found", `No delivery of ${factId} to ${handler} waits or is dead`, {
          hint: "GET /v1/deliveries?state=dead lists the dead ones; one that is being tried right now is not listed",
        });
      }
    };
    await rest.runCommand(context, c, { verb: "deliveries.retry", subject: factId, work, after: () => ({ handler }) });
    sql.wake.notify("outbox");
    return c.json({ factId, handler }, 202);
  });
}
