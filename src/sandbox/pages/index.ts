// The sandbox's pages for browsers: the Stripe.js stand-in, the 3-D Secure page and, for whoever develops against the
// sandbox, its inside. The folder's only door.
// Pages act only through the HTTP core, with the publishable key of whoever looks at them, as Stripe's own do.
import type { PageRequest, PageRoute } from "../kernel/wire/pages.ts";
import { serveIcon } from "./html_page.ts";
import { readScript } from "./script.ts";
import { threeDSecureRoutes } from "./three_d_secure.ts";

export { type Inside, insideRoutes } from "./inside/index.ts";

async function serveScript(page: PageRequest): Promise<Response> {
  const train = page.params.train;
  if (train !== undefined && !/^[a-z0-9]+$/.test(train)) return new Response("Not found\n", { status: 404 });
  return new Response(readScript(), {
    headers: {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "no-cache",
      "X-Content-Type-Options": "nosniff",
      // The script may be loaded with crossorigin set, and from a page with Cross-Origin-Embedder-Policy.
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  });
}

const scriptPaths = ["/v3", "/v3/", "/:train/stripe.js"];

/** Whoever opens the address in a browser wants to see the inside. */
const toInside = () => Promise.resolve(new Response(null, { status: 302, headers: { Location: "/-/" } }));

export const pageRoutes: PageRoute[] = [
  { method: "GET", path: "/", handle: toInside },
  { method: "GET", path: "/favicon.ico", handle: serveIcon },
  ...scriptPaths.map((path): PageRoute => ({ method: "GET", path, handle: serveScript })),
  ...threeDSecureRoutes,
];
