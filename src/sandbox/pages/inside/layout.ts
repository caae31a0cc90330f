// The frame of all /-/ pages: one look, one menu, a JSON twin for each, and no way in from other origins.
import { html } from "hono/html";
import type { PageRequest, PageRoute } from "../../kernel/pages.ts";
import { htmlResponse } from "../html_page.ts";
import { insideStyles } from "./styles.assets.ts";

export type Html = ReturnType<typeof html>;

export interface View {
  readonly title: string;
  /** The twin: everything that the page shows, for programs. */
  readonly json: object;
  readonly body: Html;
}

const menu = [
  ["/-/objects", "Objects"],
  ["/-/events", "Events"],
  ["/-/machines", "Machines"],
  ["/-/time", "Time"],
  ["/-/faults", "Faults"],
  ["/-/coverage", "Coverage"],
] as const;

/** A page and its twin: `/-/objects` and `/-/objects.json`, `/-/objects/:id` and `/-/objects/:id.json`. */
export function twins(path: string, view: (page: PageRequest) => View | undefined): PageRoute[] {
  const handle = async (page: PageRequest): Promise<Response> => {
    const isJson = page.url.pathname.endsWith(".json");
    const { id } = page.params;
    const params = isJson && id !== undefined ? { ...page.params, id: id.replace(/\.json$/, "") } : page.params;
    const shown = view({ ...page, params });
    if (isJson) return shown ? jsonAnswer(200, shown.json) : jsonAnswer(404, { error: "There is no such thing here." });
    return shown ? pageAnswer(path, shown, 200) : pageAnswer(path, nothing, 404);
  };
  const routes: PageRoute[] = [{ method: "GET", path, handle }];
  return path.endsWith(":id") ? routes : [...routes, { method: "GET", path: `${path}.json`, handle }];
}

const nothing: View = {
  title: "Nothing here",
  json: {},
  body: html`<p class="soft">There is no such thing in this sandbox, or not any more.</p>`,
};

export function jsonAnswer(status: number, json: object): Response {
  return new Response(`${JSON.stringify(json, null, 2)}\n`, {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" },
  });
}

export async function pageAnswer(path: string, view: View, status: number): Promise<Response> {
  const current = (target: string) => (path.startsWith(target) ? html` aria-current="page"` : "");
  const body = html`<header><a class="brand" href="/-/">Bursar sandbox</a><nav aria-label="Inside">
${menu.map(([target, name]) => html`<a href="${target}"${current(target)}>${name}</a>`)}
</nav></header>
<main><h1>${view.title}</h1>
${view.body}</main>`;
  const title = `${view.title} · Bursar sandbox`;
  const response = await htmlResponse({ title, styles: insideStyles, script: "", body, status });
  // Buttons here act; another site must not lay them under its own.
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  response.headers.set("Content-Security-Policy", `${policy}; form-action 'self'; frame-ancestors 'none'`);
  response.headers.set("X-Frame-Options", "DENY");
  // With no-referrer a browser would send "Origin: null" from our own forms, as it does from a foreign page.
  response.headers.set("Referrer-Policy", "same-origin");
  return response;
}

export function table(heads: readonly string[], rows: readonly (readonly (Html | string | number)[])[]): Html {
  if (rows.length === 0) return html`<p class="soft">Nothing yet.</p>`;
  return html`<div class="scroll"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

export function instantText(at: number): string {
  return new Date(at).toISOString().replace("T", " ").replace("Z", " UTC");
}

export function badge(text: string): Html {
  return html`<span class="badge ${text.replace(/\W/g, "_")}">${text}</span>`;
}

export function objectLink(id: string): Html {
  return html`<a class="id" href="${id.startsWith("evt_") ? "/-/events/" : "/-/objects/"}${id}">${id}</a>`;
}

/** An object as JSON in which the ids lead on. */
export function jsonHtml(object: object, isKnown: (id: string) => boolean): Html {
  const parts = JSON.stringify(object, null, 2).split(/"([a-z]+_\w+)"/);
  return html`<pre class="json">${parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return isKnown(part) ? html`"${objectLink(part)}"` : `"${part}"`;
  })}</pre>`;
}
