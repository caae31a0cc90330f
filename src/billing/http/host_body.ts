// What the host has done with a request before us. Some read the body and keep the bytes beside it, and those are as
// good as the socket's; where nobody kept them, what to do depends on the host, so the refusal names the way of each.
import { type Problem, problem } from "#kit/problems.ts";
import { type Given, type Host, readers, strangers } from "./hosts.table.ts";

/** What server adapters pass beside the request, as far as it is looked at here. */
export interface HostEnv {
  readonly incoming?: HostRequest;
}

interface HostRequest {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly readableDidRead?: boolean;
  readonly socket?: { readonly remoteAddress?: string };
  /** Kept by express.json({ verify }), Nest's rawBody, Firebase and Cloud Functions (bytes), Azure (text). */
  readonly rawBody?: unknown;
  /** Left by express.raw() and serverless-http as bytes, by express.text() as text, by express.json() as an object. */
  readonly body?: unknown;
}

/** The bytes that the host kept, if it did. */
export function keptBytes(env: HostEnv | undefined): Uint8Array | undefined {
  for (const kept of [env?.incoming?.rawBody, env?.incoming?.body]) {
    if (kept instanceof Uint8Array) return kept;
    if (typeof kept === "string") return Buffer.from(kept, "utf8");
  }
  return undefined;
}

/** True when there was a body, somebody has taken it, and nothing of it is left for us. */
export function isConsumed(request: Request, env: HostEnv | undefined): boolean {
  if (env?.incoming?.readableDidRead !== true) return request.bodyUsed;
  const { headers } = request;
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}

/** 500, not 400: it is our side that is built wrongly, and Stripe's retry will succeed once it is mended. */
export function consumed(request: Request, env: HostEnv | undefined): Problem {
  const known = hostOf(readers, env?.incoming ?? request);
  const hint = known ? known.hint : readers.map((host) => host.hint).join(" ");
  return problem("invalid_config", "The body was read before Bursar could see its bytes", {
    hint: `Stripe signs the bytes, so they must reach Bursar as they came. ${hint}`,
    details: { reason: "body_consumed" },
  });
}

/** An adapter's stand-in is as good as a Request: whatever has an address, a method and headers. */
export function checkRequest(given: unknown): Request {
  const { url, method, headers } = Object(given) as Partial<Request>;
  if (typeof url === "string" && typeof method === "string" && typeof headers?.get === "function") {
    return given as Request;
  }
  const known = hostOf(strangers, given);
  throw problem("invalid_params", "billing.fetch takes a Request", {
    hint:
      known?.hint ??
      "On node:http mount nodeListener(billing) of bursar/node; elsewhere make one: " +
        "new Request(url, { method, headers, body }).",
    details: { field: "request" },
  });
}

function hostOf(hosts: readonly Host[], given: unknown): Host | undefined {
  const fields = Object(given) as Given;
  return hosts.find(({ isHere }) => isHere(fields));
}
