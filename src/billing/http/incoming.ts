// The short road of a webhook, from node:http straight to the inbox: no Request, no stream and no router between. It is
// taken only by what is plainly a webhook; whatever is unusual goes by the app, which knows what to say.
import type { IncomingWebhook, WebhookAnswer } from "../api/index.ts";
import { parseSignatureHeader } from "../kernel/inbox/intake/signature.ts";
import type { Bodies } from "./bodies.ts";
import type { HttpCore } from "./core.ts";
import { answerThrown } from "./errors.ts";
import { keptBytes } from "./host_body.ts";
import { bodyLimit, webhookPath } from "./webhook.ts";

const received = JSON.stringify({ received: true });

/** Undefined for what goes by the app: nothing of it has been touched. */
export function takeIncoming(
  core: HttpCore,
  bodies: Bodies,
  incoming: IncomingWebhook,
): Promise<WebhookAnswer> | undefined {
  const { method, url = "", headers, readableDidRead } = incoming;
  const [path = ""] = url.split("?", 1);
  const length = Number(headers["content-length"]);
  const isPlain = method === "POST" && path.endsWith(webhookPath) && length > 0 && length <= bodyLimit.bytesMax;
  // A host that parses bodies may have had this one, or have kept it.
  if (!isPlain || readableDidRead || "body" in incoming || keptBytes({ incoming }) !== undefined) return undefined;
  const signature = headers["stripe-signature"];
  if (typeof signature !== "string" || !parseSignatureHeader(signature)) return undefined;
  return accept(core, () => bodies.take(incoming, bodyLimit, (bytes) => core.acceptWebhook(bytes, signature)));
}

async function accept(core: HttpCore, take: () => Promise<unknown>): Promise<WebhookAnswer> {
  const { ids, log } = core.ports;
  const requestId = ids.next("req", 16);
  const common = {
    "Content-Type": "application/json",
    "Request-Id": requestId,
    "X-Content-Type-Options": "nosniff",
  };
  try {
    await take();
    return { status: 200, headers: common, body: received };
  } catch (error) {
    const { status, headers, body } = answerThrown(log, { requestId, method: "POST", path: webhookPath }, error);
    return { status, headers: { ...common, ...headers }, body: JSON.stringify(body) };
  }
}
