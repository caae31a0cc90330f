// What a request has become so far, and how an answer is written from it, however far it came.

import { isStripeOperation } from "../schema/endpoints.ts";
import { type Caller, keyOfHeader } from "../state/accounts.ts";
import type { World } from "../state/world.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, errorBody, notCovered, refusal, StripeError, unrecognizedUrl } from "../words/errors.ts";
import { decodeForm, type FormTree } from "../words/form.ts";
import type { Fault, Loss } from "./faults.ts";

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** A fault: the connection breaks instead of answering. */
  readonly lost?: Loss;
  /** A fault: the answer waits for this. */
  readonly late?: Promise<void>;
}

/** What a request has become so far; the answer is written from it, however far it came. */
export interface Call {
  readonly request: WireRequest;
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly fault: Fault | undefined;
  tree: FormTree | undefined;
  caller: Caller | undefined;
}

/** Parameters of the query and of the body are one set. Decoded once. */
export function treeOf(call: Call): FormTree {
  if (call.tree) return call.tree;
  const { query, body } = call.request;
  if (body !== "" && isJson(call.request)) throw refusal(common.bodyNotForm, {}, beforeWork);
  call.tree = query === "" && body === "" ? {} : decodeForm(query && body ? `${query}&${body}` : query || body);
  return call.tree;
}

/** Version 1 of the API takes forms. */
function isJson(request: WireRequest): boolean {
  return header(request, "content-type")?.startsWith("application/json") === true;
}

/** What Stripe.js adds to its calls, besides the call's own parameters. */
export const browserParams = [
  "key",
  "_stripe_version",
  "_stripe_account",
  "payment_user_agent",
  "referrer",
  "time_on_page",
  "guid",
  "muid",
  "sid",
  "client_attribution_metadata",
  "pasted_fields",
];

export function missing(request: WireRequest): StripeError {
  const { method, path } = request;
  return isStripeOperation(method, path) ? notCovered(method, path) : unrecognizedUrl(method, path);
}

export function refusalTree(world: World, call: Call, error: unknown): { status: number; json: object } {
  // A version that does not exist has no log.
  const account = call.headers["stripe-version"] ? call.caller?.account : undefined;
  const logUrl = account && `https://dashboard.stripe.com/${account.id}/test/workbench/logs?object=${call.id}`;
  if (error instanceof StripeError) return { status: error.status, json: errorBody(error.fields, logUrl) };
  world.log.error("sandbox.bug", {
    requestId: call.id,
    method: call.request.method,
    path: call.request.path,
    error: error instanceof Error ? error.stack : String(error),
  });
  const message = `The sandbox made a mistake; its log says more under ${call.id}.`;
  return { status: 500, json: errorBody({ type: "api_error", message }, logUrl) };
}

export function isBrowserKey(call: Call): boolean {
  const key = keyOfHeader(header(call.request, "authorization")) ?? call.tree?.key;
  return typeof key === "string" && key.startsWith("pk_");
}

/** Only what a publishable key may do is open to pages of other origins. */
export function openToBrowsers(headers: Record<string, string>): void {
  headers["access-control-allow-origin"] = "*";
  headers["access-control-expose-headers"] = "Request-Id, Stripe-Should-Retry, Stripe-Version";
}

export function written(call: Call, status: number, json: object): WireAnswer {
  return { status, headers: call.headers, body: JSON.stringify(json, null, 2) };
}

export function header(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `req_` and 14 characters: eight of chance per sandbox, then a counter. Unguessable they need not be. */
export function requestIds(world: World): () => string {
  const start = world.ids.text(8);
  let count = 0;
  return () => {
    let rest = count++;
    let digits = "";
    for (let place = 0; place < 6; place++) {
      digits = base62[rest % 62] + digits;
      rest = Math.floor(rest / 62);
    }
    return `req_${start}${digits}`;
  };
}

/** Stripe's clock is ours: billing learns its offset from this header. */
export function dateHeader(world: World): () => string {
  let second = -1;
  let value = "";
  return () => {
    const now = Math.floor(world.timeline.now() / 1000);
    if (now !== second) {
      second = now;
      value = new Date(now * 1000).toUTCString();
    }
    return value;
  };
}
