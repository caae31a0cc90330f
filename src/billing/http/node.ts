// Billing inside a server on node:http: Express, Fastify, Next's own server, or none of them.
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { problem } from "#kit/problems.ts";
import type { Billing } from "../api/index.ts";
import { errorBody } from "./errors.ts";

/**
 * Billing as a listener of node:http. Mount it before anything that reads bodies: Stripe signs the bytes, and bytes
 * that `express.json()` has taken apart cannot be verified any more. Such a request is answered 500 and says so, and
 * Stripe sends the event again.
 * @example createServer(nodeListener(billing)).listen(12112, "127.0.0.1");
 * @example app.use("/billing", nodeListener(billing)); // Express; the publicUrl then ends in /billing
 */
export function nodeListener(
  billing: Pick<Billing, "fetch">,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const listen = getRequestListener((request, env) => billing.fetch(request, env), { overrideGlobalObjects: false });
  return async (incoming, outgoing) => {
    if (incoming.readableDidRead) refuseReadBody(outgoing);
    else await listen(incoming, outgoing);
  };
}

function refuseReadBody(outgoing: ServerResponse): void {
  const wrong = problem("invalid_config", "The body was read before Bursar could see its bytes", {
    hint: "Mount nodeListener(billing) before express.json() and before everything else that reads bodies.",
  });
  outgoing.writeHead(500, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(errorBody(wrong, "none")));
}
