// Keeps invariant 9: a forged, stale or foreign event changes nothing.
// v1 only (v0 is a decoy on test events), any of several v1 against any of several secrets, in constant time, over the
// raw bytes. https://docs.stripe.com/webhooks#verify-manually
import { createHmac, timingSafeEqual } from "node:crypto";

/** Stripe's own tolerance, in both directions. */
export const toleranceMs = 300_000;
/** A header has at most a handful of signatures; more is somebody playing. */
const signaturesMax = 16;

export interface SignatureHeader {
  readonly timestamp: number;
  readonly signatures: readonly Uint8Array[];
}

/** Undefined for anything that is not `t=…,v1=…`. */
export function parseSignatureHeader(header: string | null): SignatureHeader | undefined {
  if (!header || header.length > 4_096) return undefined;
  let timestamp: number | undefined;
  const signatures: Uint8Array[] = [];
  for (const part of header.split(",")) {
    const at = part.indexOf("=");
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === "t" && /^\d{1,12}$/.test(value)) timestamp = Number(value);
    if (name === "v1" && /^[0-9a-f]{64}$/i.test(value)) signatures.push(Buffer.from(value, "hex"));
  }
  if (timestamp === undefined || signatures.length === 0 || signatures.length > signaturesMax) return undefined;
  return { timestamp, signatures };
}

/** Whether one of the signatures was made with one of the secrets. Looks at all of them, whatever it finds. */
export function isSignedBy(header: SignatureHeader, body: Uint8Array, secrets: readonly string[]): boolean {
  let isSigned = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(`${header.timestamp}.`).update(body).digest();
    for (const signature of header.signatures) {
      if (timingSafeEqual(expected, signature)) isSigned = true;
    }
  }
  return isSigned;
}
