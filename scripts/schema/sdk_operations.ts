// Asks an SDK's own code which HTTP request each of its methods makes: every method is called on a stand-in whose
// request function only writes the method and the path down. Nothing is sent.
import { createRequire } from "node:module";

export interface SdkOperation {
  readonly method: string;
  /** As the SDK spells it: "/v1/payment_intents/{intent}". */
  readonly path: string;
  /** The way to the method from the client: ["paymentIntents", "create"]. */
  readonly sdkPath: readonly string[];
}

type Unknown = Record<string, unknown>;
/** Every SDK's class, whatever its major version. */
type StripeClass = new (key: string) => Unknown;

/** Deeper than any namespace of any SDK (`v2.moneyManagement.x` has three). */
const namespaceDepthMax = 6;

export function listSdkOperations(packageFolder: string): SdkOperation[] {
  const require = createRequire(import.meta.url);
  const loaded = require(packageFolder) as StripeClass & { Stripe?: StripeClass; default?: StripeClass };
  const Stripe = loaded.Stripe ?? loaded.default ?? loaded;
  const found = [...operationsIn(new Stripe("sk_test_introspection"), [], new Set())];
  return found.sort((a, b) => compareText(a.path + a.method, b.path + b.method));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function* operationsIn(node: unknown, sdkPath: readonly string[], seen: Set<unknown>): Generator<SdkOperation> {
  if (typeof node !== "object" || node === null || seen.has(node) || sdkPath.length > namespaceDepthMax) return;
  seen.add(node);
  const resource = node as Unknown;
  if (sdkPath.length > 0 && isResource(resource)) {
    for (const name of methodNames(resource)) {
      for (const request of requestsOf(resource, name)) yield { ...request, sdkPath: [...sdkPath, name] };
    }
  }
  for (const key of Object.keys(resource)) {
    if (!key.startsWith("_") && key !== "stripe") yield* operationsIn(resource[key], [...sdkPath, key], seen);
  }
}

function isResource(node: Unknown): boolean {
  return typeof node._makeRequest === "function" || typeof node._request === "function";
}

const inheritedNames = new Set(["constructor", "initialize", "getBasePath", "createFullPath", "requestDataProcessor"]);

/** Names between the resource and the common base class, own ones included (old SDKs copy methods). */
function methodNames(resource: Unknown): string[] {
  const names = new Set<string>();
  for (let level: unknown = resource; isOfResource(level); level = Object.getPrototypeOf(level)) {
    if (level !== resource && !isOfResource(Object.getPrototypeOf(level))) break;
    for (const name of Object.getOwnPropertyNames(level)) {
      const isCandidate = !name.startsWith("_") && !inheritedNames.has(name) && typeof resource[name] === "function";
      if (isCandidate && !name.startsWith("createResourcePath")) names.add(name);
    }
  }
  return [...names];
}

function isOfResource(level: unknown): level is Unknown {
  return typeof level === "object" && level !== null && isResource(level as Unknown);
}

/**
 * Path parameters are tried from none to three; a method that wants more text arguments says so by throwing. One alone,
 * `accounts.retrieve`, asks at two addresses: without an id at `/v1/account`.
 */
function requestsOf(resource: Unknown, name: string): { method: string; path: string }[] {
  const found = new Map<string, { method: string; path: string }>();
  for (const count of [0, 1, 2, 3]) {
    const request = attempt(resource, name, ["{a}", "{b}", "{c}"].slice(0, count));
    // The OAuth calls have another host and no version; they are not part of the API.
    const isOfApi = request !== undefined && /^\/v[12]\//.test(request.path) && !request.path.includes("undefined");
    if (isOfApi) found.set(request.path, request);
  }
  return [...found.values()];
}

function attempt(resource: Unknown, name: string, ids: string[]): { method: string; path: string } | undefined {
  let request: { method: string; path: string } | undefined;
  const record = (method: unknown, path: unknown) => {
    request = { method: String(method), path: decodeURIComponent(String(path)) };
    return new Promise(() => {}); // Never answered: a page of nothing would start the SDK's paging.
  };
  const standIn = Object.create(resource) as Unknown;
  // stripe 21 and newer: (method, path, params, options); 9 to 20: (arguments, spec); 8: through _request.
  standIn._makeRequest = (first: unknown, second: unknown) => {
    if (typeof first === "string") return record(first, second);
    const spec = second as { method?: string; fullPath?: string; path?: string };
    const symbols = standIn.createResourcePathWithSymbols as (path: string) => string;
    const relative = () => joinPath(String(resource.basePath ?? "/v1/"), symbols.call(standIn, spec.path ?? ""));
    return record(spec.method ?? "GET", spec.fullPath ?? relative());
  };
  standIn._request = (method: unknown, _host: unknown, path: unknown) => void record(method, path);
  try {
    const answer: unknown = (resource[name] as (...ids: string[]) => unknown).apply(standIn, ids);
    if (answer instanceof Promise) answer.catch(() => undefined);
  } catch {
    return undefined; // This many path parameters are wrong; the caller tries the next number.
  }
  return request;
}

function joinPath(base: string, path: string): string {
  return path.startsWith("/v1") || path.startsWith("/v2") ? path : `${base}/${path}`.replace(/\/+/g, "/");
}
