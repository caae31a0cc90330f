// What a person sees who opens billing's address: what this is, and where to go on.
import { html } from "hono/html";
import { basePath, type HttpCore, modeOf } from "../core.ts";
import type { RestApp } from "../rest/context.ts";
import { pageHeaders } from "./headers.ts";

export function mountFront(app: RestApp, core: HttpCore): void {
  app.get("/", (c) => {
    pageHeaders(c);
    return c.html(frontPage(basePath(core), sandboxOf(core)));
  });
}

/** In test mode, a Stripe on this machine is a sandbox, and its inside is one click away. */
function sandboxOf(core: HttpCore): string | undefined {
  const { apiBase } = core.options.stripe;
  if (apiBase === undefined || modeOf(core) === "live") return undefined;
  const { hostname, origin } = new URL(apiBase);
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname) ? `${origin}/-/` : undefined;
}

function frontPage(base: string, sandbox: string | undefined) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Bursar billing</title>
        <link rel="stylesheet" href="${base}/pay/assets/pages.css" />
      </head>
      <body class="docs">
        <main>
          <h1>Bursar billing</h1>
          <p>Orders, payments and refunds between a system of yours and Stripe.</p>
          <ul>
            <li><a href="${base}/v1/docs">REST API</a>, and <a href="${base}/v1/openapi.json">openapi.json</a></li>
            <li><a href="${base}/health">Does it run?</a> <a href="${base}/ready">Is it ready?</a></li>
            ${sandbox ? html`<li><a href="${sandbox}">The sandbox it speaks to</a>, a local Stripe</li>` : ""}
          </ul>
        </main>
      </body>
    </html>`;
}
