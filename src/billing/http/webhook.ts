// Hop 1 of an event's way: raw bytes in, 2xx only after they are stored. Signatures cover bytes, so nothing here
// parses, decodes or re-encodes them. Everything a host can do wrong on the way answers in words that name the fix.
import type { Hono } from "hono";
import { problem } from "#kit/problems.ts";
import type { HttpCore } from "./core.ts";
import { tooLarge } from "./errors.ts";
import type { RestEnv } from "./rest/context.ts";

const webhookPath = "/webhooks/stripe";
/** Stripe's largest events are some hundred kilobytes. */
const webhookBytesMax = 1024 * 1024;

export function mountWebhook(app: Hono<RestEnv>, core: HttpCore): void {
  app.post(webhookPath, async (c) => {
    const bytes = await rawBody(c.req.raw, (c.env as NodeEnv | undefined)?.incoming?.rawBody);
    await core.acceptWebhook(bytes, c.req.header("stripe-signature") ?? null);
    return c.json({ received: true }, 200);
  });
}

/** What @hono/node-server passes beside the request; hosts like Next and Firebase keep `rawBody` there. */
interface NodeEnv {
  readonly incoming?: { readonly rawBody?: unknown };
}

async function rawBody(request: Request, kept: unknown): Promise<Uint8Array> {
  if (kept instanceof Uint8Array) {
    if (kept.length > webhookBytesMax) throw tooLarge("1 MB");
    return kept;
  }
  if (request.bodyUsed) throw consumed();
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > webhookBytesMax) throw tooLarge("1 MB");
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > webhookBytesMax) throw tooLarge("1 MB");
    chunks.push(chunk);
  }
  if (length === 0 && announced > 0) throw consumed();
  return Buffer.concat(chunks);
}

/** 500, not 400: it is our side that is built wrongly, and Stripe's retry will succeed once it is mended. */
function consumed() {
  return problem("invalid_config", "The body of this webhook was consumed before billing could read it", {
    hint:
      "Mount billing before express.json() and other body parsers, or keep the raw bytes: " +
      "express.json({ verify: (req, _res, bytes) => { req.rawBody = bytes } })",
    details: { reason: "body_consumed" },
  });
}
