// Loaded into a program by `bursar exec`, before its own code: what it sends to Stripe's API goes to the sandbox, and
// every other way to *.stripe.com is shut: names are not resolved, sockets are not opened. It must run alone, so it
// imports nothing but Node. Node's own child processes and workers get it too, through NODE_OPTIONS, also when they are
// given an environment of their own.
import childProcess from "node:child_process";
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";
import { promisify } from "node:util";
import workerThreads from "node:worker_threads";

type Callable = (this: unknown, ...given: unknown[]) => unknown;
type Bag = Record<string, unknown>;

const sandbox = new URL(process.env.BURSAR_EXEC_URL ?? "");
/** What they do lies under /v1 and /v2; the sandbox answers, if only that it has no such thing (501). */
const rerouted = ["api.stripe.com", "files.stripe.com", "meter-events.stripe.com"];
/** As this process was given them. */
const { BURSAR_EXEC_URL, NODE_OPTIONS } = process.env;
/** One of its own, so that no proxy of the environment comes between. */
const agent = new http.Agent({ keepAlive: true });

guardNames(dns as unknown as Bag);
guardNames(dns.promises as unknown as Bag);
guardSockets();
rerouteHttps();
rerouteFetch();
guardChildren();
syncBuiltinESMExports();

function isStripe(host: unknown): boolean {
  return typeof host === "string" && /(^|\.)stripe\.com\.?$/i.test(host);
}

function isRerouted(host: unknown): boolean {
  return typeof host === "string" && rerouted.includes(host.toLowerCase());
}

function refuse(host: unknown): never {
  const answered = rerouted.join(", ");
  const message = `bursar exec: a connection to ${String(host)} was refused; https to ${answered} is answered.`;
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
    for (const name of Object.getOwnPropertyNames(one)) {
      if (name.startsWith("resolve")) wrap(one, name, ([host]) => [host]);
    }
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
    if (!isRerouted(host)) return original.apply(this, given);
    const { agent: _agent, host: _host, hostname: _hostname, port: _port, protocol: _protocol, ...rest } = options;
    const path = options.path ?? (url ? url.pathname + url.search : "/");
    const callback = given.find((one) => typeof one === "function") as (() => void) | undefined;
    const target = { path: String(path), hostname: sandbox.hostname, port: sandbox.port, agent };
    return http.request({ ...rest, ...target }, callback);
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
    if (!isRerouted(url.hostname) || url.protocol !== "https:") refuse(url.hostname);
    const target = new URL(url.pathname + url.search, sandbox);
    return input instanceof Request ? original(new Request(target, input), init) : original(target, init);
  };
}

/** An environment that was put together by the program has the guard too. */
function guardChildren(): void {
  const guarded = (env: object) => {
    const { NODE_OPTIONS: own = "" } = env as { NODE_OPTIONS?: string };
    const isThere = NODE_OPTIONS !== undefined && own.includes(NODE_OPTIONS);
    return { ...env, BURSAR_EXEC_URL, NODE_OPTIONS: isThere ? own : `${own} ${NODE_OPTIONS}`.trim() };
  };
  const withGuard = (one: unknown): unknown => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    const { env } = one as { env?: unknown };
    return typeof env === "object" && env !== null ? { ...one, env: guarded(env) } : one;
  };
  const owner = childProcess as unknown as Bag;
  for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]) {
    const original = owner[name] as Callable;
    const promised = (original as unknown as { [promisify.custom]?: Callable })[promisify.custom];
    owner[name] = Object.assign(
      (...given: unknown[]) => original(...given.map(withGuard)),
      promised && { [promisify.custom]: (...given: unknown[]) => promised(...given.map(withGuard)) },
    );
  }
  const { Worker } = workerThreads;
  (workerThreads as unknown as Bag).Worker = new Proxy(Worker, {
    construct: (target, given, self) => Reflect.construct(target, given.map(withGuard), self),
  });
}
