// READ FIRST. The kernel of the sandbox in five files, in this order: this one; ../state/resource.ts, what a noun
// says of itself; ../state/unit.ts, what is kept or dropped whole; ../state/machine.ts, the only way a status changes;
// ../timeline/timeline.ts, what happens by itself. What is shown follows from ../answer/render.ts.
//
// The sandbox's HTTP core without HTTP types: a request goes in, an answer comes out, one unit of work lies between.
// Order as at Stripe: key, address, version, idempotency, parameters, action.

import { present } from "../answer/expand.ts";
import { onTheWay, refusalOf } from "../records/faults.ts";
import { type Account, type Caller, secretKeyRequired } from "../state/accounts.ts";
import type { Params } from "../state/resource.ts";
import { commit, drop, openUnit, type Unit, type World } from "../state/unit.ts";
import { timelineOf } from "../time/timeline_of.ts";
import { liftParams } from "../versions/lift_params.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal, StripeError } from "../words/errors.ts";
import { refuseFractions } from "../words/fractions.ts";
import { refuseOtherAccounts } from "../words/other_accounts.ts";
import { texts } from "../words/params.ts";
import { authenticate, versionOf } from "./authentication.ts";
import { browserParams, openToBrowsers, preflight } from "./browsers.ts";
import {
  type Call,
  dateHeader,
  header,
  type InUnit,
  requestIds,
  treeOf,
  type WireAnswer,
  type WireRequest,
  written,
} from "./call.ts";
import { missing, refused, shownError } from "./refused.ts";
import { once } from "./replay.ts";
import { findRoute, type Router } from "./router.ts";

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

const requestSizeMax = commonDefaults.requestLineBytes.value;

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
  if (!match || (match.ids.at(-1) === "search" && request.method === "GET")) throw missing(router, request);
  if (caller.publishableKey) {
    openToBrowsers(headers);
    if (!match.mounted.route.publishable) throw secretKeyRequired();
  }
  const struck = refusalOf(call.fault);
  if (struck && !struck.replayable) throw struck;
  const key = request.method === "POST" ? header(request, "idempotency-key") : undefined;
  const begin = () => {
    const unit = unitOf(world, call, { caller, version, key, ids: match.ids });
    const inUnit = { call, unit, match };
    const params = paramsOf(inUnit);
    return () => run(inUnit, params);
  };
  return key === undefined ? written(call, 200, begin()()) : once(world, call, { account: caller.account, key }, begin);
}

interface Asked {
  readonly caller: Caller;
  readonly version: string;
  /** For idempotency. */
  readonly key: string | undefined;
  readonly ids: readonly string[];
}

function unitOf(world: World, call: Call, { caller, version, key, ids }: Asked): Unit {
  const { account, publishableKey } = caller;
  const timeline = timelineOf(world, account, { method: call.request.method, ids, params: () => treeOf(call) });
  const request = { id: call.id, idempotencyKey: key ?? null };
  return openUnit(world, account, { version, timeline, request, publishableKey });
}

function paramsOf(inUnit: InUnit): Params {
  const { call, unit, match } = inUnit;
  const tree = treeOf(call);
  const { declared, operation, check } = match.mounted;
  if (unit.isPublishable) for (const name of browserParams) delete tree[name];
  try {
    const params = check(tree, unit.family);
    // What an old address takes means what it means where the SDKs declare it.
    const spoken = { operation: declared ?? operation, version: unit.version };
    return unit.family === "endive" ? params : liftParams(unit.world.lifts, params, spoken);
  } catch (error) {
    throw shownError(inUnit, error);
  }
}

/** The unit itself: committed whole, or dropped whole when the refusal does not say `keep`. A preview is dropped. */
function run(inUnit: InUnit, params: Params): object {
  const { call, unit } = inUnit;
  const { mounted, ids } = inUnit.match;
  const { preview } = mounted.route;
  try {
    const struck = refusalOf(call.fault);
    if (struck) throw struck;
    refuseFractions(params, undefined); // What an object's own currency counts, its action checks.
    const answer = mounted.route.run(unit, params, ids[0] ?? "", ids[1] ?? "");
    refuseOtherAccounts(params, unit.account.id); // What its action refuses is told first.
    const tree = present(unit, answer, { expand: texts(params, "expand") ?? [], operation: mounted.declared });
    if (preview) drop(unit);
    else commit(unit);
    return preview ? preview(tree) : tree;
  } catch (error) {
    if (error instanceof StripeError && error.keep && !preview) commit(unit);
    else drop(unit);
    throw shownError(inUnit, error);
  }
}
