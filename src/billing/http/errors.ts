// The one shape of an error, for REST and webhook alike:
//   { "error": { "code", "message", "field"?, "reason"?, "hint"?, "requestId" } }
// `code` is from kit/problems.ts; `field` and `reason` say which part of the request and why, for programs; `hint` says
// what to do, for people. A bug answers 500 without a word about itself: the log has it under the request's id.
import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { Log } from "#kit/log.ts";
import { isProblem, type Problem, problem, problemTable } from "#kit/problems.ts";
import { inWords } from "#kit/words.ts";
import type { WebhookAnswer } from "../api/index.ts";
import { restWords } from "./words.ts";

export const ErrorSchema = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(problemTable) as [keyof typeof problemTable]).openapi({ example: "invalid_params" }),
      message: z.string().openapi({ example: "lines[0].quantity must be at least 1" }),
      field: z.string().optional().openapi({ example: "lines[0].quantity" }),
      reason: z.string().optional().openapi({ example: "too_small" }),
      hint: z.string().optional().openapi({ example: "Send a whole number of at least 1" }),
      requestId: z.string().openapi({ example: "req_7nJd0aYb" }),
    }),
  })
  .openapi("Error");
export type ErrorBody = z.infer<typeof ErrorSchema>;

export function errorBody(error: Problem, requestId: string): ErrorBody {
  const text = (name: string) =>
    typeof error.details?.[name] === "string" ? (error.details[name] as string) : undefined;
  const [field, reason] = [text("field"), text("reason")];
  return {
    error: {
      code: error.code,
      message: inWords(error.message, restWords),
      ...(field === undefined ? {} : { field }),
      ...(reason === undefined ? {} : { reason }),
      ...(error.hint === undefined ? {} : { hint: inWords(error.hint, restWords) }),
      requestId,
    },
  };
}

/** Whatever was thrown, as a Problem; `bug` says that nobody expected it. */
export function toProblem(error: unknown): { problem: Problem; bug: boolean } {
  if (isProblem(error)) return { problem: error, bug: error.code === "internal" };
  if (error instanceof HTTPException && error.status === 400) {
    const wrong = problem("invalid_request", "The body is not valid JSON", {
      hint: "Send one JSON object, encoded as UTF-8, with Content-Type: application/json",
      details: { field: "body", reason: "malformed_json" },
    });
    return { problem: wrong, bug: false };
  }
  if (error instanceof HTTPException && error.status === 413) return { problem: tooLarge("256 kB"), bug: false };
  const internal = problem("internal", "Something went wrong on our side. Nothing is lost: repeat the same request", {
    hint: "Repeat it with the same Idempotency-Key. If it stays, give the requestId to whoever runs Bursar",
    cause: error,
  });
  return { problem: internal, bug: true };
}

/** The request that was refused. */
export interface Refused {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
}

export interface RefusalAnswer extends Omit<WebhookAnswer, "body"> {
  readonly body: ErrorBody;
}

/** How what was thrown is answered and logged, whatever road its request came by. */
export function answerThrown(log: Log, refused: Refused, thrown: unknown): RefusalAnswer {
  const { problem: found, bug } = toProblem(thrown);
  const fields = { ...refused, code: found.code };
  if (bug) log.error("http.bug", { ...fields, error: thrown });
  else logRefusal(log, fields, found);
  const status = found.httpStatus;
  const headers: Record<string, string> = { "Cache-Control": "no-store" };
  if (status === 429 || status === 503) headers["Retry-After"] = retryAfter(found.details);
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="bursar"';
  // What is left of such a body is not read, so the connection carries nothing more.
  if ([408, 413, 503].includes(status)) headers.Connection = "close";
  return { status, headers, body: errorBody(found, refused.requestId) };
}

/** Whoever runs the host reads its log, not what a caller or Stripe was answered: what they can mend stands there. */
export function logRefusal(log: Log, fields: { readonly path: string } & Record<string, unknown>, refused: Problem) {
  const isOurs = refused.httpStatus >= 500 || fields.path.startsWith("/webhooks/");
  const { message, hint, details } = refused;
  if (isOurs) log.warn("http.refused", { ...fields, message, hint, reason: details?.reason });
  else log.info("http.refused", { ...fields, field: details?.field, reason: details?.reason });
}

function retryAfter(details: Record<string, unknown> | undefined): string {
  const waitMs = typeof details?.waitMs === "number" ? details.waitMs : 5_000;
  return String(Math.ceil(waitMs / 1_000));
}

export function tooLarge(limit: string): Problem {
  return problem("too_large", `The body is larger than ${limit}`, {
    hint: `Send at most ${limit}`,
    details: { field: "body", reason: "too_large" },
  });
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly expected?: string;
  /** What was measured: string, array, number. */
  readonly origin?: string;
}

/** The first thing wrong with a request, as 422 with field, reason and hint. */
export function invalidParams(error: { readonly issues: readonly Issue[] }, where: string): Problem {
  // A misspelt field is also a missing one: what it was to be is the better answer.
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0];
  if (!issue) return problem("invalid_params", `The ${where} is not acceptable`);
  const unknown = issue.code === "unrecognized_keys" ? issue.keys?.[0] : undefined;
  const field = fieldName(unknown === undefined ? issue.path : [...issue.path, unknown]) || where;
  const { reason, message, hint } = wording(issue, field);
  return problem("invalid_params", message, { hint, details: { field, reason, where } });
}

/** `lines[0].quantity` */
export function fieldName(path: readonly PropertyKey[]): string {
  let name = "";
  for (const part of path) name += typeof part === "number" ? `[${part}]` : `${name ? "." : ""}${String(part)}`;
  return name;
}

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  array: "a list",
  object: "an object",
  record: "an object",
  boolean: "true or false",
};

const sizes: Readonly<Record<string, { small: string; big: string; unit: string }>> = {
  string: { small: "is too short", big: "is too long", unit: " characters" },
  array: { small: "has too few entries", big: "has too many entries", unit: " entries" },
};
const sizeOfNumber = { small: "is too small", big: "is too large", unit: "" };

function wording(issue: Issue, field: string): { reason: string; message: string; hint: string } {
  const kind = kinds[issue.expected ?? ""] ?? issue.expected ?? "another kind of value";
  const size = sizes[issue.origin ?? ""] ?? sizeOfNumber;
  switch (issue.code) {
    case "invalid_type":
      if (/received undefined/.test(issue.message)) {
        return { reason: "missing", message: `${field} is missing`, hint: `Send ${field} as ${kind}` };
      }
      return { reason: "wrong_type", message: `${field} is not ${kind}`, hint: `Send ${field} as ${kind}` };
    case "unrecognized_keys":
      return {
        reason: "unknown_field",
        message: `${field} is not a field of this request`,
        hint: issue.message,
      };
    case "invalid_value":
      return {
        reason: "not_allowed",
        message: `${field} is not one of the allowed values`,
        hint: `Allowed: ${(issue.values ?? []).map(String).join(", ")}`,
      };
    case "too_small":
      return { reason: "too_small", message: `${field} ${size.small}`, hint: `At least ${issue.minimum}${size.unit}` };
    case "too_big":
      return { reason: "too_big", message: `${field} ${size.big}`, hint: `At most ${issue.maximum}${size.unit}` };
    default:
      return { reason: issue.code ?? "invalid", message: `${field} is not acceptable`, hint: issue.message };
  }
}
