// Certificates made on the spot, so that no private key lies in the repository: an authority, and what it signs. X.509
// v3 in DER (RFC 5280), as far as a TLS client looks at it.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface Authority {
  /** The authority's own certificate, in PEM: what a client is told to trust. */
  readonly ca: string;
  /** A server's key and certificate for these names; the key is the certificate's own. */
  issue(names: readonly string[], options?: { until?: string }): { key: string; cert: string };
}

/** `const { key, cert } = createAuthority().issue(["shop.example", "127.0.0.1"])` */
export function createAuthority(): Authority {
  const own = keyPair();
  const subject = nameOf("Test authority");
  const isAuthority = extension([2, 5, 29, 19], sequence(tlv(0x01, Buffer.from([0xff]))));
  const ca = certificate({ subject, issuer: subject, publicKey: own.publicKey, signer: own.privateKey, isAuthority });
  return {
    ca,
    issue(names, { until } = {}) {
      const { publicKey, privateKey } = keyPair();
      const alternatives = extension([2, 5, 29, 17], sequence(...names.map(alternativeName)));
      const holder = { subject: nameOf("Test server"), publicKey, alternatives, ...(until && { until }) };
      const cert = certificate({ ...holder, issuer: subject, signer: own.privateKey });
      return { key: privateKey.export({ type: "pkcs8", format: "pem" }) as string, cert };
    },
  };
}

const keyPair = () => generateKeyPairSync("ec", { namedCurve: "prime256v1" });

function certificate(input: {
  subject: Buffer;
  issuer: Buffer;
  publicKey: KeyObject;
  signer: KeyObject;
  isAuthority?: Buffer;
  alternatives?: Buffer;
  /** YYMMDDhhmmssZ */
  until?: string;
}): string {
  const algorithm = sequence(identifier([1, 2, 840, 10045, 4, 3, 2])); // ecdsa-with-SHA256
  const extensions = [input.isAuthority, input.alternatives].filter((one) => one !== undefined);
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))), // version 3
    tlv(0x02, Buffer.concat([Buffer.from([1]), input.publicKey.export({ type: "spki", format: "der" }).subarray(-8)])),
    algorithm,
    input.issuer,
    sequence(time("200101000000Z"), time(input.until ?? "491231235959Z")),
    input.subject,
    input.publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, input.signer)]);
  const base64 = sequence(body, algorithm, tlv(0x03, signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

function nameOf(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(identifier([2, 5, 4, 3]), tlv(0x0c, Buffer.from(commonName)))));
}

/** A DNS name, or an IPv4 address. */
function alternativeName(name: string): Buffer {
  if (/^[\d.]+$/.test(name)) return tlv(0x87, Buffer.from(name.split(".").map(Number)));
  return tlv(0x82, Buffer.from(name, "ascii"));
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(identifier(id), tlv(0x04, value));
}

function identifier([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const sevens = (value: number): number[] => {
    const digits = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(sevens)]));
}

const time = (text: string) => tlv(0x17, Buffer.from(text, "ascii"));
const sequence = (...parts: readonly Buffer[]) => tlv(0x30, Buffer.concat(parts));

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
