// The frame of all /-/ pages: one look, one menu, a JSON twin for each, and no way in from other origins.
import { html } from "hono/html";
import type { PageRequest, PageRoute } from "../../kernel/wire/pages.ts";
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
  ["/-/endpoints", "Endpoints"],
  ["/-/machines", "Machines"],
  ["/-/time", "Time"],
  ["/-/faults", "Faults"],
  ["/-/methods", "Methods"],
  ["/-/keys", "Keys"],
  ["/-/coverage", "Coverage"],
  ["/-/evidence", "Evidence"],
] as const;

/** A page and its twin: `/-/objects` and `/-/objects.json`, `/-/objects/:id` and `/-/objects/:id.json`. */
export function twins(path: string, view: (page: PageRequest) => View | Response | undefined): PageRoute[] {
  const handle = async (page: PageRequest): Promise<Response> => {
    const isJson = page.url.pathname.endsWith(".json");
    const { id } = page.params;
    const params = isJson && id !== undefined ? { ...page.params, id: id.replace(/\.json$/, "") } : page.params;
    const shown = view({ ...page, params });
    if (shown instanceof Response) return shown;
    if (isJson) return shown ? jsonAnswer(200, shown.json) : jsonAnswer(404, { error: "There is no such thing here." });
    if (!shown) return pageAnswer(path, 404, nothing(id));
    return pageAnswer(path, 200, { ...shown, twin: `${page.url.pathname}.json${page.url.search}` });
  };
  const routes: PageRoute[] = [{ method: "GET", path, handle }];
  return path.endsWith(":id") ? routes : [...routes, { method: "GET", path: `${path}.json`, handle }];
}

/** The way on from where there is nothing is to look for something else. */
function nothing(id: string | undefined): View {
  return {
    title: "Nothing here",
    json: {},
    body: html`${searchForm(id)}<p class="soft" role="status">${id === undefined ? "It" : html`<b>${id}</b>`} is not in
this sandbox, or not any more. <a href="/-/objects">See what there is.</a></p>`,
  };
}

/** With what was looked for in it, to be corrected. */
export function searchForm(query = ""): Html {
  return html`<form class="form" method="get" action="/-/objects" role="search">
<label>Amount, e-mail, id or last four digits
<input class="long" name="q" type="search" value="${query}" placeholder="18.00, ada@example.com, pi_…, 4242" required>
</label><button>Find</button></form>`;
}

export function jsonAnswer(status: number, json: object): Response {
  return new Response(`${JSON.stringify(json, null, 2)}\n`, {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" },
  });
}

interface ShownView extends View {
  /** The address of the same as JSON, when there is one. */
  readonly twin?: string;
}

export async function pageAnswer(path: string, status: number, view: ShownView): Promise<Response> {
  const current = (target: string) => (path.startsWith(target) ? html` aria-current="page"` : "");
  const body = html`<header><a class="brand" href="/-/">Bursar sandbox</a><nav aria-label="Inside">
${menu.map(([target, name]) => html`<a href="${target}"${current(target)}>${name}</a>`)}
</nav></header>
<main><div class="title"><h1>${view.title}</h1>${view.twin ? html`<a href="${view.twin}">as JSON</a>` : ""}</div>
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

export type Cell = Html | string | number;

/** On a narrow screen each row becomes a block, and each cell says which column it is of. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], empty = "Nothing yet."): Html {
  if (rows.length === 0) return html`<p class="soft">${empty}</p>`;
  const cell = (content: Cell, column: number) => html`<td data-label="${heads[column]}">${content}</td>`;
  return html`<table class="rows">
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody></table>`;
}

/** In UTC, which the heading of a column says. Seconds are all that Stripe's own instants have. */
export function timeHtml(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.replace("T", " ").replace(/(\.000)?Z$/, "")}</time>`;
}

export function badge(text: string): Html {
  return html`<span class="badge ${text.replace(/\W/g, "_")}">${text}</span>`;
}

export function addressOf(id: string): string {
  return `/-/${id.startsWith("evt_") ? "events" : "objects"}/${id}`;
}

export function objectLink(id: string): Html {
  return html`<a class="id" href="${addressOf(id)}">${id}</a>`;
}

/** A text in which the ids lead on. */
export function linkedText(text: string, isKnown: (id: string) => boolean): Html {
  const parts = text.split(/([a-z]+_\w+)/);
  return html`${parts.map((part, index) => (index % 2 === 1 && isKnown(part) ? objectLink(part) : part))}`;
}

/** An object as JSON in which the ids lead on. */
export function jsonHtml(object: object, isKnown: (id: string) => boolean): Html {
  return html`<pre class="json">${linkedText(JSON.stringify(object, null, 2), isKnown)}</pre>`;
}
