// How a refusal leaves: with the object that it left as it was, rendered for the caller; and a bug as a 500 that the
// log explains.
import { isHash, isObject, render } from "../answer/render.ts";
import { isStripeOperation } from "../schema/endpoints.ts";
import type { StripeObject } from "../state/noun.ts";
import type { Unit, World } from "../state/unit.ts";
import { read } from "../state/writes.ts";
import { errorBody, notCovered, StripeError, unrecognizedUrl } from "../words/errors.ts";
import { isBrowserKey, openToBrowsers } from "./browsers.ts";
import { type Call, type InUnit, treeOf, type WireAnswer, type WireRequest, written } from "./call.ts";
import { isUnbuilt, type Router } from "./router.ts";

/** What a unit threw, as its caller is shown it: refusals inline objects, and objects are rendered. */
export function shownError(inUnit: InUnit, error: unknown): unknown {
  return error instanceof StripeError ? rendered(inUnit.unit, inlined(inUnit, error)) : error;
}

/** What a refusal leaves as it was. */
function inlined({ call, unit, match }: InUnit, error: StripeError): StripeError {
  const { mounted, ids } = match;
  const noun = mounted.route.inlines;
  if (!noun || error.status !== 400) return error;
  const object = read(unit, noun, ids[0] ?? "") as (StripeObject & { client_secret?: unknown }) | undefined;
  if (!object || (unit.isPublishable && treeOf(call).client_secret !== object.client_secret)) return error;
  const fields: Record<string, unknown> = { ...error.fields };
  fields[noun.object] ??= object;
  return withFields(error, fields);
}

/** Objects inlined in an error are rendered for the caller like any other. */
function rendered(unit: Unit, error: StripeError): StripeError {
  const fields: Record<string, unknown> = { ...error.fields };
  for (const [name, value] of Object.entries(error.fields)) {
    if (isHash(value) && isObject(value)) fields[name] = render(unit, value);
  }
  return withFields(error, fields);
}

function withFields(error: StripeError, fields: Record<string, unknown>): StripeError {
  const { status, keep, replayable, headers } = error;
  return new StripeError(status, { ...error.fields, ...fields }, { keep, replayable, headers });
}

export function missing(router: Router, { method, path }: WireRequest): StripeError {
  const isStripes = isStripeOperation(method, path) || isUnbuilt(router, method, path);
  return isStripes ? notCovered(method, path) : unrecognizedUrl(method, path);
}

/** The answer to whatever was thrown. */
export function refused(world: World, call: Call, error: unknown): WireAnswer {
  const { status, json } = refusalTree(world, call, error);
  if (error instanceof StripeError) Object.assign(call.headers, error.headers);
  // A bank's no stays one, with a key or without.
  if (status === 402) call.headers["stripe-should-retry"] = "false";
  if (status === 401) call.headers["www-authenticate"] = 'Bearer realm="Stripe"';
  if (isBrowserKey(call)) openToBrowsers(call.headers);
  return written(call, status, json);
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
