// Tells a sandbox where billing listens, and learns the signing secret, as a person does once in Stripe's Dashboard.
import type { Fetch } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { apiVersion } from "../billing/index.ts";

interface EndpointList {
  readonly data: readonly { readonly id: string; readonly url: string; readonly description: string | null }[];
}

/** How endpoints that we registered are told from a user's own. */
const ours = "Bursar";

/** Registers `url` for all events and answers the signing secret; one left over from an earlier run is replaced. */
export async function registerWebhook(options: {
  fetch: Fetch;
  stripeBase: string;
  secretKey: string;
  url: string;
  /** Nobody else registers at this sandbox: one under another port is of an earlier start. */
  isOnlyOne?: boolean;
}): Promise<string> {
  const { stripeBase, secretKey, url, isOnlyOne = false } = options;
  const call = async <T>(method: string, path: string, form?: Record<string, string>): Promise<T> => {
    const init = {
      method,
      headers: { authorization: `Bearer ${secretKey}` },
      ...(form && { body: new URLSearchParams(form) }),
    };
    const answer = await options.fetch(`${stripeBase}${path}`, init).catch((cause: unknown) => {
      throw problem("stripe_unreachable", `No sandbox answers at ${stripeBase}.`, {
        hint: "Start one with `bursar sandbox`, or say where it is with --stripe-base (BURSAR_STRIPE_BASE).",
        cause,
      });
    });
    const body: unknown = await answer.json();
    if (answer.ok) return body as T;
    throw problem("stripe_refused", `${stripeBase} refused ${method} ${path} with ${answer.status}.`, {
      hint: "Is it a Bursar sandbox? STRIPE_WEBHOOK_SECRET skips this registration.",
    });
  };
  const known = await call<EndpointList>("GET", "/v1/webhook_endpoints?limit=100");
  // An endpoint's secret is shown only when it is made, so the old one is of no use to us.
  for (const endpoint of known.data.filter((one) => one.url === url || (isOnlyOne && one.description === ours))) {
    await call("DELETE", `/v1/webhook_endpoints/${endpoint.id}`);
  }
  const made = await call<{ readonly secret: string }>("POST", "/v1/webhook_endpoints", {
    url,
    "enabled_events[]": "*",
    api_version: apiVersion,
    description: ours,
  });
  return made.secret;
}
