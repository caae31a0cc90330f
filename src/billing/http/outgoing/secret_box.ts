// Secrets we must be able to read again (an endpoint's signing secret) lie encrypted: AES-256-GCM under a key derived
// from the option `secret`, bound to the row's id, so that a box copied to another row does not open there.
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { problem } from "#kit/problems.ts";
import type { Random } from "#kit/random.ts";

export interface SecretBox {
  seal(plain: string, boundTo: string): string;
  /** Throws when the box was made with another secret, for another row, or was changed. */
  open(box: string, boundTo: string): string;
}

const version = "v1";
const nonceBytes = 12;
const tagBytes = 16;

export function createSecretBox(secret: string, random: Random): SecretBox {
  const key = Buffer.from(hkdfSync("sha256", secretBytes(secret), "", "bursar endpoint secrets", 32));
  return {
    seal(plain, boundTo) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url")}`;
    },
    open(box, boundTo) {
      const [boxVersion, text = ""] = box.split(".");
      if (boxVersion !== version) throw problem("internal", `An unknown kind of secret box: ${boxVersion}`);
      const bytes = Buffer.from(text, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const plain = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
      return Buffer.concat(plain).toString("utf8");
    },
  };
}

/** 32 bytes in hex or base64; anything else (development) is taken as text. */
function secretBytes(secret: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(secret)) return Buffer.from(secret, "hex");
  const decoded = Buffer.from(secret, "base64");
  return decoded.length === 32 ? decoded : Buffer.from(secret, "utf8");
}
