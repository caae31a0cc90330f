// /v1/docs: the document for people, by noun, with each call as one would type it.
import { html } from "hono/html";
import { type Called, curlOf } from "./curl.ts";

/** What the page reads of the document. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RestCall>>>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly schemas: Readonly<Record<string, object>>;
  readonly facts: readonly { readonly type: string; readonly summary: string; readonly schema: string }[];
}

type Content = Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;

type Parameter = Called["parameters"][number] & { readonly required?: boolean; readonly description?: string };

export interface RestCall {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

interface Address {
  /** The path under which this page's own files are. */
  readonly base: string;
  /** Where the API answers, with its origin. */
  readonly url: string;
}

export function docsPage({ base, url }: Address, { paths, tags, schemas, facts }: Described) {
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const nouns = tags.filter(({ name }) => listed.some(({ operation }) => operation.tags?.includes(name)));
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
            <a href="${base}/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). To try a call here, first
            <code>export KEY=bk_test_…</code>
          </p>
          <nav aria-label="Contents">
            ${[...nouns.map(({ name }) => name), "facts", "schemas"].map(linkTo)}
          </nav>
          ${nouns.map(
            ({ name, description }) =>
              html`<h2 id="${name}">${name}</h2>
                <p>${description}.</p>
                ${listed.filter(({ operation }) => operation.tags?.includes(name)).map((one) => section(url, one))}`,
          )}
          <h2 id="facts">facts</h2>
          <p>What an endpoint of yours receives: one webhook for each, signed as Standard Webhooks.</p>
          <ul>
            ${facts.map(
              ({ type, summary, schema }) =>
                html`<li><code>${type}</code> ${summary}: <a href="#${schema}">${schema}</a></li>`,
            )}
          </ul>
          <h2 id="schemas">schemas</h2>
          ${Object.entries(schemas).map(
            ([name, schema]) =>
              html`<h3 id="${name}">${name}</h3>
                <pre tabindex="0" aria-label="${name}" role="region">${JSON.stringify(schema, null, 2)}</pre>`,
          )}
        </main>
      </body>
    </html>`;
}

function linkTo(name: string) {
  return html`<a href="#${name}">${name}</a> `;
}

function section(url: string, { path, method, operation }: { path: string; method: string; operation: RestCall }) {
  const { content } = operation.requestBody ?? {};
  const parameters = operation.parameters ?? [];
  const call = `${method.toUpperCase()} ${path}`;
  const good = Object.entries(operation.responses ?? {}).find(([status]) => /^2/.test(status));
  const curl = curlOf(url, { path, method, parameters, body: content?.["application/json"]?.example });
  return html`<section aria-label="${call}">
    <h3><code>${call}</code></h3>
    <p>${operation.summary}. ${operation.description ?? ""}</p>
    <ul>
      ${parameters.map(parameterLine)}
      ${content ? html`<li>body: ${schemaName(content)}</li>` : ""}
      ${good ? html`<li>answers ${good[0]}: ${good[1].description} ${schemaName(good[1].content) ?? ""}</li>` : ""}
    </ul>
    <pre tabindex="0" aria-label="${call} by curl" role="region">${curl}</pre>
  </section>`;
}

function parameterLine({ name, in: where, required, description, schema }: Parameter) {
  const says = description ?? (schema as { description?: string } | undefined)?.description;
  return html`<li><code>${name}</code> in ${where}${required ? ", required" : ""}${says ? `: ${says}` : ""}</li>`;
}

function schemaName(content: Content | undefined) {
  const schema = content?.["application/json"]?.schema as { $ref?: string } | undefined;
  if (!schema) return undefined;
  const name = schema.$ref?.split("/").at(-1);
  return name ? html`<a href="#${name}">${name}</a>` : html`<code>${JSON.stringify(schema)}</code>`;
}
