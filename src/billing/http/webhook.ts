// Hop 1 of an event's way: raw bytes in, 2xx only after they are stored. Signatures cover bytes, so nothing here
// parses, decodes or re-encodes them. A request that nobody signed is refused before its body is read.
import type { Hono } from "hono";
import { parseSignatureHeader } from "../kernel/inbox/intake/signature.ts";
import type { Bodies } from "./bodies.ts";
import type { HttpCore } from "./core.ts";
import type { RestEnv } from "./rest/context.ts";

export const webhookPath = "/webhooks/stripe";
/** Stripe's largest events are some hundred kilobytes. */
export const bodyLimit = { bytesMax: 1024 * 1024, says: "1 MB" };

export function mountWebhook(app: Hono<RestEnv>, core: HttpCore, bodies: Bodies): void {
  app.post(webhookPath, async (c) => {
    const signature = c.req.header("stripe-signature") ?? null;
    if (!parseSignatureHeader(signature)) await core.acceptWebhook(new Uint8Array(), signature);
    await bodies.hold(c, bodyLimit, async () => {
      await core.acceptWebhook(new Uint8Array(await c.req.arrayBuffer()), signature);
    });
    return c.json({ received: true }, 200);
  });
}
