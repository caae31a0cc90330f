// What a request says, before anybody asks what it means: bytes that are UTF-8, a body that is JSON, and text that both
// databases and Stripe can keep. A NUL or half a surrogate pair would otherwise fail in one of them, and not in others.
import { matchedRoutes } from "hono/route";
import { namesHint } from "#kit/options/names.ts";
import { shown } from "#kit/options/options.ts";
import { problem } from "#kit/problems.ts";
import { isPlainText } from "../../resources/input.ts";
import type { Bodies } from "../bodies.ts";
import { fieldName } from "../errors.ts";
import type { RestApp } from "./context.ts";

/**
 * A misspelt filter filters nothing, and would show everybody's: what an address does not take is refused. What it
 * takes is what its schema says.
 */
export function refuseUnknownQuery(app: RestApp): void {
  const known = new Map<string, readonly string[]>();
  const namesAt = (method: string, path: string): readonly string[] | undefined => {
    if (known.size === 0) for (const [route, names] of queriesOf(app)) known.set(route, names);
    return known.get(`${method} ${path}`);
  };
  app.use("/v1/*", async (c, next) => {
    const { path = "" } = matchedRoutes(c).findLast(({ method }) => method === c.req.method) ?? {};
    const names = namesAt(c.req.method, path);
    const wrong = names && Object.keys(c.req.queries()).find((name) => !names.includes(name));
    if (names && wrong !== undefined) throw unknownParameter(wrong, names);
    await next();
  });
}

/** `GET /v1/orders/:id` → the names of its parameters in the query. */
function* queriesOf(app: RestApp): Generator<[string, readonly string[]]> {
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path, request } = definition.route;
    const shape = (request?.query as { readonly shape?: object } | undefined)?.shape ?? {};
    yield [`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`, Object.keys(shape)];
  }
}

function unknownParameter(name: string, names: readonly string[]) {
  const field = shown(name);
  const hint = names.length > 0 ? namesHint(name, names) : "It takes none in its query";
  return problem("invalid_params", `${field} is not a parameter of this address`, {
    hint,
    details: { field, reason: "unknown_parameter" },
  });
}

/** 100 lines of 500 characters with 50 metadata values are under 100 kB. */
const limit = { bytesMax: 256 * 1024, says: "256 kB" };

export function holdBody(app: RestApp, bodies: Bodies): void {
  app.use("/v1/*", (c, next) => bodies.hold(c, limit, next));
}

export function refuseUnreadable(app: RestApp): void {
  app.use("/v1/*", async (c, next) => {
    for (const [name, values] of Object.entries(c.req.queries())) {
      if (!isPlainText(name) || !values.every(isPlainText)) throw notText(isPlainText(name) ? name : "query");
    }
    const bytes = mayCarry(c.req.method) ? await c.req.arrayBuffer() : undefined;
    if (bytes !== undefined && bytes.byteLength > 0) {
      if (!isJson(c.req.header("content-type"))) throw notJson();
      refuseBadText(parse(bytes));
    }
    await next();
  });
}

/** A Request that reads has no body. To ask for it makes one of the platform's own, which costs more than it looks. */
function mayCarry(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? "");
}

function notJson() {
  return problem("unsupported_media_type", "The body is not announced as JSON", {
    hint: "Send Content-Type: application/json",
    details: { field: "Content-Type", reason: "not_json" },
  });
}

function parse(bytes: ArrayBuffer): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable("The body is not UTF-8", "malformed_utf8");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("The body is not valid JSON", "malformed_json");
  }
}

/** Without recursion: 256 kB of brackets are deeper than any stack. */
function refuseBadText(body: unknown): void {
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: body, path: [] }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, path } = at;
    if (typeof value === "string" && !isPlainText(value)) throw notText(fieldName(path) || "body");
    if (value === null || typeof value !== "object") continue;
    const isList = Array.isArray(value);
    for (const [name, item] of Object.entries(value)) {
      if (!isPlainText(name)) throw notText(fieldName(path) || "body");
      // JavaScript means something else by it, and would leave it out without a word.
      if (name === "__proto__") throw invalidName(fieldName(path) || "body");
      if (item === null || (typeof item !== "object" && typeof item !== "string")) continue;
      if (path.length > depthMax) throw unreadable(`The body is nested deeper than ${depthMax}`, "too_deep");
      open.push({ value: item, path: [...path, isList ? Number(name) : name] });
    }
  }
}

/** No request of ours is deeper than an order's lines. */
const depthMax = 10;

function unreadable(message: string, reason: string) {
  return problem("invalid_request", message, {
    hint: "Send one JSON object, encoded as UTF-8, with Content-Type: application/json",
    details: { field: "body", reason },
  });
}

function notText(field: string) {
  return problem("invalid_params", `${field} is not text`, {
    hint: "Send whole characters: no NUL (\\u0000), and no half of a surrogate pair (\\ud800 to \\udfff)",
    details: { field, reason: "not_text" },
  });
}

function invalidName(field: string) {
  return problem("invalid_params", "__proto__ is not a name here", {
    hint: "Choose another name.",
    details: { field, reason: "invalid_name" },
  });
}
