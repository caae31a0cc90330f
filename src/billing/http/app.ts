// The door of billing's HTTP half: webhook, REST under /v1 with its OpenAPI document, hosted pages. A Web-standard
// handler, so it mounts wherever a Request can be had. Nothing here decides about money; it lets in, checks, and shows.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { getPath } from "hono/utils/url";
import type { Running } from "#kit/ports.ts";
import { type Problem, problem } from "#kit/problems.ts";
import type { Billing } from "../api/index.ts";
import { createBodies } from "./bodies.ts";
import { type Api, basePath, type HttpCore, modeOf, publicUrl } from "./core.ts";
import { answerThrown, errorBody, invalidParams, logRefusal } from "./errors.ts";
import type { HostEnv } from "./host_body.ts";
import { takeIncoming } from "./incoming.ts";
import { createFailedKeys, type FailedKeys } from "./keys/failed_keys.ts";
import { createKeyStore, type KeyStore } from "./keys/keys.ts";
import { createEndpointStore } from "./outgoing/endpoints.ts";
import { createPinnedSend, type SendOutgoing } from "./outgoing/pinned_request.ts";
import { createPlainSend } from "./outgoing/plain_send.ts";
import { mountFront } from "./pages/front.ts";
import { mountPages } from "./pages/routes.ts";
import { mountAudit } from "./rest/audit.ts";
import { holdBody, refuseUnknownQuery, refuseUnreadable } from "./rest/body.ts";
import { mountCatalog } from "./rest/catalog.ts";
import type { RestApp, RestContext, RestEnv } from "./rest/context.ts";
import { mountCustomers } from "./rest/customers.ts";
import { mountEndpoints } from "./rest/endpoints.ts";
import { mountKeys } from "./rest/keys.ts";
import { mountMethods } from "./rest/methods.ts";
import { mountDocs } from "./rest/openapi/docs.ts";
import { mountOrders } from "./rest/orders.ts";
import { mountAccess } from "./rest/recurring/access.ts";
import { mountChanges } from "./rest/recurring/changes.ts";
import { mountSubscriptionEnds } from "./rest/recurring/ends.ts";
import { mountInvoiceCreate } from "./rest/recurring/invoice_create.ts";
import { mountInvoiceCredits } from "./rest/recurring/invoice_credits.ts";
import { mountInvoiceMoves } from "./rest/recurring/invoice_moves.ts";
import { mountInvoices } from "./rest/recurring/invoices.ts";
import { mountSubscriptionPauses } from "./rest/recurring/pause.ts";
import { mountSubscriptions } from "./rest/recurring/subscriptions.ts";
import { mountSubscriptionTerms } from "./rest/recurring/terms.ts";
import { mountRefunds } from "./rest/refunds.ts";
import { mountDeliveries } from "./rest/repair/deliveries.ts";
import { mountFlags } from "./rest/repair/flags.ts";
import { mountOperations } from "./rest/repair/operations.ts";
import { mountReceipts } from "./rest/repair/receipts.ts";
import { mountTaxIds } from "./rest/tax_ids.ts";
import { mountWebhook, webhookPath } from "./webhook.ts";

export interface HttpApp {
  /** @param env what a server adapter knows beside the request; @hono/node-server passes `{ incoming }`. */
  fetch(request: Request, env?: object): Promise<Response>;
  takeWebhook: Billing["takeWebhook"];
  /** Brings the stored endpoints to the outbox. Call it when the workers start, and stop what it answers with them. */
  start(): Promise<Running>;
}

export interface HttpExtra {
  /** How facts leave; tests may give their own road. */
  readonly send?: SendOutgoing;
}

export function createApp(core: HttpCore, api: Api, extra: HttpExtra = {}): HttpApp {
  const { sql, ports } = core;
  const isPrivateAllowed = core.options.allowPrivateTargets === true && modeOf(core) === "test";
  const send = extra.send ?? (isPrivateAllowed ? createPlainSend(ports) : createPinnedSend({ clock: ports.clock }));
  const endpoints = createEndpointStore({ core, send });
  const { bootstrapKey } = core.options;
  const keys = createKeyStore({ sql, ports, mode: modeOf(core), bootstrapKey, knownTime: core.knownTime });
  const context: RestContext = { core, api, keys, endpoints };

  const bodies = createBodies(ports.clock);

  const app = new OpenAPIHono<RestEnv>({
    getPath: pathUnder(basePath(core)),
    defaultHook: (result) => {
      if (!result.success) throw invalidParams(result.error, result.target === "json" ? "body" : result.target);
    },
  });
  app.use(async (c, next) => {
    c.set("requestId", ports.ids.next("req", 16));
    await next();
    c.header("Request-Id", c.get("requestId"));
    c.header("X-Content-Type-Options", "nosniff");
  });
  answerErrors(app, core);
  mountFront(app, core);
  app.get("/health", (c) => c.json({ ok: true }, 200));
  app.get("/ready", async (c) => {
    const { ok, reasons, lastDid } = await core.health();
    const did = Object.entries(lastDid).map(([chore, at]) => [chore, at === null ? null : new Date(at).toISOString()]);
    return c.json({ ok, reasons: Object.keys(reasons), lastDid: Object.fromEntries(did) }, ok ? 200 : 503);
  });
  mountWebhook(app, core, bodies);
  mountDocs(app, core);
  guardRest(app, { keys, failed: createFailedKeys(ports.clock) });
  holdBody(app, bodies);
  refuseUnreadable(app);
  refuseUnknownQuery(app);
  mountCatalog(app, context);
  mountCustomers(app, context);
  mountTaxIds(app, context);
  mountMethods(app, context);
  mountOrders(app, context);
  mountRefunds(app, context);
  mountSubscriptions(app, context);
  mountChanges(app, context);
  mountSubscriptionEnds(app, context);
  mountSubscriptionPauses(app, context);
  mountSubscriptionTerms(app, context);
  mountInvoices(app, context);
  mountInvoiceCreate(app, context);
  mountInvoiceMoves(app, context);
  mountInvoiceCredits(app, context);
  mountAccess(app, context);
  mountReceipts(app, context);
  mountOperations(app, context);
  mountFlags(app, context);
  mountAudit(app, context);
  mountKeys(app, context);
  mountEndpoints(app, context);
  mountDeliveries(app, context);
  mountPages(app, { core, api });
  return {
    fetch: async (request, env) => app.fetch(request, env),
    takeWebhook: (incoming) => takeIncoming(core, bodies, incoming),
    start: () => endpoints.start(),
  };
}

/**
 * Hosts differ: some strip the prefix they mount us under, some do not. Both reach the same routes, and so does an
 * address that somebody wrote with a slash too many: Stripe follows no redirect. Of the webhook any prefix will do: its
 * signature says whose it is.
 */
function pathUnder(base: string): (request: Request) => string {
  return (request) => {
    const path = getPath(request).replace(/\/{2,}/g, "/");
    const isUnder = base !== "" && (path === base || path.startsWith(`${base}/`));
    const inside = isUnder ? path.slice(base.length) || "/" : path;
    const plain = inside.length > 1 ? inside.replace(/\/$/, "") : inside;
    return plain.endsWith(webhookPath) ? webhookPath : plain;
  };
}

function answerErrors(app: RestApp, core: HttpCore): void {
  app.onError((thrown, c) => {
    const refused = { requestId: c.get("requestId"), method: c.req.method, path: c.req.routePath };
    const { status, headers, body } = answerThrown(core.ports.log, refused, thrown);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    return c.json(body, status as 400);
  });
  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = methodsAt(app, path);
    if (allowed.length > 0) {
      c.header("Allow", allowed.join(", "));
      const hint = `Use ${allowed.join(" or ")}`;
      const wrong = problem("method_not_allowed", `${path} does not know ${method}`, { hint });
      return c.json(errorBody(wrong, c.get("requestId")), 405);
    }
    const hint = c.req.header("stripe-signature")
      ? `Stripe's webhooks are taken at POST ${publicUrl(core)}${webhookPath}: correct the endpoint's address`
      : "The addresses are listed at /v1/docs";
    const missing = problem("not_found", `There is nothing at ${method} ${path}`, { hint });
    logRefusal(core.ports.log, { requestId: c.get("requestId"), method, path, code: missing.code }, missing);
    return c.json(errorBody(missing, c.get("requestId")), 404);
  });
}

/** What the address knows; middleware is at every address and of every method. */
function methodsAt(app: RestApp, path: string): string[] {
  const isAt = (pattern: string) =>
    new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+").replaceAll("*", ".*")}$`).test(path);
  const known = app.routes.filter((route) => route.method !== "ALL" && isAt(route.path)).map((route) => route.method);
  return [...new Set(known)].sort();
}

/** Everything under /v1 but its documentation needs a key. */
function guardRest(app: RestApp, guard: { keys: KeyStore; failed: FailedKeys }): void {
  app.use("/v1/*", async (c, next) => {
    const key = presentedKey(c.req.header("authorization"));
    const caller = key === undefined ? undefined : await guard.keys.authenticate(key);
    if (!caller) throw refusedKey(guard.failed, key, addressOf(c));
    c.set("caller", caller);
    await next();
    c.header("Cache-Control", "no-store");
  });
}

/** A good key is never made to wait: behind a proxy, or in another's process, everybody has the same address. */
function refusedKey(failed: FailedKeys, key: string | undefined, address: string): Problem {
  const waitMs = failed.waitMs(address);
  if (waitMs > 0) {
    return problem("too_many_requests", "Too many wrong keys came from this address", {
      hint: `Wait ${Math.ceil(waitMs / 1_000)} s, then use a valid key`,
      details: { reason: "failed_keys", waitMs },
    });
  }
  if (key !== undefined) failed.record(address);
  return problem("unauthorized", key === undefined ? "No API key was sent" : "This API key is not valid here", {
    hint: "Send Authorization: Bearer bk_test_… (bk_live_… in live mode). Keys are made with POST /v1/keys",
    details: { field: "Authorization", reason: key === undefined ? "missing" : "wrong_key" },
  });
}

/** Bearer, or Basic with the key as the user's name (`curl -u bk_test_…:`). */
function presentedKey(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic)\s+(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return value;
  return Buffer.from(value, "base64").toString("utf8").split(":")[0];
}

/** The peer's address; headers that anyone can write (X-Forwarded-For) are not asked. */
function addressOf(c: Context<RestEnv>): string {
  return (c.env as HostEnv | undefined)?.incoming?.socket?.remoteAddress ?? "unknown";
}
