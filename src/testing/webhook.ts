// A webhook by hand: signed as Stripe signs it, or as somebody else would.
import { createHmac } from "node:crypto";
import { type Instant, secondMs } from "#kit/clock.ts";
import { billingUrl } from "./network.ts";

export interface WebhookOptions {
  /** Another secret than the endpoint's: a forger's. */
  readonly secret?: string;
  /** How long ago it was signed. */
  readonly ageMs?: number;
  /** The whole signature header instead of a right one. */
  readonly header?: string;
}

/** @param event an object, or the text of a body. */
export function webhookRequest(
  event: unknown,
  { now, secret, ageMs = 0, header }: WebhookOptions & { readonly now: Instant; readonly secret: string },
): Request {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const timestamp = Math.floor((now - ageMs) / secondMs);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  const headers = { "stripe-signature": header ?? `t=${timestamp},v1=${signature}` };
  return new Request(`${billingUrl}/webhooks/stripe`, { method: "POST", body, headers });
}
