// Billing inside a server on node:http: Express, Fastify, Next's own server, or none of them.
import "#kit/options/node_version.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { callable, checkOption, object, required } from "#kit/options/options.ts";
import type { Billing, WebhookAnswer } from "../api/index.ts";

/**
 * Billing as a listener of node:http. Mount it before anything that reads bodies, or have the host keep the bytes
 * (`rawBody`): Stripe signs them, and what `express.json()` has taken apart cannot be verified any more. Such a request
 * is answered 500, the answer and the log say what to do, and Stripe sends the event again.
 * @example createServer(nodeListener(billing)).listen(12112, "127.0.0.1");
 * @example app.use("/billing", nodeListener(billing)); // Express; the publicUrl then ends in /billing
 */
export function nodeListener(
  billing: Pick<Billing, "fetch"> & Partial<Pick<Billing, "takeWebhook">>,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  checkOption("billing", billing, required(object));
  checkOption("billing.fetch", billing.fetch, required(callable));
  const listen = getRequestListener((request, env) => billing.fetch(request, env), { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    const answer = billing.takeWebhook?.(incoming);
    if (answer) return send(outgoing, answer);
    fillRawHeaders(incoming);
    return listen(incoming, outgoing);
  };
}

/** The adapter reads the raw headers; serverless-http makes a request that has the parsed ones alone. */
function fillRawHeaders(incoming: IncomingMessage): void {
  if (incoming.rawHeaders.length > 0) return;
  incoming.rawHeaders = Object.entries(incoming.headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [name, one]),
  );
}

async function send(outgoing: ServerResponse, answer: Promise<WebhookAnswer>): Promise<void> {
  const { status, headers, body } = await answer;
  outgoing.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  outgoing.end(body);
}
