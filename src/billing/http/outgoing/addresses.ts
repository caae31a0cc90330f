// Which addresses our server may be sent to by somebody else's URL. A host name is resolved once, every address it has
// must be public, and the connection then goes to that very address: a second resolution could answer differently
// (DNS rebinding). Ranges: https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-.
import { BlockList, isIP } from "node:net";

const ranges4: readonly (readonly [string, number, string])[] = [
  ["0.0.0.0", 8, "this network"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "shared by a carrier (CGNAT)"],
  ["127.0.0.0", 8, "loopback"],
  ["169.254.0.0", 16, "link-local (cloud metadata lives here)"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "reserved"],
  ["192.0.2.0", 24, "documentation"],
  ["192.88.99.0", 24, "6to4 relay"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "benchmarking"],
  ["198.51.100.0", 24, "documentation"],
  ["203.0.113.0", 24, "documentation"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved or broadcast"],
];

const ranges6: readonly (readonly [string, number, string])[] = [
  ["::", 96, "unspecified, loopback or IPv4-compatible"],
  ["::ffff:0:0", 96, "IPv4-mapped"],
  ["::ffff:0:0:0", 96, "IPv4-translated"],
  ["64:ff9b::", 96, "IPv4 through NAT64"],
  ["64:ff9b:1::", 48, "IPv4 through local NAT64"],
  ["100::", 64, "discard"],
  ["2001::", 23, "reserved or Teredo"],
  ["2001:db8::", 32, "documentation"],
  ["2002::", 16, "6to4"],
  ["3fff::", 20, "documentation"],
  ["5f00::", 16, "segment routing"],
  ["fc00::", 7, "private (unique local)"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "site-local"],
  ["ff00::", 8, "multicast"],
];

/**
 * Why this address is refused, or undefined when it is public.
 * @example refusalOf("169.254.169.254") // "link-local (cloud metadata lives here)"
 */
export function refusalOf(address: string): string | undefined {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return "not an IP address";
  const [ranges, type] = family === 4 ? ([ranges4, "ipv4"] as const) : ([ranges6, "ipv6"] as const);
  for (const [net, prefix, reason] of ranges) {
    const range = new BlockList();
    range.addSubnet(net, prefix, type);
    if (range.check(bare, type)) return reason;
  }
  return undefined;
}

export type TargetCheck =
  | { readonly url: URL }
  | { readonly field: "url"; readonly reason: string; readonly hint: string };

/** Where facts go to this machine, or to a neighbour. Nobody is told of it in live mode, where it does not help. */
export const privateTargetsHint = "To develop against a private one, set `allowPrivateTargets`; test mode only";

/** What can be said about a target before anything is resolved. */
export function checkTarget(text: string, options: { live: boolean; allowPrivate: boolean }): TargetCheck {
  const refuse = (reason: string, hint: string): TargetCheck => ({ field: "url", reason, hint });
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuse("not_a_url", "Give an absolute https:// address, for instance https://shop.example/bursar");
  }
  const inTestMode = options.live ? "" : `. ${privateTargetsHint}`;
  if (url.protocol === "http:" && (options.live || !options.allowPrivate)) {
    return refuse("https_required", `Facts travel encrypted: give an https:// address${inTestMode}`);
  }
  if (url.username || url.password) {
    return refuse("credentials_in_url", "Leave user and password out: every delivery is signed, verify the signature");
  }
  if (options.allowPrivate && !options.live) return { url };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) {
    const refusal = refusalOf(host);
    if (refusal) return refuse("private_address", `${host} is ${refusal}. Give a public address${inTestMode}`);
  } else if (!host.includes(".") || /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/.test(host)) {
    const what = `${host} names a machine of your own network`;
    return refuse("private_address", `${what}. Give a public host name${inTestMode}`);
  }
  return { url };
}
