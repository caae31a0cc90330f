// /v1/openapi.json and /v1/docs: made from the same schemas that check the requests, so they cannot say anything else.
import { html } from "hono/html";
import { basePath, type HttpCore, publicUrl } from "../../core.ts";
import { pageHeaders } from "../../pages/headers.ts";
import type { RestApp } from "../context.ts";
import { described } from "./described.ts";
import { describeFacts } from "./facts.ts";

interface Described {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { content?: Record<string, { schema?: object }> };
  readonly responses?: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>;
}

export function mountDocs(app: RestApp, core: HttpCore): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: bk_test_… or bk_live_…. Scopes: read, write, refund, admin.",
  });
  describeFacts(app);
  const document = () =>
    described(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Bursar",
          version: "1",
          description:
            "Orders, payments and refunds through Stripe. Amounts are integers in minor units beside their currency; " +
            "times are ISO 8601, UTC. Commands answer with an outcome: done, processing, action_required or " +
            "declined. Every error has one shape (schema Error). Send Idempotency-Key with commands: the same key " +
            "with other content is refused with 409.",
          license: { name: "MIT" },
        },
        servers: [{ url: publicUrl(core) }],
        security: [{ key: [] }],
      }),
    );
  app.get("/v1/openapi.json", (c) => c.json(document(), 200));
  app.get("/v1/docs", (c) => {
    const { paths = {}, components } = document();
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Described>).map(([method, operation]) => ({ path, method, operation })),
    );
    pageHeaders(c);
    return c.html(docsPage(basePath(core), operations, (components?.schemas ?? {}) as Record<string, object>));
  });
}

type Listed = { path: string; method: string; operation: Described };

function docsPage(base: string, operations: readonly Listed[], schemas: Record<string, object>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Bursar REST API</title>
        <link rel="stylesheet" href="${base}/pay/assets/pages.css" />
      </head>
      <body class="docs">
        <main>
          <h1>Bursar REST API</h1>
          <p>
            Send <code>Authorization: Bearer bk_test_…</code>. Amounts are integers in minor units. For programs:
            <a href="${base}/v1/openapi.json">openapi.json</a> (OpenAPI 3.1).
          </p>
          ${operations.map(operationBlock)}
          <h2 id="schemas">Schemas</h2>
          ${Object.entries(schemas).map(
            ([name, schema]) =>
              html`<h3 id="${name}">${name}</h3>
                <pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>`,
          )}
        </main>
      </body>
    </html>`;
}

function operationBlock({ path, method, operation }: Listed) {
  const body = schemaName(operation.requestBody?.content);
  const good = Object.entries(operation.responses ?? {}).find(([status]) => status !== "default");
  return html`<section>
    <h2><code>${method.toUpperCase()} ${path}</code></h2>
    <p>${operation.summary}. ${operation.description ?? ""}</p>
    <ul>
      ${(operation.parameters ?? []).map(
        (parameter) =>
          html`<li><code>${parameter.name}</code> in ${parameter.in}${parameter.required ? ", required" : ""}</li>`,
      )}
      ${body ? html`<li>body: ${body}</li>` : ""}
      ${good ? html`<li>answers ${good[0]}: ${good[1].description} ${schemaName(good[1].content) ?? ""}</li>` : ""}
    </ul>
  </section>`;
}

function schemaName(content: Record<string, { schema?: object }> | undefined) {
  const schema = content?.["application/json"]?.schema as { $ref?: string } | undefined;
  if (!schema) return undefined;
  const name = schema.$ref?.split("/").at(-1);
  return name ? html`<a href="#${name}">${name}</a>` : html`<code>${JSON.stringify(schema)}</code>`;
}
