// Loaded into a program by `bursar exec`, before its own code: what it sends to api.stripe.com goes to the sandbox, and
// every other way to *.stripe.com is shut: names are not resolved, sockets are not opened. It must run alone, so it
// imports nothing but Node. Child processes get it too, through NODE_OPTIONS.
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

type Callable = (this: unknown, ...given: unknown[]) => unknown;
type Bag = Record<string, unknown>;

const sandbox = new URL(process.env.BURSAR_EXEC_URL ?? "");
const rerouted = "api.stripe.com";

guardNames(dns as unknown as Bag);
guardNames(dns.promises as unknown as Bag);
guardSockets();
rerouteHttps();
rerouteFetch();
syncBuiltinESMExports();

function isStripe(host: unknown): boolean {
  return typeof host === "string" && /(^|\.)stripe\.com\.?$/i.test(host);
}

function refuse(host: unknown): never {
  const message = `bursar exec: a connection to ${String(host)} was refused; only https to ${rerouted} is answered.`;
  throw Object.assign(new Error(message), { code: "EBURSAR" });
}

function wrap(owner: Bag, name: string, hostsOf: (given: readonly unknown[]) => readonly unknown[]): void {
  const original = owner[name] as Callable | undefined;
  if (typeof original !== "function") return;
  owner[name] = function guarded(this: unknown, ...given: unknown[]): unknown {
    for (const host of hostsOf(given)) if (isStripe(host)) refuse(host);
    return original.apply(this, given);
  };
}

function guardNames(owner: Bag): void {
  for (const name of Object.keys(owner)) {
    if (/^(lookup|resolve)/.test(name)) wrap(owner, name, ([host]) => [host]);
  }
  for (const one of [dns.Resolver.prototype, dns.promises.Resolver.prototype] as unknown as Bag[]) {
    for (const name of ["resolve", "resolve4", "resolve6", "resolveAny", "resolveCname"])
      wrap(one, name, ([host]) => [host]);
  }
}

function guardSockets(): void {
  wrap(net.Socket.prototype as unknown as Bag, "connect", hostsOfConnect);
  wrap(tls as unknown as Bag, "connect", hostsOfConnect);
  wrap(http2 as unknown as Bag, "connect", ([authority]) => [hostOfUrl(authority)]);
}

/** `(options)`, `(port, host)`, and Node's own `([options, callback])`. */
function hostsOfConnect(given: readonly unknown[]): unknown[] {
  const flat = given.flat(1);
  return flat.flatMap((one) => {
    if (typeof one === "string") return [one];
    if (typeof one !== "object" || one === null) return [];
    const { host, servername, hostname } = one as Bag;
    return [host, servername, hostname];
  });
}

function hostOfUrl(url: unknown): unknown {
  return URL.canParse(String(url)) ? new URL(String(url)).hostname : url;
}

function rerouteHttps(): void {
  const original = https.request as unknown as Callable;
  const request = function request(this: unknown, ...given: unknown[]): unknown {
    const url = typeof given[0] === "string" || given[0] instanceof URL ? new URL(String(given[0])) : undefined;
    const options = (typeof given[url ? 1 : 0] === "object" ? given[url ? 1 : 0] : {}) as Bag;
    const host = options.hostname ?? options.host ?? url?.hostname;
    if (host !== rerouted) return original.apply(this, given);
    const { agent: _agent, host: _host, hostname: _hostname, port: _port, protocol: _protocol, ...rest } = options;
    const path = options.path ?? (url ? url.pathname + url.search : "/");
    const callback = given.find((one) => typeof one === "function") as (() => void) | undefined;
    return http.request({ ...rest, path: String(path), hostname: sandbox.hostname, port: sandbox.port }, callback);
  };
  https.request = request as unknown as typeof https.request;
  https.get = function get(...given: unknown[]) {
    const sent = request(...given) as http.ClientRequest;
    sent.end();
    return sent;
  } as unknown as typeof https.get;
}

function rerouteFetch(): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (!isStripe(url.hostname)) return original(input, init);
    if (url.hostname !== rerouted || url.protocol !== "https:") refuse(url.hostname);
    const target = new URL(url.pathname + url.search, sandbox);
    return input instanceof Request ? original(new Request(target, input), init) : original(target, init);
  };
}
