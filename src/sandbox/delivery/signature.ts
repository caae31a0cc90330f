// Stripe-Signature: `t=<seconds>,v1=<hex>[,v1=<hex>],v0=<decoy>`. The key is the whole secret with its `whsec_`; the
// text is the time, a dot, and the raw body. While a secret rolls there is one v1 for each.
// https://docs.stripe.com/webhooks
import { createHmac } from "node:crypto";

/** `signatureHeader({ body, secrets: ["whsec_x"], seconds: 1700000000 })`. */
export function signatureHeader(of: { body: string; secrets: readonly string[]; seconds: number }): string {
  const signed = `${of.seconds}.${of.body}`;
  const parts = of.secrets.map((secret) => `v1=${hmac(secret, signed)}`);
  // Test events carry a v0 that must be ignored: whoever accepts it has a hole. It is another for each body.
  return [`t=${of.seconds}`, ...parts, `v0=${hmac("decoy", parts.join())}`].join(",");
}

function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text, "utf8").digest("hex");
}
