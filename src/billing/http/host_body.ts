// Bodies that the host has read before us. Some hosts keep the bytes beside the request, and those are as good as the
// socket's; where nobody kept them, what to do depends on the host, so the refusal names the way of each.
import type { Problem } from "#kit/problems.ts";
import { problem } from "#kit/problems.ts";

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
export function consumed(env: HostEnv | undefined): Problem {
  return problem("invalid_config", "The body was read before Bursar could see its bytes", {
    hint: `Stripe signs the bytes, so they must reach Bursar as they came. ${hintFor(env?.incoming)}`,
    details: { reason: "body_consumed" },
  });
}

interface Host {
  readonly isHere: (incoming: Readonly<Record<string, unknown>>) => boolean;
  readonly hint: string;
}

/** A host that leaves no trace on the request is never recognised; then the ways of all are named. */
const hosts: readonly Host[] = [
  {
    isHere: (incoming) => "previewData" in incoming || "draftMode" in incoming,
    hint: "Next, under pages/api: export const config = { api: { bodyParser: false } }.",
  },
  {
    isHere: (incoming) => typeof incoming.app === "function" && "baseUrl" in incoming,
    hint:
      "Express: mount nodeListener(billing) before express.json(), or keep the bytes: " +
      "express.json({ verify: (req, _res, bytes) => { req.rawBody = bytes } }). " +
      "Nest: NestFactory.create(AppModule, { rawBody: true }).",
  },
  {
    isHere: () => false,
    hint:
      "Fastify: in a scope of its own, removeAllContentTypeParsers() and " +
      'addContentTypeParser("*", (_request, payload, done) => done(null, payload)).',
  },
  { isHere: () => false, hint: "Koa: mount Bursar before the body parser, and give it ctx.req and ctx.res." },
  {
    isHere: () => false,
    hint: "Elsewhere: billing.fetch(new Request(url, { method, headers, body: theRawBytes })).",
  },
];

function hintFor(incoming: HostRequest | undefined): string {
  const here = incoming && hosts.find(({ isHere }) => isHere(incoming as Readonly<Record<string, unknown>>));
  return here ? here.hint : hosts.map(({ hint }) => hint).join(" ");
}
