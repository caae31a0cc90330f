// What a request has become so far, and how an answer is written from it, however far it came.

import { jsonText } from "../answer/json_text.ts";
import type { Fault, Loss } from "../records/faults.ts";
import type { Caller } from "../state/accounts.ts";
import type { Unit, World } from "../state/unit.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";
import { decodeForm, type FormTree } from "../words/form.ts";
import type { Match } from "./router.ts";

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

/** A call in its unit, on the way through its route. */
export interface InUnit {
  readonly call: Call;
  readonly unit: Unit;
  readonly match: Match;
}

export function written(call: Call, status: number, json: object): WireAnswer {
  return { status, headers: call.headers, body: jsonText(json) };
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
