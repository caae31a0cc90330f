// Pages (3-D Secure, Stripe.js, …) are mounted beside the API. They act only through the HTTP core, with a publishable
// key, as Stripe's own pages do.
import type { Core } from "./core.ts";
import { fetchAnswer } from "./http.ts";

export interface PageRequest {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
  /** The sandbox's own API: `api("/v1/payment_intents/pi_x?client_secret=…", { headers: { authorization } })`. */
  api(path: string, init: RequestInit): Promise<Response>;
}

export interface PageRoute {
  readonly method: "GET" | "POST";
  /** `/invoice/:id`; a last segment `*` takes the rest of the path. */
  readonly path: string;
  handle(request: PageRequest): Promise<Response>;
}

export function createPages(routes: readonly PageRoute[], core: Core): (request: Request) => Promise<Response> {
  const noPages = async () => new Response("Not found\n", { status: 404 });
  const api = (path: string, init: RequestInit) =>
    fetchAnswer(
      { core, pages: noPages, allowHosts: [], isRootApi: false },
      new Request(new URL(path, "http://sandbox"), init),
    );
  return async (request) => {
    const url = new URL(request.url);
    const method = request.method === "HEAD" ? "GET" : request.method;
    for (const route of routes) {
      if (route.method !== method) continue;
      const params = paramsOf(route.path, url.pathname);
      if (params) return route.handle({ request, params, url, api });
    }
    return new Response(`There is no page ${url.pathname} in this sandbox.\n`, { status: 404 });
  };
}

/** What is not percent-encoded UTF-8 stays as it came: it names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment === "*" && index === wanted.length - 1) {
      params.rest = given.slice(index).join("/");
      return params;
    }
    const value = given[index];
    if (value === undefined) return undefined;
    if (segment.startsWith(":") && value !== "") params[segment.slice(1)] = decoded(value);
    else if (segment !== value) return undefined;
  }
  return given.length === wanted.length ? params : undefined;
}
