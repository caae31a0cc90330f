// A write from a /-/ page: only with this sandbox's token, and only from this sandbox's own origin.
import { html } from "hono/html";
import type { PageRequest } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { type Html, jsonAnswer, pageAnswer } from "./layout.ts";

export type Fields = Readonly<Record<string, string>>;

/** What came of it: for programs the JSON, for browsers the page to go back to. */
export type Outcome = { readonly json: object; readonly back: string } | { readonly refusal: string };

const tokenHeader = "x-bursar-token";

export function tokenField({ token }: Inside): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}

/** Answers a POST: `work` runs only for a caller that may write. */
export async function answerWrite(
  inside: Inside,
  page: PageRequest,
  work: (fields: Fields) => Promise<Outcome> | Outcome,
): Promise<Response> {
  const { request, url } = page;
  const isJson = request.headers.get("content-type")?.startsWith("application/json") === true;
  const fields = fieldsOf(await request.text(), isJson);
  const refuse = (status: number, message: string) =>
    isJson ? jsonAnswer(status, { error: message }) : refusalPage(status, message, pageBefore(request, url));
  if (!fields) return refuse(400, "The body is not a JSON object of texts and numbers.");
  if (!isSameOrigin(request, url)) return refuse(403, "Another site asked for this.");
  if ((request.headers.get(tokenHeader) ?? fields.token) !== inside.token) {
    return refuse(403, `This needs the token of this sandbox: GET /-/token, and send it as ${tokenHeader}.`);
  }
  const { token: _token, ...rest } = fields;
  const outcome = await work(rest);
  if ("refusal" in outcome) return refuse(400, outcome.refusal);
  if (isJson) return jsonAnswer(200, outcome.json);
  return new Response(null, { status: 303, headers: { Location: outcome.back, "Cache-Control": "no-store" } });
}

/** Programs send neither header; a browser sends at least one of them with every POST. */
function isSameOrigin(request: Request, url: URL): boolean {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  return origin === null || origin === url.origin;
}

function fieldsOf(body: string, isJson: boolean): Fields | undefined {
  if (!isJson) return Object.fromEntries(new URLSearchParams(body));
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}

/** Where the form stood, when the browser tells. */
function pageBefore(request: Request, { origin }: URL): string {
  const before = URL.parse(request.headers.get("referer") ?? "");
  return before?.origin === origin && before.pathname.startsWith("/-/") ? `${before.pathname}${before.search}` : "/-/";
}

function refusalPage(status: number, message: string, back: string): Promise<Response> {
  const body = html`<p role="alert">${message}</p><p><a href="${back}">Back</a></p>`;
  return pageAnswer("/-/", status, { title: "That was refused", json: {}, body });
}
