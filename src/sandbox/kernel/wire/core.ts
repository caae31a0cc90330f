// The sandbox's HTTP core without HTTP types: a request goes in, an answer comes out, one unit of work lies between.
// Order as at Stripe: key, address, version, idempotency, parameters, action. What is refused before the action began
// is not kept under the idempotency key.

import { present } from "../answer/expand.ts";
import { isHash, isObject, render } from "../answer/render.ts";
import { type Account, type Caller, identify, keyOfHeader, secretKeyRequired, starred } from "../state/accounts.ts";
import { prefixOf, type StripeObject } from "../state/noun.ts";
import type { Params } from "../state/resource.ts";
import { commit, drop, tickUnit, type Unit } from "../state/unit.ts";
import type { World } from "../state/world.ts";
import { read } from "../state/writes.ts";
import { timelineOf } from "../time/timeline_of.ts";
import { assertVersion, isBefore } from "../versions/families.ts";
import { liftParams } from "../versions/lift_params.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal, StripeError } from "../words/errors.ts";
import {
  browserParams,
  type Call,
  dateHeader,
  header,
  isBrowserKey,
  missing,
  openToBrowsers,
  refusalTree,
  requestIds,
  treeOf,
  type WireAnswer,
  type WireRequest,
  written,
} from "./call.ts";
import { onTheWay, refusalOf, slownessMs } from "./faults.ts";
import { hashOfParams, keptAnswer } from "./idempotency.ts";
import { findRoute, isPublishablePath, type Match, type Router } from "./router.ts";

export interface Core {
  handle(request: WireRequest): WireAnswer;
}

/** An answered request whose sender is known. */
export interface Served {
  readonly account: Account;
  readonly request: WireRequest;
  readonly requestId: string;
  readonly answer: WireAnswer;
}

const requestSizeMax = 16_384; // Stripe's front answers 414 above 16 KiB of request line.

/** `watch` is told of every answer. */
export function createCore(world: World, router: Router, watch: (call: Served) => void = () => {}): Core {
  const nextRequestId = requestIds(world);
  const date = dateHeader(world);
  return {
    handle(request) {
      const id = nextRequestId();
      const headers = { "content-type": "application/json", date: date(), "request-id": id };
      const isAsking = request.method === "OPTIONS";
      const fault = isAsking ? undefined : world.faults.strikeCall(request.method, request.path);
      const call: Call = { request, id, headers, fault, tree: undefined, caller: undefined };
      if (isAsking) return preflight(call, router);
      if (fault?.kind === "timeout_before_commit") {
        world.journal?.flush(); // That the fault has happened.
        return { status: 504, headers, body: "", ...onTheWay(fault, world.clock) };
      }
      const answer = keptOrFailed(world, call, served(world, router, call));
      if (call.caller) watch({ account: call.caller.account, request, requestId: id, answer });
      return fault ? { ...answer, ...onTheWay(fault, world.clock) } : answer;
    },
  };
}

function served(world: World, router: Router, call: Call): WireAnswer {
  try {
    return serve(world, router, call);
  } catch (error) {
    return refused(world, call, error);
  }
}

/** Before the answer leaves: what was answered is kept. */
function keptOrFailed(world: World, call: Call, answer: WireAnswer): WireAnswer {
  if (world.journal === undefined || world.journal.flush()) return answer;
  const message = "The sandbox could not write to its data folder; its log says why.";
  return refused(world, call, new StripeError(500, { type: "api_error", message }));
}

function serve(world: World, router: Router, call: Call): WireAnswer {
  const { request, headers } = call;
  if (request.path.length + request.query.length > requestSizeMax) {
    throw refusal(common.urlTooLong, {}, beforeWork);
  }
  const caller = authenticate(world, call);
  call.caller = caller;
  const version = versionOf(world, call, caller);
  headers["stripe-version"] = version;
  const match = findRoute(router, request.method, request.path);
  // `/v1/customers/search` would else be the customer with the id "search".
  if (!match || (match.ids.at(-1) === "search" && request.method === "GET")) throw missing(request);
  if (caller.publishableKey) {
    openToBrowsers(headers);
    if (!match.mounted.route.publishable) throw secretKeyRequired();
  }
  const struck = refusalOf(call.fault);
  if (struck && !struck.replayable) throw struck;
  const key = request.method === "POST" ? header(request, "idempotency-key") : undefined;
  if (key === undefined) {
    const unit = openUnit(world, call, caller, version, null);
    return written(call, 200, perform(call, unit, match));
  }
  headers["idempotency-key"] = key;
  return once(world, call, caller, version, key, match);
}

/** The same request again under its key: the first answer again. */
function once(world: World, call: Call, caller: Caller, version: string, key: string, match: Match): WireAnswer {
  const { request, headers } = call;
  const kept = caller.account.idempotency;
  const now = world.timeline.now();
  const bodyHash = hashOfParams(request.query, request.body);
  const before = keptAnswer(kept, { key, path: request.path, bodyHash, now });
  if (before) {
    headers["idempotent-replayed"] = "true";
    return keyed(call, before.answer.status, before.answer.json, before.requestId);
  }
  const unit = openUnit(world, call, caller, version, key);
  const params = paramsOf(call, unit, match);
  const entry = { path: request.path, bodyHash, requestId: call.id, at: now, readyAt: now + slownessMs(call.fault) };
  const keep = (status: number, json: object) => {
    kept.set(key, { ...entry, answer: { status, json } });
    world.journal?.keep(caller.account, key);
  };
  try {
    const json = run(call, unit, match, params);
    keep(200, json);
    return keyed(call, 200, json, call.id);
  } catch (error) {
    if (error instanceof StripeError && !error.replayable) throw error;
    const { status, json } = refusalTree(world, call, error);
    keep(status, json);
    return keyed(call, status, json, call.id);
  }
}

/** What is kept under a key names the request that made it, and is no better for being asked for again. */
function keyed(call: Call, status: number, json: object, original: string): WireAnswer {
  call.headers["original-request"] = original;
  if (status < 500) call.headers["stripe-should-retry"] = "false";
  return written(call, status, json);
}

function perform(call: Call, unit: Unit, match: Match): object {
  return run(call, unit, match, paramsOf(call, unit, match));
}

function paramsOf(call: Call, unit: Unit, match: Match): Params {
  const tree = treeOf(call);
  const { operation, check } = match.mounted;
  if (unit.isPublishable) for (const name of browserParams) delete tree[name];
  try {
    const params = check(tree, unit.family);
    return unit.family === "endive" ? params : liftParams(unit.world.lifts, operation, params, unit.version);
  } catch (error) {
    throw error instanceof StripeError ? renderedError(unit, inlined(call, unit, match, error)) : error;
  }
}

/** The unit itself: committed whole, or dropped whole when the refusal does not say `keep`. */
function run(call: Call, unit: Unit, match: Match, params: Params): object {
  const { mounted, ids } = match;
  try {
    const struck = refusalOf(call.fault);
    if (struck) throw struck;
    const answer = mounted.route.run(unit, params, ids[0] ?? "", ids[1] ?? "");
    const expand = params.expand;
    const tree = present(unit, answer, Array.isArray(expand) ? expand.map(String) : []);
    commit(unit);
    return tree;
  } catch (error) {
    if (error instanceof StripeError && error.keep) commit(unit);
    else drop(unit);
    throw error instanceof StripeError ? renderedError(unit, inlined(call, unit, match, error)) : error;
  }
}

/** What a refusal leaves as it was. */
function inlined(call: Call, unit: Unit, { mounted, ids }: Match, error: StripeError): StripeError {
  const noun = mounted.route.inlines;
  if (!noun || error.status !== 400) return error;
  const object = read(unit, noun, ids[0] ?? "") as (StripeObject & { client_secret?: unknown }) | undefined;
  if (!object || (unit.isPublishable && treeOf(call).client_secret !== object.client_secret)) return error;
  const { status, keep, replayable, headers } = error;
  const fields: Record<string, unknown> = { ...error.fields };
  fields[noun.object] ??= object;
  return new StripeError(status, { ...error.fields, ...fields }, { keep, replayable, headers });
}

/** Objects inlined in an error are rendered for the caller like any other. */
function renderedError(unit: Unit, error: StripeError): StripeError {
  const fields: Record<string, unknown> = { ...error.fields };
  for (const [name, value] of Object.entries(error.fields)) {
    if (isHash(value) && isObject(value)) fields[name] = render(unit, value);
  }
  // Not yet known.
  if (isBefore(unit.family, "acacia"))
    Object.assign(fields, { advice_code: undefined, network_decline_code: undefined });
  const { keep, replayable, headers } = error;
  return new StripeError(error.status, { ...error.fields, ...fields }, { keep, replayable, headers });
}

function authenticate(world: World, call: Call): Caller {
  const { request } = call;
  const fromHeader = keyOfHeader(header(request, "authorization"));
  // Stripe.js puts the publishable key among the parameters.
  const key = fromHeader || (treeOf(call).key as string | undefined);
  const caller = identify(world.accounts, key, () => clientSecretOf(world, call));
  const connected = header(request, "stripe-account");
  if (connected && connected !== caller.account.id) {
    throw refusal(common.accountUnknown, { key: starred(caller.account.key), account: connected }, beforeWork);
  }
  return caller;
}

/** From the parameter, or from the id in the path: `/v1/payment_intents/pi_x/confirm`. */
function clientSecretOf(world: World, call: Call): string | undefined {
  const sent = treeOf(call).client_secret;
  if (typeof sent === "string" && sent !== "") return sent;
  const ids = call.request.path.split("/");
  return ids.find((id) => world.nounByPrefix.get(prefixOf(id))?.hasSecret);
}

function versionOf(world: World, call: Call, caller: Caller): string {
  const sent = header(call.request, "stripe-version");
  if (!sent) return caller.account.defaultVersion;
  assertVersion(sent, { tolerated: world.toleratesUnknownVersions });
  return sent;
}

function openUnit(world: World, call: Call, caller: Caller, version: string, key: string | null): Unit {
  return {
    ...tickUnit(world, caller.account, { version, timeline: timelineOf(world, call.request.method) }),
    request: { id: call.id, idempotencyKey: key },
    isPublishable: caller.publishableKey !== null,
    publishableKey: caller.publishableKey,
  };
}

function refused(world: World, call: Call, error: unknown): WireAnswer {
  const { status, json } = refusalTree(world, call, error);
  if (error instanceof StripeError) Object.assign(call.headers, error.headers);
  if (status === 401) call.headers["www-authenticate"] = 'Bearer realm="Stripe"';
  if (isBrowserKey(call)) openToBrowsers(call.headers);
  return written(call, status, json);
}

function preflight(call: Call, router: Router): WireAnswer {
  if (!isPublishablePath(router, call.request.path)) return { status: 403, headers: call.headers, body: "" };
  openToBrowsers(call.headers);
  call.headers["access-control-allow-methods"] = "GET, POST";
  call.headers["access-control-allow-headers"] =
    "authorization, content-type, idempotency-key, stripe-account, stripe-version";
  call.headers["access-control-max-age"] = "300";
  return { status: 204, headers: call.headers, body: "" };
}
