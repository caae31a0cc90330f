// What browsers ask for besides: pages of other origins may do what a publishable key may do, and nothing else.
import { keyOfHeader } from "../state/accounts.ts";
import { type Call, header, type WireAnswer } from "./call.ts";
import { isPublishablePath, type Router } from "./router.ts";

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

/** The question before the call: may this page ask here at all? */
export function preflight(call: Call, router: Router): WireAnswer {
  if (!isPublishablePath(router, call.request.path)) return { status: 403, headers: call.headers, body: "" };
  openToBrowsers(call.headers);
  call.headers["access-control-allow-methods"] = "GET, POST";
  call.headers["access-control-allow-headers"] =
    "authorization, content-type, idempotency-key, stripe-account, stripe-version";
  call.headers["access-control-max-age"] = "300";
  return { status: 204, headers: call.headers, body: "" };
}

export function openToBrowsers(headers: Record<string, string>): void {
  headers["access-control-allow-origin"] = "*";
  headers["access-control-expose-headers"] = "Request-Id, Stripe-Should-Retry, Stripe-Version";
}

export function isBrowserKey(call: Call): boolean {
  const key = keyOfHeader(header(call.request, "authorization")) ?? call.tree?.key;
  return typeof key === "string" && key.startsWith("pk_");
}
