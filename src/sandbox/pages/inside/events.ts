// Every event with every try of its delivery, and a button that sends it once more.
import { html } from "hono/html";
import type { Account } from "../../kernel/state/accounts.ts";
import type { Shape, StripeObject } from "../../kernel/state/noun.ts";
import { living, page } from "../../kernel/store/store.ts";
import type { PageRequest, PageRoute } from "../../kernel/wire/pages.ts";
import type { AttemptRow, Inside } from "./inside.ts";
import { badge, type Html, jsonHtml, objectLink, table, timeHtml, twins, type View } from "./layout.ts";
import { accountAsked, accountChips, findAnywhere, isKnownTo, shownTo } from "./objects/accounts.ts";
import { type Outcome, tokenField } from "./write.ts";

const rowsMax = 50; // A screen or two; the rest is a link away.

/** As the API shows it. */
interface EventObject extends StripeObject {
  readonly type: string;
  readonly created: number;
  readonly pending_webhooks: number;
  readonly data: { readonly object: Shape };
}

interface EndpointObject extends StripeObject {
  readonly url: string;
  readonly status: string;
}

export function eventPages(inside: Inside): PageRoute[] {
  return [
    ...twins("/-/events", (request) => listEvents(inside, request)),
    ...twins("/-/events/:id", (request) => showEvent(inside, request)),
  ];
}

/** Through the API, as the CLI does it, with the key of the event's own account. */
export async function replayEvent(inside: Inside, request: PageRequest, endpoint: string): Promise<Outcome> {
  const id = request.params.id ?? "";
  const found = findAnywhere(inside, id);
  if (found?.object.object !== inside.events.object) return { refusal: `There is no event ${id}.` };
  const answer = await request.api(`/v1/events/${id}/retry`, {
    method: "POST",
    headers: { authorization: `Bearer ${found.account.key}` },
    body: new URLSearchParams({ webhook_endpoint: endpoint }).toString(),
  });
  if (answer.ok) return { json: { event: id, webhook_endpoint: endpoint }, back: `/-/events/${id}?sent` };
  const { error } = (await answer.json()) as { error?: { message?: string } };
  return { refusal: error?.message ?? `The sandbox answered ${answer.status}.` };
}

function listEvents(inside: Inside, { url }: PageRequest): View | undefined {
  const account = accountAsked(inside, url);
  if (!account && url.searchParams.has("account")) return undefined;
  const type = url.searchParams.get("type") ?? "";
  const after = url.searchParams.get("starting_after") ?? undefined;
  const { events, hasMore } = account ? eventsOf(inside, account, { type, after }) : { events: [], hasMore: false };
  const query = { account: account?.id ?? "", type, starting_after: events.at(-1)?.id ?? "" };
  const next = hasMore ? `?${new URLSearchParams(query)}` : null;
  const attempts = Map.groupBy(inside.attempts(), ({ event }) => event);
  const rows = events.map((event) => [
    objectLink(event.id),
    html`<span class="whole">${event.type}</span>`,
    aboutHtml(event),
    timeHtml(event.created * 1000),
    triesHtml(attempts.get(event.id) ?? []),
  ]);
  const data = events.map((event) => ({ event, attempts: attempts.get(event.id) ?? [] }));
  const empty = type === "" ? "Nothing has happened yet." : `No event whose type begins with ${type}.`;
  return {
    title: "Events",
    json: { account: account?.id ?? null, data, next },
    body: html`<form class="form" method="get"><input type="hidden" name="account" value="${account?.id ?? ""}">
<label>Type, or its beginning <input class="long" name="type" value="${type}" placeholder="charge."></label>
<button>Show</button></form>
${accountChips(inside, "/-/events", account)}
${table(["Event", "Type", "Object", "Created (UTC)", "Deliveries"], rows, empty)}
${next ? html`<p><a href="/-/events${next}">Older</a></p>` : ""}`,
  };
}

function eventsOf(
  inside: Inside,
  account: Account,
  { type, after }: { readonly type: string; readonly after: string | undefined },
): { events: EventObject[]; hasMore: boolean } {
  const collection = account.collections.get(inside.events.object);
  if (!collection) return { events: [], hasMore: false };
  const where = (object: StripeObject) => (object as EventObject).type.startsWith(type.replace(/\*$/, ""));
  const { items, hasMore } = page(collection, { limit: rowsMax, where, startingAfter: after });
  return { events: items.map((item) => shownTo(inside, account, item) as EventObject), hasMore }; // Events only.
}

/** A balance has no id that leads anywhere. */
function aboutHtml({ data: { object } }: EventObject): Html | string {
  return object.id === undefined ? object.object : objectLink(object.id);
}

function showEvent(inside: Inside, { params, url }: PageRequest): View | undefined {
  const id = params.id ?? "";
  const found = findAnywhere(inside, id);
  if (found?.object.object !== inside.events.object) return undefined;
  const event = shownTo(inside, found.account, found.object) as EventObject; // By its `object`.
  const attempts = inside.attempts().filter((attempt) => attempt.event === id);
  const collection = found.account.collections.get(inside.endpoints.object);
  const standing = living(collection) as EndpointObject[]; // Of that collection.
  const urls = new Map(standing.map((endpoint) => [endpoint.id, endpoint.url]));
  const rows = attempts.map((attempt) => [
    timeHtml(attempt.at),
    urls.get(attempt.endpoint) ?? attempt.endpoint,
    attempt.number,
    badge(attempt.outcome),
    attempt.answer,
  ]);
  const isSent = url.searchParams.has("sent");
  return {
    title: event.type,
    json: { account: found.account.id, event, attempts },
    body: html`${
      isSent
        ? html`<p class="note" role="status">It is on its way. <a href="/-/events/${id}">See what came of it.</a></p>`
        : ""
    }<p class="soft"><span class="id">${id}</span>, ${timeHtml(event.created * 1000)} UTC,
about ${aboutHtml(event)}. ${pendingText(event.pending_webhooks)}</p>
<h2>Deliveries</h2>${table(["When (UTC)", "Where", "Try", "Outcome", "Answer"], rows, "It was sent nowhere.")}
<h2>Send it again</h2>${replayForm(inside, id, standing)}
<h2>The event</h2>${jsonHtml(event, isKnownTo(inside, id))}`,
  };
}

function pendingText(pending: number): string {
  if (pending === 0) return "No endpoint owes an answer.";
  return pending === 1 ? "One endpoint has not answered yet." : `${pending} endpoints have not answered yet.`;
}

function replayForm(inside: Inside, id: string, endpoints: readonly EndpointObject[]): Html {
  if (endpoints.length === 0)
    return html`<p class="soft">This account has no webhook endpoint: POST /v1/webhook_endpoints makes one.</p>`;
  const choices = endpoints.map((endpoint) => html`<option value="${endpoint.id}">${endpoint.url}</option>`);
  return html`<form class="form" method="post" action="/-/events/${id}/replay">${tokenField(inside)}
<label>Endpoint <select class="long" name="webhook_endpoint">${choices}</select></label>
<button>Replay</button></form>`;
}

/** Sixteen tries that ended alike are one badge. */
function triesHtml(tries: readonly AttemptRow[]): Html {
  const outcomes = Map.groupBy(tries, ({ outcome }) => outcome);
  const times = (count: number) => (count > 1 ? ` × ${count}` : "");
  return html`${[...outcomes].map(([outcome, { length }]) => html`${badge(outcome)}${times(length)} `)}`;
}
