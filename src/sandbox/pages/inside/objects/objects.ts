// What there is, account by account, and what is found in all of them.
import { html } from "hono/html";
import type { Account } from "../../../kernel/state/accounts.ts";
import { living, page } from "../../../kernel/store/store.ts";
import type { PageRequest, PageRoute } from "../../../kernel/wire/pages.ts";
import type { Inside } from "../inside.ts";
import { objectLink, searchForm, table, twins, type View } from "../layout.ts";
import { accountAsked, accountChips, accountsOf, shownTo } from "./accounts.ts";
import { createdHtml, statusBadge, summaryOf } from "./cells.ts";
import { showObject } from "./one.ts";
import { showFound } from "./search.ts";

const rowsMax = 50; // A screen or two; the rest is a link away.

export function objectPages(inside: Inside): PageRoute[] {
  return [
    ...twins("/-/objects", (request) => listObjects(inside, request)),
    ...twins("/-/objects/:id", (request) => showObject(inside, request.params.id ?? "")),
  ];
}

function listObjects(inside: Inside, request: PageRequest): View | Response | undefined {
  const { url } = request;
  const query = url.searchParams.get("q")?.trim();
  if (query) return showFound(inside, query, request);
  const account = accountAsked(inside, url);
  if (!account) {
    if (url.searchParams.has("account")) return undefined;
    const body = html`<p class="soft">No call has come in yet. Any key that begins with sk_test_ is an account:</p>
<pre class="json">curl ${url.origin}/v1/customers -u sk_test_mine: -d name=Ada</pre>`;
    return { title: "Objects", json: { accounts: [] }, body };
  }
  const counts = countsOf(inside, account);
  const events = inside.events.object;
  const kind = url.searchParams.get("object") ?? counts[0]?.object ?? events;
  const after = url.searchParams.get("starting_after") ?? undefined;
  const collection = account.collections.get(kind);
  const found = collection ? page(collection, { limit: rowsMax, startingAfter: after }) : { items: [], hasMore: false };
  const last = found.items.at(-1);
  const next = found.hasMore && last ? `account=${account.id}&object=${kind}&starting_after=${last.id}` : null;
  const chips = counts.map(({ object, count }) => {
    const current = object === kind ? html` aria-current="true"` : "";
    return html`<li><a href="/-/objects?account=${account.id}&object=${object}"${current}>${object} ${count}</a></li>`;
  });
  const rows = found.items.map((object) => [
    objectLink(object.id),
    statusBadge(object),
    summaryOf(object),
    createdHtml(object),
  ]);
  const accounts = accountsOf(inside).map(({ id }) => id);
  return {
    title: "Objects",
    json: {
      accounts,
      account: account.id,
      counts,
      object: kind,
      data: found.items.map((one) => shownTo(inside, account, one)),
      next: next && `?${next}`,
    },
    body: html`${searchForm()}${accountChips(inside, "/-/objects", account)}
<ul class="chips" aria-label="Kinds">${chips}</ul>
${table(["Id", "Status", "What", "Created (UTC)"], rows)}
${next ? html`<p><a href="/-/objects?${next}">Older</a></p>` : ""}`,
  };
}

/**
 * Payments first and events last: these are what most look for, and what there is most of. What the sandbox keeps for
 * itself (sums, settings) is nobody's object.
 */
function countsOf({ world, payments, events }: Inside, account: Account): { object: string; count: number }[] {
  const rank = (object: string) => (object === payments.object ? 0 : object === events.object ? 2 : 1);
  return [...account.collections]
    .filter(([object]) => world.appearances.has(object))
    .map(([object, collection]) => ({ object, count: living(collection).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => rank(a.object) - rank(b.object) || a.object.localeCompare(b.object));
}
