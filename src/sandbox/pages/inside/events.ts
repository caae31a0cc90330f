// Every event with every try of its delivery, and a button that sends it once more.
import { html } from "hono/html";
import type { Account } from "../../kernel/accounts.ts";
import type { StripeObject } from "../../kernel/noun.ts";
import type { PageRequest, PageRoute } from "../../kernel/pages.ts";
import { page } from "../../kernel/store.ts";
import type { AttemptRow, Inside } from "./inside.ts";
import { badge, type Html, instantText, jsonHtml, objectLink, table, twins, type View } from "./layout.ts";
import { accountAsked, accountChips, findAnywhere } from "./objects.ts";
import { type Outcome, tokenField } from "./write.ts";

const rowsMax = 100;

interface EventObject extends StripeObject {
  readonly type: string;
  readonly created: number;
  readonly pending_webhooks: number;
  readonly data: { readonly object: StripeObject };
}

interface EndpointObject extends StripeObject {
  readonly url: string;
  readonly status: string;
}

export function eventPages(inside: Inside): PageRoute[] {
  return [
    ...twins("/-/events", (request) => listEvents(inside, request)),
    ...twins("/-/events/:id", (request) => showEvent(inside, request.params.id ?? "")),
  ];
}

/** Through the API, as the CLI does it, with the key of the event's own account. */
export async function replayEvent(inside: Inside, request: PageRequest, endpoint: string): Promise<Outcome> {
  const id = request.params.id ?? "";
  const found = findAnywhere(inside, id);
  if (found?.object.object !== "event") return { refusal: `There is no event ${id}.` };
  const answer = await request.api(`/v1/events/${id}/retry`, {
    method: "POST",
    headers: { authorization: `Bearer ${found.account.key}` },
    body: new URLSearchParams({ webhook_endpoint: endpoint }).toString(),
  });
  if (answer.ok) return { json: { event: id, webhook_endpoint: endpoint }, back: `/-/events/${id}` };
  const { error } = (await answer.json()) as { error?: { message?: string } };
  return { refusal: error?.message ?? `The sandbox answered ${answer.status}.` };
}

function listEvents(inside: Inside, { url }: PageRequest): View | undefined {
  const account = accountAsked(inside, url);
  if (!account && url.searchParams.has("account")) return undefined;
  const type = url.searchParams.get("type") ?? "";
  const events = account ? eventsOf(account, type) : [];
  const attempts = Map.groupBy(inside.attempts(), ({ event }) => event);
  const rows = events.map((event) => {
    const tries = attempts.get(event.id) ?? [];
    return [
      objectLink(event.id),
      event.type,
      objectLink(event.data.object.id),
      instantText(event.created * 1000),
      triesHtml(tries),
    ];
  });
  return {
    title: "Events",
    json: {
      account: account?.id ?? null,
      data: events.map((event) => ({ event, attempts: attempts.get(event.id) ?? [] })),
    },
    body: html`${accountChips(inside, "/-/events", account)}
<form class="form" method="get"><input type="hidden" name="account" value="${account?.id ?? ""}">
<label>Type, or its beginning <input name="type" value="${type}"></label><button>Show</button></form>
<h2>The newest ${rowsMax}</h2>
${table(["Event", "Type", "Object", "Created", "Deliveries"], rows)}`,
  };
}

function eventsOf(account: Account, type: string): EventObject[] {
  const collection = account.collections.get("event");
  if (!collection) return [];
  const where = (object: StripeObject) => (object as EventObject).type.startsWith(type.replace(/\*$/, ""));
  return page(collection, { limit: rowsMax, where }).items as EventObject[]; // The collection holds events only.
}

function showEvent(inside: Inside, id: string): View | undefined {
  const found = findAnywhere(inside, id);
  if (found?.object.object !== "event") return undefined;
  const event = found.object as EventObject;
  const attempts = inside.attempts().filter((attempt) => attempt.event === id);
  const collection = found.account.collections.get("webhook_endpoint");
  const endpoints = (collection?.items.filter(Boolean) ?? []) as EndpointObject[]; // Of that collection.
  const urls = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint.url]));
  const rows = attempts.map((attempt) => [
    instantText(attempt.at),
    urls.get(attempt.endpoint) ?? attempt.endpoint,
    `try ${attempt.number}`,
    badge(attempt.outcome),
    attempt.answer,
  ]);
  return {
    title: event.type,
    json: { account: found.account.id, event, attempts },
    body: html`<p class="soft"><span class="id">${id}</span>, ${instantText(event.created * 1000)},
about ${objectLink(event.data.object.id)}; ${event.pending_webhooks} of its endpoints have not answered yet.</p>
<h2>Deliveries</h2>${table(["When", "Where", "Try", "Outcome", "Answer"], rows)}
<h2>Send it again</h2>${replayForm(inside, id, endpoints)}
<h2>The event</h2>${jsonHtml(event, (other) => other !== id && findAnywhere(inside, other) !== undefined)}`,
  };
}

function replayForm(inside: Inside, id: string, endpoints: readonly EndpointObject[]): Html {
  if (endpoints.length === 0) return html`<p class="soft">This account has no webhook endpoint.</p>`;
  const choices = endpoints.map((endpoint) => html`<option value="${endpoint.id}">${endpoint.url}</option>`);
  return html`<form class="form" method="post" action="/-/events/${id}/replay">${tokenField(inside)}
<label>Endpoint <select name="webhook_endpoint">${choices}</select></label>
<button>Replay</button></form>`;
}

function triesHtml(tries: readonly AttemptRow[]): Html {
  return html`${tries.map(({ outcome }) => html`${badge(outcome)} `)}`;
}
