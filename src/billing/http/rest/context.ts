// What every REST route gets, and the way of a command through REST:
//   key (401/403) → body checked (400/422) → Idempotency-Key compared (409) → audit row → billing → row completed.
// The work itself is idempotent by the host's own ids (an order's, a refund's), in the operation journal. So a repeated
// request is simply worked again and gets the object as it is now; the Idempotency-Key only proves that it is the same.
import { createHash } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { problem } from "#kit/problems.ts";
import {
  amountMax,
  attemptMax,
  cursorMax,
  filterMax,
  idPattern,
  idSays,
  metadataKeyMax,
  pageLimitDefault,
  pageLimitMax,
  textMax,
  urlMax,
} from "../../api/index.ts";
import type { Api, HttpCore } from "../core.ts";
import { ErrorSchema, toProblem } from "../errors.ts";
import type { Caller, KeyStore, Scope } from "../keys/keys.ts";
import { isReturnUrlAllowed } from "../links.ts";
import type { EndpointStore } from "../outgoing/endpoints.ts";

export interface RestEnv {
  Variables: { requestId: string; caller: Caller };
}
export type RestApp = OpenAPIHono<RestEnv>;

export interface RestContext {
  readonly core: HttpCore;
  readonly api: Api;
  readonly keys: KeyStore;
  readonly endpoints: EndpointStore;
}

/** A repeated request may come as late as a queue of the caller's keeps it. */
const idempotencyKeptMs = 30 * 86_400_000;

export interface Command<T> {
  /** The TypeScript API's name: "orders.create". */
  readonly verb: string;
  readonly subject: string;
  /** The operation that it is about; else the one that its outcome names. */
  readonly operation?: string;
  /** As `after`, of what there was. */
  readonly before?: () => Promise<unknown>;
  readonly work: () => Promise<T>;
  /** What of the answer goes into the audit: states and amounts, never a person, never a secret. */
  readonly after: (value: T) => unknown;
}

/** Runs one command between its two audit writes. The row exists before the work: a crash cannot hide a command. */
export async function runCommand<T>(rest: RestContext, c: Context<RestEnv>, command: Command<T>): Promise<T> {
  const { sql, ports } = rest.core;
  await rest.core.ready();
  await compareIdempotencyKey(rest, c);
  const id = ports.ids.next("aud");
  const before = (await command.before?.()) ?? null;
  await sql.write("audit.begin", async (tx) => {
    const row = {
      id,
      at: ports.clock.now(),
      actor: c.get("caller").id,
      verb: command.verb,
      subject: command.subject,
      operation: command.operation ?? null,
      request_id: c.get("requestId"),
      before_json: JSON.stringify(before),
      after_json: null,
      outcome: "begun",
    };
    await tx.insertInto("audit").values(row).execute();
  });
  const complete = (changes: { outcome: string; after_json?: string; operation?: string }) =>
    sql.write("audit.complete", async (tx) => {
      await tx.updateTable("audit").set(changes).where("id", "=", id).execute();
    });
  try {
    const value = await command.work();
    const answer = value as { outcome?: unknown; operationId?: unknown };
    await complete({
      outcome: typeof answer?.outcome === "string" ? answer.outcome : "done",
      after_json: JSON.stringify(command.after(value)),
      ...(typeof answer?.operationId === "string" && { operation: answer.operationId }),
    });
    return value;
  } catch (error) {
    await complete({ outcome: toProblem(error).problem.code });
    throw error;
  }
}

async function compareIdempotencyKey(rest: RestContext, c: Context<RestEnv>): Promise<void> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return;
  const { sql, ports } = rest.core;
  const content = `${c.req.method} ${c.req.path}\n${await c.req.text()}`;
  const fingerprint = createHash("sha256").update(content).digest("hex");
  const actor = c.get("caller").id;
  const now = ports.clock.now();
  await sql.write("rest.idempotency", async (tx) => {
    await tx
      .deleteFrom("rest_idempotency")
      .where("created_at", "<", now - idempotencyKeptMs)
      .execute();
    await tx
      .insertInto("rest_idempotency")
      .values({ actor, key, fingerprint, created_at: now })
      .onConflict((conflict) => conflict.columns(["actor", "key"]).doNothing())
      .execute();
  });
  const first = await sql.read("rest.idempotency", (reader) =>
    reader
      .selectFrom("rest_idempotency")
      .select("fingerprint")
      .where("actor", "=", actor)
      .where("key", "=", key)
      .executeTakeFirst(),
  );
  if (first && first.fingerprint !== fingerprint) {
    throw problem("conflict", "This Idempotency-Key was used before with another request", {
      hint: "Repeat the first request byte for byte, or choose a new key for a new wish",
      details: { field: "Idempotency-Key", reason: "used_with_other_content" },
    });
  }
}

/** Thrown before anything else is done: a key without the scope never reaches the work. */
export function requireScope(c: Context<RestEnv>, scope: Scope): void {
  if (c.get("caller").scopes.includes(scope)) return;
  throw problem("forbidden", `This key does not have the scope ${scope}`, {
    hint: `Make a key with the scope ${scope} (POST /v1/keys, needs admin) and use that one here`,
    details: { reason: "missing_scope", scope },
  });
}

/** 255 visible characters, as at Stripe: enough for any id, too short for an essay. */
export const IdempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 visible ASCII characters")
  .openapi({ description: "Proves that a repeated request is the same. The same key with other content: 409" });

export const CommandHeaders = z.object({ "idempotency-key": IdempotencyKeySchema.optional() });

export const ReturnUrlSchema = z.url().max(urlMax).optional().openapi({
  description: "Where the payer goes on from the hosted page: to one of `returnOrigins`",
  example: "https://shop.example/thanks",
});

/** A link must not lead payers away to whoever has written it. */
export function refuseReturnUrl({ core }: RestContext, returnUrl: string | undefined): void {
  if (returnUrl === undefined || isReturnUrlAllowed(core, returnUrl)) return;
  throw problem("invalid_params", "returnUrl leads to an origin that is not configured", {
    hint: "Add its origin to `returnOrigins`",
    details: { field: "returnUrl", reason: "origin_not_allowed" },
  });
}

/** Of what may rightly be wished twice, and names itself by the key where the body names it not. */
export function wishId(c: Context<RestEnv>, what: string): string {
  const key = c.req.header("idempotency-key");
  if (key === undefined) {
    throw problem("invalid_request", `A ${what} needs an id of yours, in the body or as its Idempotency-Key`, {
      hint: `Send the same one when you repeat the ${what}, and another one for another ${what}`,
      details: { field: "Idempotency-Key", reason: "missing" },
    });
  }
  if (IdSchema.safeParse(key).success) return key;
  throw problem("invalid_request", `This Idempotency-Key cannot be the ${what}'s id`, {
    hint: "Use 1 to 200 of A-Z a-z 0-9 _ . : @ - (a UUID fits), or send an id in the body",
    details: { field: "Idempotency-Key", reason: "not_an_id" },
  });
}

/** Ids of the host: what goes into a URL, a metadata value and a log line without surprises. */
export const IdSchema = z.string().regex(idPattern, idSays).openapi({ example: "order_9001" });

export const IdParams = z.object({ id: IdSchema.openapi({ param: { name: "id", in: "path" } }) });

const InstantSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], "A day or an instant of ISO 8601, such as 2026-11-02")
  .transform((text) => new Date(text))
  .openapi({ type: "string", anyOf: [{ format: "date-time" }, { format: "date" }], example: "2026-11-02" });

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).optional().openapi({ example: pageLimitDefault }),
  cursor: z.string().max(cursorMax).optional().openapi({ description: "nextCursor of the page before" }),
  from: InstantSchema.optional().openapi({ description: "Only what is from this instant on" }),
  to: InstantSchema.optional().openapi({ description: "Only what is before this instant" }),
});

/** What a list is asked for, exactly. */
export const FilterSchema = z.string().min(1).max(filterMax).optional();
export const AmountFilterSchema = z.coerce.number().int().min(0).max(amountMax).optional().openapi({ example: 4200 });

export const MetadataSchema = z.record(z.string().max(metadataKeyMax), z.string().max(textMax));

/** 2 after Stripe refused the first, and so on. */
export const AttemptSchema = z
  .int()
  .min(1)
  .max(attemptMax)
  .optional()
  .openapi({ description: "2 after Stripe refused the first, and so on. The same attempt gets the same answer" });

/** An instant of an answer. */
export const isoOrNull = (date: Date | null) => date?.toISOString() ?? null;

type DatesAsText<T> = {
  readonly [Name in keyof T as Date extends T[Name] ? Name : never]: Exclude<T[Name], Date> | string;
};

/** The instants of an answer, each as text. */
export function datesAsText<T extends object>(given: T): DatesAsText<T> {
  const dates = Object.entries(given).filter(([, value]) => value instanceof Date || value === null);
  return Object.fromEntries(dates.map(([name, date]) => [name, isoOrNull(date)])) as DatesAsText<T>;
}

/** One good answer and, for everything else, the one error shape. */
export function answers<S extends 200 | 201 | 202, T extends z.ZodType>(status: S, description: string, schema: T) {
  const good = { [status]: { description, content: { "application/json": { schema } } } } as {
    [K in S]: { description: string; content: { "application/json": { schema: T } } };
  };
  const error = { description: "The error shape", content: { "application/json": { schema: ErrorSchema } } };
  return { ...good, default: error };
}

/** @param example what somebody sends: the document shows it, `/v1/docs` makes a call of it, a test plays that. */
export function jsonBody<T extends z.ZodType>(schema: T, example: z.input<T>, required = true) {
  return { required, content: { "application/json": { schema, example } } };
}

export function pageOf<T extends z.ZodType>(schema: T, name: string) {
  return z.object({ data: z.array(schema), nextCursor: z.string().nullable() }).openapi(name);
}
